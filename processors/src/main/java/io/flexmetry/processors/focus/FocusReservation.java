package io.flexmetry.processors.focus;

import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.ReservationWindow;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A reservation as far as focus is concerned.
 *
 * @param taskSid WT…
 * @param seenAt time of the newest event of the reservation
 * @param window in which it is its agent's
 * @param carried focus before {@link Carried#until()}, of which the facts are not kept any more; absent until then
 * @param told what was told last
 */
record FocusReservation(
        String taskSid,
        Instant seenAt,
        ReservationWindow window,
        @Nullable Carried carried,
        @Nullable Contribution told) {

    /** Focus before a moment. */
    record Carried(Instant until, Duration focus, int switches) {}

    static FocusReservation of(String taskSid) {
        return new FocusReservation(taskSid, Instant.EPOCH, ReservationWindow.UNKNOWN, null, null);
    }

    /** Order and repetition of events do not matter. */
    FocusReservation learn(ReservationFact.Change change, Instant at) {
        return new FocusReservation(taskSid, at.isAfter(seenAt) ? at : seenAt, window.learn(change, at), carried, told);
    }

    FocusReservation withCarried(Carried sum) {
        return new FocusReservation(taskSid, seenAt, window, sum, told);
    }

    FocusReservation withTold(Contribution contribution) {
        return new FocusReservation(taskSid, seenAt, window, carried, contribution);
    }

    @Nullable
    Instant acceptedAt() {
        return window.acceptedAt();
    }

    @Nullable
    Instant closedAt() {
        return window.closedAt();
    }

    /** Whether a moment lies in it, or so little beside it that it matters. */
    boolean isTouchedBy(Instant at, Duration margin) {
        Instant acceptedAt = acceptedAt();
        Instant closedAt = closedAt();
        return acceptedAt != null
                && !at.isBefore(acceptedAt.minus(margin))
                && (closedAt == null || !at.isAfter(closedAt.plus(margin)));
    }

    /** How long both are open together; {@code until} closes those that are open. */
    Duration overlap(FocusReservation other, Instant until) {
        Instant ours = acceptedAt();
        Instant theirs = other.acceptedAt();
        if (ours == null || theirs == null) {
            return Duration.ZERO;
        }
        Instant from = ours.isAfter(theirs) ? ours : theirs;
        Instant to = ReservationWindow.earliest(closedAt(), ReservationWindow.earliest(other.closedAt(), until));
        return from.isBefore(to) ? Duration.between(from, to) : Duration.ZERO;
    }
}
