package io.flexmetry.processors.focus;

import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.ReservationWindow;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reservation as focus time needs it.
 *
 * @param taskSid WT…
 * @param offeredAt newest offer; absent until one is known
 * @param window in which focus counts; without its end if the wrap-up is known
 * @param carried focus before {@link Carried#until()}, whose events are deleted; absent if there is none
 * @param published what was published last; absent before
 */
record FocusReservation(
        String taskSid,
        @Nullable Instant offeredAt,
        ReservationWindow window,
        @Nullable Carried carried,
        @Nullable Published published) {

    /** Focus before a moment. */
    record Carried(Instant until, Duration focus, int switches) {}

    /**
     * The part of a contribution that can change.
     *
     * @param until the end of the window that the values cover; absent while it is open
     */
    record Published(@Nullable Instant until, Map<Metric, BigDecimal> values) {

        static Published of(Contribution contribution) {
            return new Published(contribution.until(), contribution.values());
        }
    }

    static FocusReservation of(String taskSid) {
        return new FocusReservation(taskSid, null, ReservationWindow.UNKNOWN, null, null);
    }

    /** Order and repetition of events do not matter. After a wrap-up, the end changes nothing. */
    FocusReservation learn(ReservationFact.Change change, Instant at) {
        boolean isOffer = change == ReservationFact.Change.CREATED && (offeredAt == null || at.isAfter(offeredAt));
        ReservationWindow learnt = window.learn(change, at);
        if (learnt.wrapUpAt() != null) {
            learnt = new ReservationWindow(learnt.acceptedAt(), learnt.wrapUpAt(), null);
        }
        return new FocusReservation(taskSid, isOffer ? at : offeredAt, learnt, carried, published);
    }

    FocusReservation withCarried(Carried sum) {
        return new FocusReservation(taskSid, offeredAt, window, sum, published);
    }

    FocusReservation withPublished(Published last) {
        return new FocusReservation(taskSid, offeredAt, window, carried, last);
    }

    @Nullable
    Instant acceptedAt() {
        return window.acceptedAt();
    }

    @Nullable
    Instant closedAt() {
        return window.closedAt();
    }

    /** The latest known time. */
    Instant latest() {
        return offeredAt == null || window.latest().isAfter(offeredAt) ? window.latest() : offeredAt;
    }

    /** Whether a moment is within the window, or at most a margin outside. */
    boolean isTouchedBy(Instant at, Duration margin) {
        Instant acceptedAt = acceptedAt();
        Instant closedAt = closedAt();
        return acceptedAt != null
                && !at.isBefore(acceptedAt.minus(margin))
                && (closedAt == null || !at.isAfter(closedAt.plus(margin)));
    }

    /** How long both are open at the same time; {@code until} closes those that are open. */
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
