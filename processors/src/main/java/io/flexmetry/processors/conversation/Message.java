package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.processors.cases.Compact;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a message. The newest text counts; a removed message stays removed. A change without text, files or sender
 * keeps the known ones.
 *
 * @param index place in the conversation
 * @param createdAt when it was sent
 * @param exact whether that has milliseconds; Twilio's list has whole seconds
 * @param author identity or address of the sender
 * @param participantSid MB… of the sender, if it is a participant
 * @param textLength UTF-16 code units, absent without text
 * @param mediaCount attached files
 * @param changedAt when the text was changed last
 * @param presence whether it exists
 */
@Compact
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

    private static final Comparator<@Nullable String> SIDS = Comparator.nullsFirst(Comparator.naturalOrder());

    /** Whether a message exists, weakest evidence first. */
    enum Presence {
        /** Twilio's list did not contain it; the list may lag behind. */
        UNLISTED,
        /** Its webhook came, or the list contained it. */
        PRESENT,
        /** Its removal was reported. */
        REMOVED;

        static Presence after(MessageFact.Change change) {
            return switch (change) {
                case ADDED, UPDATED -> PRESENT;
                case REMOVED -> REMOVED;
                case UNLISTED -> UNLISTED;
            };
        }
    }

    static Message of(Event event, MessageFact fact) {
        return new Message(
                fact.index(),
                fact.createdAt(),
                // messages that we looked up or posted ourselves have the precision of the REST API
                event.source() != Source.PROCESSORS,
                fact.author(),
                fact.participantSid(),
                fact.textLength(),
                fact.mediaCount(),
                event.occurredAt(),
                Presence.after(fact.change()));
    }

    /** Commutative and idempotent. */
    Message merge(Message other) {
        Message sent = SENT.compare(this, other) >= 0 ? this : other;
        Message text = TEXT.compare(this, other) >= 0 ? this : other;
        return new Message(
                index,
                sent.createdAt,
                sent.exact,
                (NAMES_AUTHOR.compare(this, other) >= 0 ? this : other).author,
                SIDS.compare(participantSid, other.participantSid) >= 0 ? participantSid : other.participantSid,
                text.textLength,
                Math.max(mediaCount, other.mediaCount),
                text.changedAt,
                presence.compareTo(other.presence) >= 0 ? presence : other.presence);
    }

    /** Whether it counts. */
    boolean isThere() {
        return presence == Presence.PRESENT;
    }

    /** Upper bound of the time at which it was sent, exclusive. */
    Instant sentBefore() {
        return exact
                ? createdAt.plusNanos(1)
                : createdAt.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    }
}
