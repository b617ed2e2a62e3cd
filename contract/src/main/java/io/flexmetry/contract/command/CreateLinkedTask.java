package io.flexmetry.contract.command;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Creates a virtual task for values that came too late for their own task. Flex Insights shows both tasks as segments of one
 * conversation. Idempotent: the created task contains the command's id.
 *
 * @param commandId reservation SID followed by {@code /linked}; stored in the created task, so that a retry finds it
 * @param taskSid WT… of the task to which the values belong
 * @param reservationSid WR… of the reservation to which the values belong
 * @param issuedAt time of the decision, our clock
 * @param workflowSid WW… of a workflow without workers
 * @param conversationId {@code conversation_id} of the original task, or its SID if it has none
 * @param set numbers by attribute key
 * @param texts texts by attribute key
 */
public record CreateLinkedTask(
        String commandId,
        String taskSid,
        String reservationSid,
        Instant issuedAt,
        String workflowSid,
        String conversationId,

        @AtMost(value = Limits.MOST_KEYS, key = Limits.MOST_KEY)
        Map<String, BigDecimal> set,

        @AtMost(value = 4, key = Limits.MOST_KEY) Map<String, String> texts)
        implements TaskCommand {

    /** Reads commands of earlier versions, which have no texts. */
    public CreateLinkedTask(
            String commandId,
            String taskSid,
            String reservationSid,
            Instant issuedAt,
            String workflowSid,
            String conversationId,
            Map<String, BigDecimal> set,
            @Nullable Map<String, String> texts) {
        this.commandId = commandId;
        this.taskSid = taskSid;
        this.reservationSid = reservationSid;
        this.issuedAt = issuedAt;
        this.workflowSid = workflowSid;
        this.conversationId = conversationId;
        this.set = set;
        this.texts = texts == null ? Map.of() : texts;
    }
}
