package io.flexmetry.processors.conversation;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is said in a conversation, as far as another feature needs it.
 *
 * @param lastIndex of the last message; −1 without any
 * @param lastMessages who spoke last
 * @param firstReplies when each reservation's agent wrote first, by reservation SID
 * @param internal whether colleagues talk to each other here
 * @param chatServiceSid IS… of the service that the conversation belongs to; absent while nobody has named it
 */
public record ConversationSnapshot(
        long lastIndex,
        LastMessages lastMessages,
        Map<String, Instant> firstReplies,
        boolean internal,
        @Nullable String chatServiceSid) {

    /** Nothing yet. */
    public static final ConversationSnapshot NONE =
            new ConversationSnapshot(-1, LastMessages.NONE, Map.of(), false, null);
}
