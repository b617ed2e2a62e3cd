package io.flexmetry.contract.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Move a task to another assignment status. Keyed by the task that it is done for, so that it comes after that one's
 * writes.
 *
 * @param commandId unique, the same for the same decision
 * @param taskSid WT… that it is done for
 * @param reservationSid WR… that it is done for
 * @param issuedAt our clock when it was decided
 * @param changedTaskSid WT… that is moved: the same, or one that is linked to it
 * @param status where to
 * @param reason Twilio shows it as the reason
 * @param silence the silence that it is done about; absent when it is not about any
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

    /** Assignment statuses that we set. */
    public enum Status {
        @JsonProperty("wrapping")
        WRAPPING,
        @JsonProperty("completed")
        COMPLETED,
        @JsonProperty("canceled")
        CANCELED
    }
}
