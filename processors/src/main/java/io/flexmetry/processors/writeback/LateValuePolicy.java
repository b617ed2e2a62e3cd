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
 * Numbers that come too late for their task go into a virtual task, one for each reservation. It is linked by {@code
 * conversation_id}, and we end it at once. It does not carry numbers that were on the task in time: they would count twice.
 *
 * @param workflowSid WW… that no worker serves
 * @param keys where numbers are written
 * @param scores whether calls get a score: the linked task waits for it, because a reservation has only one
 */
record LateValuePolicy(String workflowSid, Keys keys, boolean scores) {

    private static final String REASON = "Carries values for Flex Insights";
    private static final String VOICE = "voice";

    /** The command to link, if a reservation's numbers are final and came too late, and it was not commanded before. */
    Optional<CreateLinkedTask> link(ReservationState reservation, ReservationMetrics row, Instant now) {
        if (row.state() != State.FINAL
                || reservation.linkedTaskSid() != null
                || !canBeLate(reservation)
                || waitsForScore(row, reservation)) {
            return Optional.empty();
        }
        Map<String, BigDecimal> numbers = DesiredAttributes.of(row, keys).set();
        Map<String, BigDecimal> late = new LinkedHashMap<>(numbers);
        late.entrySet().removeAll(reservation.writes().inTime().entrySet());
        if (late.isEmpty()
                || !WriteId.content(numbers).equals(reservation.writes().finalNumbers())) {
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

    /** Whether all its writes are settled, and the last one can have been too late. */
    private static boolean canBeLate(ReservationState reservation) {
        RowFacts.Settled outcome = reservation.facts().outcome();
        return outcome != null
                && reservation.writes().inFlight().isEmpty()
                && (reservation.window().endedAt() != null || outcome.result() instanceof Result.Gone)
                && !(outcome.result() instanceof Result.Refused)
                && !(outcome.result() instanceof Result.GaveUp);
    }

    private boolean waitsForScore(ReservationMetrics row, ReservationState reservation) {
        boolean call = row.voice() != null || VOICE.equals(row.channel());
        return scores && call && !reservation.facts().isComplete(Contribution.Feature.VOICE);
    }

    /** The command to end a linked task that was created. */
    static Optional<ChangeTask> end(TaskState state, Outcome outcome, Instant now) {
        if (outcome.result() instanceof Result.Linked made
                && !made.taskSid()
                        .equals(state.reservation(outcome.reservationSid()).linkedTaskSid())) {
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
