package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.CreateLinkedTask;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.metric.ReservationMetrics.State;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.processors.cases.Contribution;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is done with numbers that came too late for their task: one virtual task per reservation carries them, linked by
 * {@code conversation_id}, and is ended by us at once. It carries nothing that stood on the task in time, which would count
 * twice.
 *
 * @param workflowSid WW… that no worker serves
 * @param keys where numbers are written
 * @param scores whether a call's score may come: there is one task for a reservation, and so it waits for it
 */
record LateValuePolicy(String workflowSid, Keys keys, boolean scores) {

    private static final String REASON = "Carries values for Flex Insights";
    private static final String VOICE = "voice";

    /** The command to link, if the numbers of that reservation are final, came too late, and it was not commanded yet. */
    Optional<CreateLinkedTask> link(TaskState state, ReservationMetrics row, Instant now) {
        ReservationState reservation = state.reservations().get(row.reservationSid());
        if (reservation == null
                || row.state() != State.FINAL
                || state.linked().containsKey(row.reservationSid())
                || !isSettled(reservation, DesiredAttributes.of(row, keys).set())
                || waitsForScore(row, reservation)) {
            return Optional.empty();
        }
        Map<String, BigDecimal> late =
                new LinkedHashMap<>(DesiredAttributes.of(row, keys).set());
        late.entrySet().removeAll(reservation.inTime().entrySet());
        if (late.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new CreateLinkedTask(
                row.reservationSid() + "/linked",
                row.taskSid(),
                row.reservationSid(),
                now,
                workflowSid,
                reservation.linkId().orElse(row.taskSid()),
                late,
                keys.labelOfLinked(late)));
    }

    /** Whether these numbers were to be written, it is known what became of it, and it can have been too late. */
    private static boolean isSettled(ReservationState reservation, Map<String, BigDecimal> numbers) {
        Outcome outcome = reservation.outcome();
        return outcome != null
                && numbers.equals(reservation.said())
                && reservation.underWay().isEmpty()
                && (reservation.endedAt() != null || outcome.result() instanceof Result.Gone)
                && !(outcome.result() instanceof Result.Refused)
                && !(outcome.result() instanceof Result.GaveUp);
    }

    private boolean waitsForScore(ReservationMetrics row, ReservationState reservation) {
        boolean call = row.voice() != null || VOICE.equals(row.channel());
        return scores && call && !reservation.isComplete(Contribution.Feature.VOICE);
    }

    /** The command to end a linked task that is there now. */
    static Optional<ChangeTask> end(TaskState state, Outcome outcome, Instant now) {
        if (outcome.result() instanceof Result.Linked made
                && !made.taskSid().equals(state.linked().get(outcome.reservationSid()))) {
            return Optional.of(new ChangeTask(
                    outcome.reservationSid() + "/end-linked",
                    outcome.taskSid(),
                    outcome.reservationSid(),
                    now,
                    made.taskSid(),
                    ChangeTask.Status.CANCELED,
                    REASON,
                    null));
        }
        return Optional.empty();
    }
}
