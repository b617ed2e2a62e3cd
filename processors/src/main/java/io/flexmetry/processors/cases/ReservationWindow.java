package io.flexmetry.processors.cases;

import io.flexmetry.contract.event.ReservationFact;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The window of a reservation: from the acceptance to the wrap-up, or to its end where there is no wrap-up
 * (docs/metrics.md). Order and duplicates of events do not matter.
 *
 * @param acceptedAt absent until accepted
 * @param wrapUpAt absent without a wrap-up
 * @param endedAt absent until ended
 */
@Compact
public record ReservationWindow(
        @Nullable Instant acceptedAt,
        @Nullable Instant wrapUpAt,
        @Nullable Instant endedAt) {

    /** No events. */
    public static final ReservationWindow UNKNOWN = new ReservationWindow(null, null, null);

    /** Eviction order: offers that were never accepted, then ended reservations, then held ones; the older first. */
    public static final Comparator<ReservationWindow> WORTH =
            Comparator.comparing(ReservationWindow::rank).thenComparing(ReservationWindow::latest);

    /** After one more event. */
    public ReservationWindow learn(ReservationFact.Change change, Instant at) {
        return new ReservationWindow(
                change == ReservationFact.Change.ACCEPTED ? earliest(acceptedAt, at) : acceptedAt,
                change == ReservationFact.Change.WRAPUP ? earliest(wrapUpAt, at) : wrapUpAt,
                change.isEnd() ? earliest(endedAt, at) : endedAt);
    }

    /** Commutative and idempotent. */
    public ReservationWindow merge(ReservationWindow other) {
        return new ReservationWindow(
                earlier(acceptedAt, other.acceptedAt),
                earlier(wrapUpAt, other.wrapUpAt),
                earlier(endedAt, other.endedAt));
    }

    /** End of the window: the wrap-up, or the end of the reservation without one; absent while open. */
    public @Nullable Instant closedAt() {
        return wrapUpAt == null ? endedAt : wrapUpAt;
    }

    /** Whether it is accepted and not closed. */
    public boolean isOpen() {
        return acceptedAt != null && closedAt() == null;
    }

    /** Whether it is accepted and closed. */
    public boolean isClosed() {
        return acceptedAt != null && closedAt() != null;
    }

    /** Whether it is accepted and not ended; it may be in wrap-up. */
    public boolean isHeld() {
        return acceptedAt != null && endedAt == null;
    }

    /** 2 held, 1 ended, 0 never accepted. */
    public int rank() {
        return acceptedAt == null ? 0 : isHeld() ? 2 : 1;
    }

    /** The latest known time of it. */
    public Instant latest() {
        return Stream.of(acceptedAt, wrapUpAt, endedAt)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /** The earlier of two times; the first may be absent. */
    public static Instant earliest(@Nullable Instant a, Instant b) {
        return a == null || b.isBefore(a) ? b : a;
    }

    /** The earlier of two times; either may be absent. */
    public static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
        return b == null ? a : earliest(a, b);
    }
}
