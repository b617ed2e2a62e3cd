package io.flexmetry.processors.writeback;

import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.TaskActionRequest;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that is being carried out.
 *
 * @param request what is requested
 * @param stage how far it is
 * @param reservations that were open when the request came
 * @param deadline until when the last numbers or an outcome are waited for
 * @param outcome of the last command
 */
record PendingTaskAction(
        TaskActionRequest request,
        Stage stage,
        @AtMost(TaskState.MOST_RESERVATIONS) Set<String> reservations,
        @Nullable Instant deadline,
        @Nullable Outcome outcome) {

    /** How far a request is. */
    enum Stage {
        /** Nothing is commanded yet. */
        NEW,
        /** Its first or only command is in flight. */
        COMMANDED,
        /** The task is in wrap-up, and its last numbers are still to come. */
        FINISHING,
        /** The completion is in flight. */
        COMPLETING,
        /** Its outcome is known. */
        SETTLED
    }

    /** A command is in flight; its outcome is waited for until then. */
    PendingTaskAction commanded(Stage next, Instant lostAt) {
        return new PendingTaskAction(request, next, reservations, lostAt, outcome);
    }

    /** The command in flight; absent without one. */
    @Nullable
    ActionPart inFlight() {
        return switch (stage) {
            case COMMANDED -> request.action().ends() ? ActionPart.WRAPPING : ActionPart.CHANNEL;
            case COMPLETING -> ActionPart.COMPLETED;
            case NEW, FINISHING, SETTLED -> null;
        };
    }

    /** Whether a command is the one in flight. The outcome of a command that was settled before is a duplicate. */
    boolean awaits(String commandId) {
        ActionPart part = inFlight();
        return part != null && commandId.equals(part.idIn(request));
    }

    /** Whether the last numbers or an outcome did not come in time. */
    boolean isOverdue(Instant now) {
        return deadline != null && !now.isBefore(deadline);
    }

    PendingTaskAction finishingUntil(Instant end) {
        return new PendingTaskAction(request, Stage.FINISHING, reservations, end, outcome);
    }

    PendingTaskAction settled(Outcome how) {
        return new PendingTaskAction(request, Stage.SETTLED, reservations, deadline, how);
    }
}
