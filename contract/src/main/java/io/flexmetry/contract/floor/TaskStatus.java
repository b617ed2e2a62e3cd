package io.flexmetry.contract.floor;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The current status of a task. Keyed by the task; a later status replaces an earlier one, and a tombstone follows a day after the task's
 * end. Times are Twilio's.
 *
 * @param taskSid WT…
 * @param stage current stage; with several reservations, the one furthest from its end counts
 * @param since when the stage began
 * @param createdAt when the task was created; absent if unknown
 * @param acceptedAt when it was first accepted; absent until then
 * @param workerSid WK… of the worker who has it or to whom it is offered; absent while it waits
 * @param channel unique name of the task channel
 * @param queueName name of the queue
 * @param workflowName name of the workflow
 * @param conversationSid CH… of a messaging task
 */
public record TaskStatus(
        String taskSid,
        Stage stage,
        Instant since,
        @Nullable Instant createdAt,
        @Nullable Instant acceptedAt,
        @Nullable String workerSid,
        @Nullable String channel,
        @Nullable String queueName,
        @Nullable String workflowName,
        @Nullable String conversationSid) {

    /** Whether nobody works on it. During a warm transfer, the offer to a second worker does not count: the first one still works on it. */
    public boolean isWaiting() {
        return stage == Stage.WAITING || (stage == Stage.OFFERED && acceptedAt == null);
    }

    /** Whether somebody works on it; wrap-up does not count. */
    public boolean isWorkedOn() {
        return stage == Stage.ASSIGNED || (stage == Stage.OFFERED && acceptedAt != null);
    }

    /** Start of the wait: the creation, or when the last worker left it. */
    public Instant waitsSince() {
        return createdAt == null || acceptedAt != null ? since : createdAt;
    }
}
