package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.Source;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a message. The newest text counts; once removed it stays removed. A change that says nothing of the text, of the
 * files or of the sender takes nothing away.
 *
 * @param index place in the conversation
 * @param createdAt when it was sent
 * @param exact whether that is exact; Twilio's list tells the second only
 * @param author identity or address of the sender
 * @param participantSid MB… of the sender, if it is a participant
 * @param textLength UTF-16 code units, absent without text
 * @param mediaCount attached files
 * @param changedAt when the text became this one
 * @param presence whether it is there
 */
record Message(
        long index,
        Instant createdAt,
        boolean exact,
        String author,
        @Nullable String participantSid,
        @Nullable Integer textLength,
        int mediaCount,
        Instant changedAt,
        Presence presence) {

    private static final Comparator<Message> NAMES_AUTHOR = Comparator.comparing(
                    (Message message) -> message.presence != Presence.UNLISTED)
            .thenComparing(Message::author);

    private static final Comparator<Message> TEXT = Comparator.comparing(
                    (Message message) -> message.textLength != null)
            .thenComparing(Message::changedAt)
            .thenComparing(Message::textLength, Comparator.nullsFirst(Comparator.naturalOrder()));

    private static final Comparator<Message> SENT =
            Comparator.comparing(Message::exact).thenComparing(Message::createdAt);

    /** Whether a message is there, weakest word first. */
    enum Presence {
        /** It was looked for and not found, which may be too early. */
        UNLISTED,
        /** It was told. */
        TOLD,
        /** That it was removed was told. */
        REMOVED;

        static Presence after(MessageFact.Change change) {
            return switch (change) {
                case ADDED, UPDATED -> TOLD;
                case REMOVED -> REMOVED;
                case UNLISTED -> UNLISTED;
            };
        }
    }

    static Message of(Event event, MessageFact fact) {
        return new Message(
                fact.index(),
                fact.createdAt(),
                // those that we looked up or posted ourselves come as REST has them
                event.source() != Source.PROCESSORS,
                fact.author(),
                fact.participantSid(),
                fact.textLength(),
                fact.mediaCount(),
                event.occurredAt(),
                Presence.after(fact.change()));
    }

    /** Both pieces of knowledge as one; order and repetition do not matter. */
    Message merge(Message other) {
        Message sent = SENT.compare(this, other) >= 0 ? this : other;
        Message text = TEXT.compare(this, other) >= 0 ? this : other;
        return new Message(
                index,
                sent.createdAt,
                sent.exact,
                (NAMES_AUTHOR.compare(this, other) >= 0 ? this : other).author,
                Stream.of(this, other)
                        .map(Message::participantSid)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                text.textLength,
                Math.max(mediaCount, other.mediaCount),
                text.changedAt,
                presence.compareTo(other.presence) >= 0 ? presence : other.presence);
    }

    /** Whether it counts. */
    boolean isThere() {
        return presence == Presence.TOLD;
    }

    /** When it was sent at the latest, without that moment. */
    Instant sentBefore() {
        return exact
                ? createdAt.plusNanos(1)
                : createdAt.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    }
}
