package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.CreateLinkedTask;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.metric.ReservationMetrics.State;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is done with numbers that came too late for their task: one virtual task per reservation carries them, linked by
 * {@code conversation_id}, and is ended by us at once.
 */
record Late(String workflowSid, List<Map.Entry<Metric, String>> keys) {

    private static final String REASON = "Carries values for Flex Insights";

    /** The command to link, if the numbers of that reservation are final, came too late, and it was not commanded yet. */
    Optional<CreateLinkedTask> link(TaskState state, ReservationMetrics row, Instant now) {
        ReservationState reservation = state.reservations().get(row.reservationSid());
        Map<String, BigDecimal> numbers = Standing.of(row, keys).set();
        if (reservation == null
                || row.state() != State.FINAL
                || numbers.isEmpty()
                || state.linked().containsKey(row.reservationSid())
                || !isLate(state, reservation.outcome())) {
            return Optional.empty();
        }
        return Optional.of(new CreateLinkedTask(
                row.reservationSid() + "/linked",
                row.taskSid(),
                row.reservationSid(),
                now,
                workflowSid,
                reservation.linkId().orElse(row.taskSid()),
                numbers));
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

    /** The outcome of the last write: an earlier one says nothing about the numbers of now. */
    private static boolean isLate(TaskState state, @Nullable Outcome outcome) {
        if (outcome == null || !(outcome.result() instanceof Result.Late || outcome.result() instanceof Result.Gone)) {
            return false;
        }
        WriteAttributes last = state.lastCommand();
        return last == null
                || !last.reservationSid().equals(outcome.reservationSid())
                || last.commandId().equals(outcome.commandId());
    }
}
