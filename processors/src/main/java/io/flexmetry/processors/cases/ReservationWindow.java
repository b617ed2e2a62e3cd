package io.flexmetry.processors.cases;

import io.flexmetry.contract.event.ReservationFact;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The time in which a reservation is its agent's: from the acceptance to the wrap-up, or to its end where there is no wrap-up
 * (docs/metrics.md). Knowledge, merged so that order and repetition of events do not matter.
 *
 * @param acceptedAt absent until it is known to be accepted
 * @param wrapUpAt absent without a wrap-up
 * @param endedAt absent until it is known to have ended
 */
public record ReservationWindow(
        @Nullable Instant acceptedAt,
        @Nullable Instant wrapUpAt,
        @Nullable Instant endedAt) {

    /** Nothing is known. */
    public static final ReservationWindow UNKNOWN = new ReservationWindow(null, null, null);

    /** The least worth keeping first: offers that were never accepted, then who has had it, then who has it; the older before. */
    public static final Comparator<ReservationWindow> WORTH =
            Comparator.comparing(ReservationWindow::rank).thenComparing(ReservationWindow::latest);

    /** With one more event. */
    public ReservationWindow learn(ReservationFact.Change change, Instant at) {
        return new ReservationWindow(
                change == ReservationFact.Change.ACCEPTED ? earliest(acceptedAt, at) : acceptedAt,
                change == ReservationFact.Change.WRAPUP ? earliest(wrapUpAt, at) : wrapUpAt,
                change.isEnd() ? earliest(endedAt, at) : endedAt);
    }

    /** Both pieces of knowledge as one. */
    public ReservationWindow merge(ReservationWindow other) {
        return new ReservationWindow(
                earlier(acceptedAt, other.acceptedAt),
                earlier(wrapUpAt, other.wrapUpAt),
                earlier(endedAt, other.endedAt));
    }

    /** Its end: wrap-up, or end where there is none; absent until then. */
    public @Nullable Instant closedAt() {
        return wrapUpAt == null ? endedAt : wrapUpAt;
    }

    /** Whether the agent works on it. */
    public boolean isOpen() {
        return acceptedAt != null && closedAt() == null;
    }

    /** Whether both its ends are known. */
    public boolean isClosed() {
        return acceptedAt != null && closedAt() != null;
    }

    /** Whether the agent has it, be it in wrap-up. */
    public boolean isHeld() {
        return acceptedAt != null && endedAt == null;
    }

    /** Worth keeping: who has it most, then who has had it, last an offer that was never accepted. */
    public int rank() {
        return acceptedAt == null ? 0 : isHeld() ? 2 : 1;
    }

    /** The latest that is known of it. */
    public Instant latest() {
        return Stream.of(acceptedAt, wrapUpAt, endedAt)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /** The earlier of what was known and what is told. */
    public static Instant earliest(@Nullable Instant known, Instant told) {
        return known == null || told.isBefore(known) ? told : known;
    }

    /** The earlier of two times of which either may be absent. */
    public static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
        return b == null ? a : earliest(a, b);
    }
}
