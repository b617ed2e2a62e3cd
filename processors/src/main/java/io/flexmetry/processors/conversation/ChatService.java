package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ParticipantFact;
import org.jspecify.annotations.Nullable;

/** The Conversations service of a conversation, which never changes. Not every webhook names it, and Event Streams never do. */
final class ChatService {

    private static final String PREFIX = "IS";
    private static final String PLACEHOLDER = PREFIX + "0".repeat(32);

    private ChatService() {}

    /** The service that a fact names; absent without one, or where it is a placeholder. */
    static @Nullable String named(Fact fact) {
        String sid = null;
        if (fact instanceof MessageFact message) {
            sid = message.chatServiceSid();
        } else if (fact instanceof ParticipantFact participant) {
            sid = participant.chatServiceSid();
        } else if (fact instanceof ConversationFact conversation) {
            sid = conversation.chatServiceSid();
        }
        return sid == null || !sid.startsWith(PREFIX) || sid.equals(PLACEHOLDER) ? null : sid;
    }

    /** Twilio names only one. Of two the first by name counts, in any order. */
    static @Nullable String merge(@Nullable String a, @Nullable String b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.compareTo(b) <= 0 ? a : b;
    }
}
