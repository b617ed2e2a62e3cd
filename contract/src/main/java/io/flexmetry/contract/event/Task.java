package io.flexmetry.contract.event;

import io.flexmetry.contract.topic.AtMost;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The task of an event, with the data that the event contains.
 *
 * @param taskSid WT…
 * @param version {@code TaskVersion}: rises with every change of the task
 * @param channel unique name of the task channel, such as {@code chat} or {@code voice}
 * @param queueName name of the queue
 * @param conversationSid CH… from the task's attributes ({@code conversationSid}, or {@code channelSid} of legacy Programmable Chat);
 *     absent on voice and custom tasks
 * @param linkId {@code conversations.conversation_id} of the task's attributes, by which Flex Insights joins segments
 * @param workflowName name of the workflow
 * @param interaction the Flex interaction that the task belongs to; absent if there is none
 * @param attributes only the text attributes that a configured policy matches
 */
public record Task(
        String taskSid,
        @Nullable Integer version,
        @Nullable String channel,
        @Nullable String queueName,
        @Nullable String conversationSid,
        @Nullable String linkId,
        @Nullable String workflowName,
        @Nullable Interaction interaction,

        @AtMost(value = Limits.MOST_ATTRIBUTES, key = Limits.MOST_ATTRIBUTE_NAME)
        Map<String, String> attributes) {

    /** Reads events of earlier versions, which have no attributes for policies. */
    public Task(
            String taskSid,
            @Nullable Integer version,
            @Nullable String channel,
            @Nullable String queueName,
            @Nullable String conversationSid,
            @Nullable String linkId,
            @Nullable String workflowName,
            @Nullable Interaction interaction,
            @Nullable Map<String, String> attributes) {
        this.taskSid = taskSid;
        this.version = version;
        this.channel = channel;
        this.queueName = queueName;
        this.conversationSid = conversationSid;
        this.linkId = linkId;
        this.workflowName = workflowName;
        this.interaction = interaction;
        this.attributes = attributes == null ? Map.of() : Map.copyOf(attributes);
    }

    /** A copy with another conversation, or none. */
    public Task about(@Nullable String otherConversationSid) {
        return new Task(
                taskSid,
                version,
                channel,
                queueName,
                otherConversationSid,
                linkId,
                workflowName,
                interaction,
                attributes);
    }

    /**
     * A channel of a Flex interaction.
     *
     * @param interactionSid KD…
     * @param channelSid UO…
     */
    public record Interaction(String interactionSid, String channelSid) {}
}
