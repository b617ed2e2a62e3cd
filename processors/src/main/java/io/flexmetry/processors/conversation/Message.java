package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a message. The newest text counts; once removed it stays removed.
 *
 * @param index place in the conversation
 * @param createdAt when it was sent
 * @param author identity or address of the sender
 * @param participantSid MB… of the sender, if it is a participant
 * @param textLength UTF-16 code units, absent without text
 * @param mediaCount attached files
 * @param changedAt when the text became this one
 * @param removed whether it was taken back
 */
record Message(
        long index,
        Instant createdAt,
        String author,
        @Nullable String participantSid,
        @Nullable Integer textLength,
        int mediaCount,
        Instant changedAt,
        boolean removed) {

    private static final Comparator<Message> NEWNESS = Comparator.comparing(Message::changedAt)
            .thenComparing(Message::textLength, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Message::mediaCount)
            .thenComparing(Message::author);

    static Message of(Event event, MessageFact fact) {
        return new Message(
                fact.index(),
                fact.createdAt(),
                fact.author(),
                fact.participantSid(),
                fact.textLength(),
                fact.mediaCount(),
                event.occurredAt(),
                fact.change() == MessageFact.Change.REMOVED);
    }

    /** Both pieces of knowledge as one; order and repetition do not matter. */
    Message merge(Message other) {
        Message newest = NEWNESS.compare(this, other) >= 0 ? this : other;
        Message older = newest.equals(this) ? other : this;
        // Twilio's list says whole seconds where its webhooks say milliseconds
        Instant sent = createdAt.isAfter(other.createdAt) ? createdAt : other.createdAt;
        return new Message(
                index,
                sent,
                newest.author,
                newest.participantSid == null ? older.participantSid : newest.participantSid,
                newest.textLength,
                newest.mediaCount,
                newest.changedAt,
                removed || other.removed);
    }
}
