package io.flexmetry.contract.command;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

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
 */
public record CreateLinkedTask(
        String commandId,
        String taskSid,
        String reservationSid,
        Instant issuedAt,
        String workflowSid,
        String conversationId,
        Map<String, BigDecimal> set)
        implements TaskCommand {}
