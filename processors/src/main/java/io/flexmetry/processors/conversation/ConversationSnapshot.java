package io.flexmetry.processors.conversation;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a conversation after all its messages, for other features.
 *
 * @param lastIndex of the last message; −1 without any
 * @param lastMessages the last messages of each side
 * @param firstReplies time of the agent's first message, by reservation SID
 * @param internal whether it is a chat between colleagues
 * @param chatServiceSid IS… of its Conversations service; absent until an event names it
 */
public record ConversationSnapshot(
        long lastIndex,
        LastMessages lastMessages,
        Map<String, Instant> firstReplies,
        boolean internal,
        @Nullable String chatServiceSid) {

    /** No messages. */
    public static final ConversationSnapshot NONE =
            new ConversationSnapshot(-1, LastMessages.NONE, Map.of(), false, null);
}
