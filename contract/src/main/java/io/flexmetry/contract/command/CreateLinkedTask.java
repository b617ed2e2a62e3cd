package io.flexmetry.contract.command;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Create a virtual task that carries values which came too late for their own task. Flex Insights shows both as segments
 * of one conversation. Done once, however often it is executed.
 *
 * @param commandId reservation SID and {@code /linked}; stands in the created task, by which it is found again
 * @param taskSid WT… that the values belong to
 * @param reservationSid WR… whose numbers these are
 * @param issuedAt our clock when it was decided
 * @param workflowSid WW… that no worker serves
 * @param conversationId {@code conversation_id} of the original, its SID where it has none
 * @param set the numbers, by their keys in the attributes
 * @param texts the same for texts
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

    /** The same, where an older command has no texts. */
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
