package io.flexmetry.contract.command;

import io.flexmetry.contract.topic.AtMost;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tell the customer something, as the system. Done once, however often it is executed: the message carries the command's
 * id.
 *
 * @param commandId unique, the same for the same decision
 * @param conversationSid CH…
 * @param issuedAt our clock when it was decided
 * @param text what is said
 * @param lastIndex of the last message that was known; a newer one means that nobody is silent any more
 * @param chatServiceSid IS… of the conversation's service; absent while nobody has named it
 */
public record PostMessage(
        String commandId,
        String conversationSid,
        Instant issuedAt,
        @AtMost(1_600) String text,
        long lastIndex,
        @Nullable String chatServiceSid)
        implements ConversationCommand {}
