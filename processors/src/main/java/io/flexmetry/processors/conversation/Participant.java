package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.processors.cases.ReportedValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A participant of a conversation, also after it left. Each field has the newest word on it: a source that leaves a field out
 * takes nothing away.
 *
 * @param identity chat identity
 * @param address address of the binding
 * @param declaredType what its own attributes say that it is, or that they say nothing; absent while nobody told them
 * @param toldAt when the newest word was said
 */
record Participant(
        @Nullable ReportedValue identity,
        @Nullable ReportedValue address,
        @Nullable ReportedValue declaredType,
        Instant toldAt) {

    static Participant of(Event event, ParticipantFact fact) {
        return new Participant(
                ReportedValue.ofNullable(event, fact.identity()),
                ReportedValue.ofNullable(event, fact.address()),
                fact.attributesTold() ? ReportedValue.in(event, fact.declaredType()) : null,
                event.occurredAt());
    }

    /** Both pieces of knowledge as one; order and repetition do not matter. */
    Participant merge(Participant other) {
        return new Participant(
                ReportedValue.newest(identity, other.identity),
                ReportedValue.newest(address, other.address),
                ReportedValue.newest(declaredType, other.declaredType),
                toldAt.isAfter(other.toldAt) ? toldAt : other.toldAt);
    }

    boolean isKnownAs(String author) {
        return author.equals(ReportedValue.valueOf(identity)) || author.equals(ReportedValue.valueOf(address));
    }

    /** Chat identity, if it is known. */
    @Nullable
    String identityText() {
        return ReportedValue.valueOf(identity);
    }
}
