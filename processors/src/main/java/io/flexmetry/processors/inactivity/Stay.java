package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.event.ReservationFact;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An agent's time on a task.
 *
 * @param acceptedAt absent until it is known to be accepted
 * @param wrapUpAt absent without a wrap-up
 * @param endedAt absent until it is known to have ended
 */
record Stay(
        @Nullable Instant acceptedAt,
        @Nullable Instant wrapUpAt,
        @Nullable Instant endedAt) {

    static final Stay NEW = new Stay(null, null, null);

    /** Order and repetition of events do not matter. */
    Stay learn(ReservationFact.Change change, Instant at) {
        return new Stay(
                change == ReservationFact.Change.ACCEPTED ? earliest(acceptedAt, at) : acceptedAt,
                change == ReservationFact.Change.WRAPUP ? earliest(wrapUpAt, at) : wrapUpAt,
                change.isEnd() ? earliest(endedAt, at) : endedAt);
    }

    /** Whether the agent works on it. */
    boolean isOpen() {
        return acceptedAt != null && wrapUpAt == null && endedAt == null;
    }

    /** Whether the agent has it, be it in wrap-up. */
    boolean isHeld() {
        return acceptedAt != null && endedAt == null;
    }

    /** Worth keeping: who works on it most, then who has worked on it, last an offer that was never accepted. */
    int rank() {
        return acceptedAt == null ? 0 : isHeld() ? 2 : 1;
    }

    /** The latest that is known of it. */
    Instant latest() {
        return Stream.of(acceptedAt, wrapUpAt, endedAt)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    static Instant earliest(@Nullable Instant known, Instant told) {
        return known == null || told.isBefore(known) ? told : known;
    }
}
