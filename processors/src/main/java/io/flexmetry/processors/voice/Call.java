package io.flexmetry.processors.voice;

import io.flexmetry.contract.voice.CallDescription;
import io.flexmetry.contract.voice.CallMeans;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * State of a call.
 *
 * @param leg the agent's leg; absent until it is known
 * @param found totals of the samples in the answer to a look-up
 * @param sent totals of the samples that Twilio's Event Streams sent
 * @param means averages from a call summary that has a score; absent without one
 * @param description properties of the call; absent until reported
 * @param recent scores of the newest samples
 * @param lookups number of look-ups
 * @param failed whether the last look-up has no usable answer, or none yet
 * @param giveUpAt when waiting for a score ends; absent until the agent's work is over
 * @param wakeAt when the rules decide again without an event; absent if only an event can change the decision
 * @param verdict the result; absent until there is one
 */
record Call(
        @Nullable Leg leg,
        Totals found,
        Totals sent,
        @Nullable CallMeans means,
        @Nullable CallDescription description,
        RecentScores recent,
        int lookups,
        boolean failed,
        @Nullable Instant giveUpAt,
        @Nullable Instant wakeAt,
        @Nullable Verdict verdict) {

    static final Call NEW =
            new Call(null, Totals.NONE, Totals.NONE, null, null, RecentScores.NONE, 0, false, null, null, null);

    /**
     * The result.
     *
     * @param at our clock
     * @param reason why there is no score; absent with one
     * @param detail Twilio's error message, if there is one
     */
    record Verdict(
            Instant at, @Nullable String reason, @Nullable String detail) {}

    Call with(Leg other) {
        return new Call(other, found, sent, means, description, recent, lookups, failed, giveUpAt, wakeAt, verdict);
    }

    Call found(Totals all) {
        return new Call(leg, all, sent, means, description, recent, lookups, false, giveUpAt, wakeAt, verdict);
    }

    Call sent(Totals all, RecentScores scores) {
        return new Call(leg, found, all, means, description, scores, lookups, failed, giveUpAt, wakeAt, verdict);
    }

    /** A complete description replaces any other; an incomplete one only an incomplete one. */
    Call with(CallDescription other) {
        return other.complete() || description == null || !description.complete()
                ? new Call(leg, found, sent, means, other, recent, lookups, failed, giveUpAt, wakeAt, verdict)
                : this;
    }

    Call with(CallMeans other) {
        return new Call(leg, found, sent, other, description, recent, lookups, failed, giveUpAt, wakeAt, verdict);
    }

    Call lookedUp(int times, @Nullable Instant wake) {
        return new Call(leg, found, sent, means, description, recent, times, true, giveUpAt, wake, verdict);
    }

    Call closing(Instant givesUp, Instant wake) {
        return new Call(leg, found, sent, means, description, recent, lookups, failed, givesUp, wake, verdict);
    }

    Call answered(Instant nextLookup) {
        return new Call(leg, found, sent, means, description, recent, lookups, false, giveUpAt, nextLookup, verdict);
    }

    Call with(Verdict other) {
        return new Call(leg, found, sent, means, description, recent, lookups, failed, giveUpAt, null, other);
    }

    /** The samples that count: those of a look-up, unless Twilio sent more. */
    Totals samples() {
        return countsFound() ? found : sent;
    }

    /** Whether the samples of a look-up count. */
    boolean countsFound() {
        return found.scores().count() >= sent.scores().count();
    }

    boolean hasScore() {
        return samples().hasScore() || means != null;
    }
}
