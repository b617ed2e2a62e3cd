package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.settings.InactivityPolicy;
import io.flexmetry.contract.topic.AtMost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Progress through a policy's steps in one silence. A new silence starts a new escalation at the first step.
 *
 * @param silence id of the silence, as {@link SilenceStart#id}
 * @param since when the silence started, Twilio's clock
 * @param taken {@code after} of the last steps taken; zero before the first
 * @param shift delay added to later steps, because an earlier one was late
 * @param stopped whether a step failed, which ends the escalation
 * @param pending the steps in flight; absent without any
 */
record Escalation(
        String silence,
        Instant since,
        Duration taken,
        Duration shift,
        boolean stopped,
        @Nullable PendingStep pending) {

    static final Escalation NONE = of(new SilenceStart("", Instant.EPOCH));

    /**
     * Steps with the same {@code after}, which are taken one after the other.
     *
     * @param policy name of the policy
     * @param left positions in the policy of the steps that are not settled; the first one is in flight
     * @param decidedAt when they were due, our clock
     * @param stepId id of the step in flight
     * @param awaiting SIDs of the tasks or the conversation whose outcome is still missing
     * @param lastIndex index of the last message known when the step was decided
     * @param closing whether the conversation itself is being closed, after its tasks were put into wrap-up
     * @param changedAt when {@code awaiting} last changed, our clock
     */
    record PendingStep(
            String policy,
            @AtMost(InactivityPolicy.MOST_STEPS) List<Integer> left,
            Instant decidedAt,
            String stepId,
            @AtMost(InactivityState.MOST_TASKS + 1) Set<String> awaiting,
            long lastIndex,
            boolean closing,
            Instant changedAt) {

        int position() {
            return left.get(0);
        }

        PendingStep awaiting(Set<String> others, boolean closes, Instant now) {
            return new PendingStep(policy, left, decidedAt, stepId, others, lastIndex, closes, now);
        }
    }

    static Escalation of(SilenceStart silence) {
        return new Escalation(silence.id(), silence.at(), Duration.ZERO, Duration.ZERO, false, null);
    }

    boolean isAbout(SilenceStart start) {
        return silence.equals(start.id());
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
