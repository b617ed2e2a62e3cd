package io.flexmetry.processors.voice;

import io.flexmetry.contract.voice.CallDescription;
import io.flexmetry.contract.voice.CallMeans;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call.
 *
 * @param leg whose it is; absent until that is known
 * @param found samples that were asked for
 * @param sent samples that Twilio sent by itself
 * @param means how it sounded as a whole, if a summary told
 * @param description what it was like, if that was told
 * @param rolling how it sounds at the moment
 * @param lookups how often Twilio was asked
 * @param failed whether the last answer is missing or says nothing
 * @param giveUpAt when no score is waited for any more; absent until the agent's work is over
 * @param wakeAt when something is to be done; absent when nothing is
 * @param verdict what came of it; absent until then
 */
record Call(
        @Nullable Leg leg,
        Totals found,
        Totals sent,
        @Nullable CallMeans means,
        @Nullable CallDescription description,
        Rolling rolling,
        int lookups,
        boolean failed,
        @Nullable Instant giveUpAt,
        @Nullable Instant wakeAt,
        @Nullable Verdict verdict) {

    static final Call NEW =
            new Call(null, Totals.NONE, Totals.NONE, null, null, Rolling.NONE, 0, false, null, null, null);

    /**
     * What came of it.
     *
     * @param at our clock
     * @param reason why there is no score; absent with one
     * @param detail what Twilio said to that
     */
    record Verdict(
            Instant at, @Nullable String reason, @Nullable String detail) {}

    Call with(Leg other) {
        return new Call(other, found, sent, means, description, rolling, lookups, failed, giveUpAt, wakeAt, verdict);
    }

    Call found(Totals all) {
        return new Call(leg, all, sent, means, description, rolling, lookups, false, giveUpAt, wakeAt, verdict);
    }

    Call sent(Totals all, Rolling moment) {
        return new Call(leg, found, all, means, description, moment, lookups, failed, giveUpAt, wakeAt, verdict);
    }

    Call described(CallDescription other) {
        return new Call(leg, found, sent, means, other, rolling, lookups, failed, giveUpAt, wakeAt, verdict);
    }

    Call with(CallMeans other) {
        return new Call(leg, found, sent, other, description, rolling, lookups, failed, giveUpAt, wakeAt, verdict);
    }

    Call asked(Instant wake) {
        return new Call(leg, found, sent, means, description, rolling, lookups + 1, true, giveUpAt, wake, verdict);
    }

    /** So many look-ups were done, by a state that was dropped since. */
    Call askedBefore(int times) {
        return times <= lookups
                ? this
                : new Call(leg, found, sent, means, description, rolling, times, true, giveUpAt, wakeAt, verdict);
    }

    Call closing(Instant givesUp, Instant wake) {
        return new Call(leg, found, sent, means, description, rolling, lookups, failed, givesUp, wake, verdict);
    }

    Call wakeAt(@Nullable Instant wake) {
        return new Call(leg, found, sent, means, description, rolling, lookups, failed, giveUpAt, wake, verdict);
    }

    Call answered() {
        return new Call(leg, found, sent, means, description, rolling, lookups, false, giveUpAt, wakeAt, verdict);
    }

    Call with(Verdict other) {
        return new Call(leg, found, sent, means, description, rolling, lookups, failed, giveUpAt, null, other);
    }

    /** Samples that were asked for, unless Twilio has sent more of them. */
    Totals samples() {
        return takesFound() ? found : sent;
    }

    /** Whether those that were asked for are taken. */
    boolean takesFound() {
        return found.scores().count() >= sent.scores().count();
    }

    boolean hasScore() {
        return samples().hasScore() || (means != null && means.mos() != null);
    }
}
