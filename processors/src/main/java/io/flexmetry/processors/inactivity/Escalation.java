package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.settings.InactivityPolicy;
import io.flexmetry.contract.topic.AtMost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was done about a silence so far. Another silence has an escalation of its own, which begins with its first step.
 *
 * @param silence what began it: {@code m} and the index of a message, or the SID of a reservation or task
 * @param since when it began, Twilio's clock
 * @param taken the time of the last steps that were taken; zero before the first
 * @param shift how much later than planned steps are, because an earlier one was late
 * @param stopped whether a step failed, after which no more are taken
 * @param pending what is being done; absent while nothing is
 */
record Escalation(
        String silence,
        Instant since,
        Duration taken,
        Duration shift,
        boolean stopped,
        @Nullable PendingStep pending) {

    static final Escalation NONE = new Escalation("", Instant.EPOCH, Duration.ZERO, Duration.ZERO, false, null);

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
    record PendingStep(
            String policy,
            @AtMost(InactivityPolicy.MOST_STEPS) List<Integer> left,
            Instant decidedAt,
            String stepId,
            @AtMost(InactivityState.MOST_TASKS + 1) Set<String> awaiting,
            long lastIndex,
            boolean closing,
            @Nullable Instant awaitedSince) {

        PendingStep awaiting(Set<String> others, boolean closes, Instant now) {
            return new PendingStep(policy, left, decidedAt, stepId, others, lastIndex, closes, now);
        }

        /** Since when something is waited for; what an earlier version stored does not say it. */
        Instant since() {
            return awaitedSince == null ? decidedAt : awaitedSince;
        }
    }

    static Escalation of(Silenced silence) {
        return new Escalation(silence.id(), silence.since(), Duration.ZERO, Duration.ZERO, false, null);
    }

    boolean isAbout(Silenced silence) {
        return this.silence.equals(silence.id());
    }

    Escalation since(Instant revised) {
        return new Escalation(silence, revised, taken, shift, stopped, pending);
    }

    Escalation with(@Nullable PendingStep other) {
        return new Escalation(silence, since, taken, shift, stopped, other);
    }

    Escalation shiftedBy(Duration late) {
        return new Escalation(silence, since, taken, shift.plus(late), stopped, pending);
    }

    Escalation taken(Duration after) {
        return new Escalation(silence, since, after, shift, stopped, null);
    }

    Escalation stop() {
        return new Escalation(silence, since, taken, shift, true, null);
    }
}
