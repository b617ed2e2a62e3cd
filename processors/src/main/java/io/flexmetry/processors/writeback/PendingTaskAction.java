package io.flexmetry.processors.writeback;

import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.TaskActionRequest;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far a request is carried out.
 *
 * @param request what is wanted
 * @param stage where it is
 * @param reservations that were open when it came
 * @param deadline until when the last numbers, or what became of a command, are waited for
 * @param outcome of the last command
 */
record PendingTaskAction(
        TaskActionRequest request,
        Stage stage,
        @AtMost(TaskState.MOST_RESERVATIONS) Set<String> reservations,
        @Nullable Instant deadline,
        @Nullable Outcome outcome) {

    /** Where a request can be. */
    enum Stage {
        /** It has just come. */
        NEW,
        /** Its first, or only, command is under way. */
        COMMANDED,
        /** The task is in wrap-up, its last numbers are on their way. */
        FINISHING,
        /** Its completion is under way. */
        COMPLETING,
        /** It is over. */
        SETTLED
    }

    /** A command is under way; by then it is settled, or nobody waits for it any more. */
    PendingTaskAction commanded(Stage next, Instant lostAt) {
        return new PendingTaskAction(request, next, reservations, lostAt, outcome);
    }

    /** Whether a command was under way for so long that its outcome is not waited for any more. */
    boolean isLost(Instant now) {
        return (stage == Stage.COMMANDED || stage == Stage.COMPLETING) && deadline != null && !now.isBefore(deadline);
    }

    PendingTaskAction finishingUntil(Instant end) {
        return new PendingTaskAction(request, Stage.FINISHING, reservations, end, outcome);
    }

    PendingTaskAction settled(Outcome how) {
        return new PendingTaskAction(request, Stage.SETTLED, reservations, deadline, how);
    }
}
