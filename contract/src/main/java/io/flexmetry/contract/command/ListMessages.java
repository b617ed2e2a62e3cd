package io.flexmetry.contract.command;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Look up messages of a conversation whose webhooks have not come.
 *
 * @param commandId conversation SID and the indexes
 * @param conversationSid CH…
 * @param issuedAt our clock when it was decided
 * @param fromIndex the first missing message
 * @param toIndex the last missing message, {@link io.flexmetry.contract.event.Limits#MOST_LISTED} at most; or {@link #NEWEST}
 * @param chatServiceSid IS… of the conversation's service; absent while nobody has named it
 */
public record ListMessages(
        String commandId,
        String conversationSid,
        Instant issuedAt,
        long fromIndex,
        long toIndex,
        @Nullable String chatServiceSid)
        implements ConversationCommand {

    /** As {@code toIndex}: the newest message that there is. */
    public static final long NEWEST = Long.MAX_VALUE;
}
