package io.flexmetry.contract.command;

import io.flexmetry.contract.event.Task;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Closes the interaction's channel if there is one, otherwise the conversation.
 *
 * @param commandId unique; the same decision always has the same id
 * @param conversationSid CH…
 * @param issuedAt time of the decision, our clock
 * @param interaction interaction and channel to close; absent if the conversation belongs to none
 * @param lastIndex index of the last message known at the decision; a newer message ends the silence and cancels the command
 * @param chatServiceSid IS… of the conversation's service; absent until an event names it
 */
public record CloseConversation(
        String commandId,
        String conversationSid,
        Instant issuedAt,
        Task.@Nullable Interaction interaction,
        long lastIndex,
        @Nullable String chatServiceSid)
        implements ConversationCommand {}
