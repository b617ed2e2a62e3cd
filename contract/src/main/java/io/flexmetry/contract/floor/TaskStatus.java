package io.flexmetry.contract.floor;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a task is at this moment. Keyed by the task; a later status replaces an earlier one, and a tombstone follows a day after its
 * end. Times are Twilio's.
 *
 * @param taskSid WT…
 * @param stage how far the work on it is; of several reservations the one that is furthest from its end counts
 * @param since when that stage began
 * @param createdAt when the task was created; absent until it is known
 * @param acceptedAt when somebody accepted it first; absent until then
 * @param workerSid WK… whose it is, or to whom it is offered; absent while it waits
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

    /** Whether nobody works on it. An offer to a second worker, in a warm transfer, leaves the first one at work. */
    public boolean isWaiting() {
        return stage == Stage.WAITING || (stage == Stage.OFFERED && acceptedAt == null);
    }

    /** Whether somebody works on it, wrap-up left out. */
    public boolean isWorkedOn() {
        return stage == Stage.ASSIGNED || (stage == Stage.OFFERED && acceptedAt != null);
    }

    /** From when it waits: from its creation, or from when nobody had it any more. */
    public Instant waitsSince() {
        return createdAt == null || acceptedAt != null ? since : createdAt;
    }
}
