package io.flexmetry.contract.command;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Looks up messages of a conversation whose webhooks have not arrived.
 *
 * @param commandId conversation SID and the indexes
 * @param conversationSid CH…
 * @param issuedAt time of the decision, our clock
 * @param fromIndex index of the first missing message
 * @param toIndex index of the last missing message, so that there are at most {@value
 *     io.flexmetry.contract.event.Limits#MOST_LISTED}; or {@link #NEWEST}
 * @param chatServiceSid IS… of the conversation's service; absent until an event names it
 */
public record ListMessages(
        String commandId,
        String conversationSid,
        Instant issuedAt,
        long fromIndex,
        long toIndex,
        @Nullable String chatServiceSid)
        implements ConversationCommand {

    /** Value of {@code toIndex} for the newest message. */
    public static final long NEWEST = Long.MAX_VALUE;
}
