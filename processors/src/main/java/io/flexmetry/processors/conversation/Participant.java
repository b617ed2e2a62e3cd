package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.processors.cases.Compact;
import io.flexmetry.processors.cases.ReportedValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A participant of a conversation, also after it left. Each field has the newest reported value: an event without the field
 * keeps the known one.
 *
 * @param identity chat identity
 * @param address address of the binding
 * @param declaredType the type in its own attributes, or none in them; absent while no event had attributes
 * @param reportedAt time of the newest event
 */
@Compact
record Participant(
        @Nullable ReportedValue identity,
        @Nullable ReportedValue address,
        @Nullable ReportedValue declaredType,
        Instant reportedAt) {

    static Participant of(Event event, ParticipantFact fact) {
        return new Participant(
                ReportedValue.ofNullable(event, fact.identity()),
                ReportedValue.ofNullable(event, fact.address()),
                fact.attributesTold() ? ReportedValue.in(event, fact.declaredType()) : null,
                event.occurredAt());
    }

    /** Commutative and idempotent. */
    Participant merge(Participant other) {
        return new Participant(
                ReportedValue.newest(identity, other.identity),
                ReportedValue.newest(address, other.address),
                ReportedValue.newest(declaredType, other.declaredType),
                reportedAt.isAfter(other.reportedAt) ? reportedAt : other.reportedAt);
    }

    boolean isKnownAs(String author) {
        return author.equals(ReportedValue.valueOf(identity)) || author.equals(ReportedValue.valueOf(address));
    }

    /** Chat identity, if known. */
    @Nullable
    String identityText() {
        return ReportedValue.valueOf(identity);
    }
}
