package io.flexmetry.contract.command;

import io.flexmetry.contract.topic.AtMost;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Posts a message to the customer as the system. Idempotent: the message carries the command's id.
 *
 * @param commandId unique; the same decision always has the same id
 * @param conversationSid CH…
 * @param issuedAt time of the decision, our clock
 * @param text body of the message
 * @param lastIndex index of the last message known at the decision; a newer message ends the silence and cancels the command
 * @param chatServiceSid IS… of the conversation's service; absent until an event names it
 */
public record PostMessage(
        String commandId,
        String conversationSid,
        Instant issuedAt,
        @AtMost(1_600) String text,
        long lastIndex,
        @Nullable String chatServiceSid)
        implements ConversationCommand {}
