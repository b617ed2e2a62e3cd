package io.flexmetry.processors.conversation;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who has written in a conversation.
 *
 * @param name identity or address
 * @param participantSid MB…, if the messages say it
 * @param firstIndex of the first message
 * @param author who that is, by the evidence so far
 */
record SeenAuthor(String name, @Nullable String participantSid, long firstIndex, Author author) {

    /** The same author, from the first message on. */
    SeenAuthor earlier(SeenAuthor other) {
        return firstIndex <= other.firstIndex ? new SeenAuthor(name, participantSid, firstIndex, other.author) : other;
    }

    static String key(String name, @Nullable String participantSid) {
        return participantSid == null ? name : participantSid + "/" + name;
    }
}
