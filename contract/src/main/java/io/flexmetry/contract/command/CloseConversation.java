package io.flexmetry.contract.command;

import io.flexmetry.contract.event.Task;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Close the interaction's channel where there is one, otherwise the conversation.
 *
 * @param commandId unique, the same for the same decision
 * @param conversationSid CH…
 * @param issuedAt our clock when it was decided
 * @param interaction whose channel it is; absent without one
 * @param lastIndex of the last message that was known; a newer one means that nobody is silent any more
 * @param chatServiceSid IS… of the conversation's service; absent while nobody has named it
 */
public record CloseConversation(
        String commandId,
        String conversationSid,
        Instant issuedAt,
        Task.@Nullable Interaction interaction,
        long lastIndex,
        @Nullable String chatServiceSid)
        implements ConversationCommand {}
