package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ParticipantFact;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A participant of a conversation, also after it left.
 *
 * @param identity chat identity
 * @param address address of the binding
 * @param declaredType what its own attributes say that it is
 * @param toldAt when that was so
 * @param toldBy the event that said it; decides between two of the same instant
 */
record Participant(
        @Nullable String identity,
        @Nullable String address,
        @Nullable String declaredType,
        Instant toldAt,
        String toldBy) {

    private static final Comparator<Participant> NEWNESS =
            Comparator.comparing(Participant::toldAt).thenComparing(Participant::toldBy);

    static Participant of(Event event, ParticipantFact fact) {
        return new Participant(
                fact.identity(), fact.address(), fact.declaredType(), event.occurredAt(), event.eventId());
    }

    /** The newest word counts. */
    Participant merge(Participant other) {
        return NEWNESS.compare(this, other) >= 0 ? this : other;
    }

    boolean isKnownAs(String author) {
        return author.equals(identity) || author.equals(address);
    }
}
