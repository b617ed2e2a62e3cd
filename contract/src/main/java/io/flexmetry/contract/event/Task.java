package io.flexmetry.contract.event;

import org.jspecify.annotations.Nullable;

/**
 * The task that an event is about, as far as the event tells.
 *
 * @param taskSid WT…
 * @param version {@code TaskVersion}: rises with every change of the task
 * @param channel unique name of the task channel, such as {@code chat} or {@code voice}
 * @param queueName name of the queue
 * @param conversationSid CH… from the task's attributes ({@code conversationSid}, or {@code channelSid} of legacy
 *     Programmable Chat); absent on voice and custom tasks
 * @param linkId {@code conversations.conversation_id} of the task's attributes, by which Flex Insights joins segments
 */
public record Task(
        String taskSid,
        @Nullable Integer version,
        @Nullable String channel,
        @Nullable String queueName,
        @Nullable String conversationSid,
        @Nullable String linkId) {}
