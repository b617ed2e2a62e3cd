package io.flexmetry.processors.conversation;

import io.flexmetry.processors.cases.Compact;
import org.jspecify.annotations.Nullable;

/**
 * An author of messages in a conversation.
 *
 * @param name identity or address
 * @param participantSid MB…, if the messages name it
 * @param firstIndex of the author's first message
 * @param author the role, by the evidence so far
 */
@Compact
record SeenAuthor(String name, @Nullable String participantSid, long firstIndex, Author author) {

    /** The same author with the lower first index and the newer role. */
    SeenAuthor earlier(SeenAuthor other) {
        return firstIndex <= other.firstIndex ? new SeenAuthor(name, participantSid, firstIndex, other.author) : other;
    }

    static String key(String name, @Nullable String participantSid) {
        return participantSid == null ? name : participantSid + "/" + name;
    }
}
