package io.flexmetry.processors.focus;

import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.processors.cases.Contribution;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time in which a reservation is its agent's: from acceptance to wrap-up, or to its end where there is no wrap-up.
 *
 * @param taskSid WT…
 * @param seenAt time of the newest event of the reservation
 * @param acceptedAt absent until it is known
 * @param wrapUpAt absent without a wrap-up
 * @param endedAt absent until it is known
 * @param carried focus before {@link Carried#until()}, of which the facts are not kept any more; absent until then
 * @param told what was told last
 */
record Window(
        String taskSid,
        Instant seenAt,
        @Nullable Instant acceptedAt,
        @Nullable Instant wrapUpAt,
        @Nullable Instant endedAt,
        @Nullable Carried carried,
        @Nullable Contribution told) {

    /** Focus before a moment. */
    record Carried(Instant until, Duration focus, int switches) {}

    static Window of(String taskSid) {
        return new Window(taskSid, Instant.EPOCH, null, null, null, null, null);
    }

    /** Order and repetition of events do not matter. */
    Window learn(ReservationFact.Change change, Instant at) {
        return new Window(
                taskSid,
                at.isAfter(seenAt) ? at : seenAt,
                change == ReservationFact.Change.ACCEPTED ? earliest(acceptedAt, at) : acceptedAt,
                change == ReservationFact.Change.WRAPUP ? earliest(wrapUpAt, at) : wrapUpAt,
                change.isEnd() ? earliest(endedAt, at) : endedAt,
                carried,
                told);
    }

    Window withCarried(Carried sum) {
        return new Window(taskSid, seenAt, acceptedAt, wrapUpAt, endedAt, sum, told);
    }

    Window withTold(Contribution contribution) {
        return new Window(taskSid, seenAt, acceptedAt, wrapUpAt, endedAt, carried, contribution);
    }

    /** Worth keeping: what is open most, then what has ended, last an offer that was never accepted. */
    int rank() {
        return acceptedAt == null ? 0 : closedAt() == null ? 2 : 1;
    }

    @Nullable
    Instant closedAt() {
        return wrapUpAt == null ? endedAt : wrapUpAt;
    }

    /** Whether a moment lies in it, or so little beside it that it matters. */
    boolean isTouchedBy(Instant at, Duration margin) {
        Instant closedAt = closedAt();
        return acceptedAt != null
                && !at.isBefore(acceptedAt.minus(margin))
                && (closedAt == null || !at.isAfter(closedAt.plus(margin)));
    }

    /** How long both are open together; {@code until} closes those that are open. */
    Duration overlap(Window other, Instant until) {
        if (acceptedAt == null || other.acceptedAt == null) {
            return Duration.ZERO;
        }
        Instant from = acceptedAt.isAfter(other.acceptedAt) ? acceptedAt : other.acceptedAt;
        Instant to = earliest(earliest(closedAt(), until), other.closedAt() == null ? until : other.closedAt());
        return from.isBefore(to) ? Duration.between(from, to) : Duration.ZERO;
    }

    private static Instant earliest(@Nullable Instant known, Instant told) {
        return known == null || told.isBefore(known) ? told : known;
    }
}
