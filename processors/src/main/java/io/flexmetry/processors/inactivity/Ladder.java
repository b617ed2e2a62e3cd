package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.settings.InactivityPolicy;
import io.flexmetry.contract.topic.AtMost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was done about a silence so far. Another silence has a ladder of its own, which begins at the bottom.
 *
 * @param silence what began it: {@code m} and the index of a message, or the SID of a reservation or task
 * @param since when it began, Twilio's clock
 * @param taken the time of the last steps that were taken; zero before the first
 * @param shift how much later than planned steps are, because an earlier one was late
 * @param stopped whether a step failed, after which no more are taken
 * @param rung what is being done; absent while nothing is
 */
record Ladder(
        String silence,
        Instant since,
        Duration taken,
        Duration shift,
        boolean stopped,
        @Nullable Rung rung) {

    static final Ladder NONE = new Ladder("", Instant.EPOCH, Duration.ZERO, Duration.ZERO, false, null);

    /**
     * Steps of the same time, which are taken one after the other.
     *
     * @param policy name of the policy
     * @param left positions of the steps that are not settled, in the policy; the first one is under way
     * @param decidedAt our clock when they were due
     * @param stepId of the one under way
     * @param awaiting SIDs of the tasks or the conversation of which it is not known yet what became of it
     * @param lastIndex of the last message that was known when it began
     * @param closing whether the conversation itself is being closed, its tasks being in wrap-up already
     * @param awaitedSince when what is waited for changed last, our clock
     */
    record Rung(
            String policy,
            @AtMost(InactivityPolicy.MOST_STEPS) List<Integer> left,
            Instant decidedAt,
            String stepId,
            @AtMost(Scene.MOST_TASKS + 1) Set<String> awaiting,
            long lastIndex,
            boolean closing,
            @Nullable Instant awaitedSince) {

        Rung awaiting(Set<String> others, boolean closes, Instant now) {
            return new Rung(policy, left, decidedAt, stepId, others, lastIndex, closes, now);
        }

        /** Since when something is waited for; what an earlier version stored does not say it. */
        Instant since() {
            return awaitedSince == null ? decidedAt : awaitedSince;
        }
    }

    static Ladder of(Silenced silence) {
        return new Ladder(silence.id(), silence.since(), Duration.ZERO, Duration.ZERO, false, null);
    }

    boolean isAbout(Silenced silence) {
        return this.silence.equals(silence.id());
    }

    Ladder since(Instant revised) {
        return new Ladder(silence, revised, taken, shift, stopped, rung);
    }

    Ladder with(@Nullable Rung other) {
        return new Ladder(silence, since, taken, shift, stopped, other);
    }

    Ladder shiftedBy(Duration late) {
        return new Ladder(silence, since, taken, shift.plus(late), stopped, rung);
    }

    Ladder taken(Duration after) {
        return new Ladder(silence, since, after, shift, stopped, null);
    }

    Ladder stop() {
        return new Ladder(silence, since, taken, shift, true, null);
    }
}
