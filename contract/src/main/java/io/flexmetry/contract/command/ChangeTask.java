package io.flexmetry.contract.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Sets the assignment status of a task. Keyed by the task for which it was decided, so that it follows that task's writes.
 *
 * @param commandId unique; the same decision always has the same id
 * @param taskSid WT… of the task for which it was decided
 * @param reservationSid WR… of the reservation for which it was decided
 * @param issuedAt time of the decision, our clock
 * @param changedTaskSid WT… of the task to change: the same task, or one linked to it
 * @param status new assignment status
 * @param reason shown by Twilio as the reason
 * @param silence the silence that led to the command; absent on other commands
 */
public record ChangeTask(
        String commandId,
        String taskSid,
        String reservationSid,
        Instant issuedAt,
        String changedTaskSid,
        Status status,
        String reason,
        @Nullable Silence silence)
        implements TaskCommand {

    /** The assignment statuses that Flexmetry sets. */
    public enum Status {
        @JsonProperty("wrapping")
        WRAPPING,
        @JsonProperty("completed")
        COMPLETED,
        @JsonProperty("canceled")
        CANCELED
    }
}
