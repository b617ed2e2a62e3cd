package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.floor.Stage;
import io.flexmetry.processors.cases.ReservationWindow;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a reservation reached each stage. Order and repetition of events do not matter.
 *
 * @param offeredAt absent until the offer is known
 * @param window acceptance, wrap-up and end
 */
record StageTimes(@Nullable Instant offeredAt, ReservationWindow window) {

    static final StageTimes UNKNOWN = new StageTimes(null, ReservationWindow.UNKNOWN);

    StageTimes learn(ReservationFact.Change change, Instant at) {
        return new StageTimes(
                change == ReservationFact.Change.CREATED ? ReservationWindow.earliest(offeredAt, at) : offeredAt,
                window.learn(change, at));
    }

    /** Whether it has not ended. */
    boolean isOpen() {
        return window.endedAt() == null;
    }

    /** The stage; of a reservation that has ended, the stage before the end. */
    Stage stage() {
        if (window.wrapUpAt() != null) {
            return Stage.WRAPPING;
        }
        return window.acceptedAt() == null ? Stage.OFFERED : Stage.ASSIGNED;
    }

    /** When that stage began. */
    Instant since() {
        Instant since =
                switch (stage()) {
                    case WRAPPING -> window.wrapUpAt();
                    case ASSIGNED -> window.acceptedAt();
                    default -> offeredAt == null ? window.endedAt() : offeredAt;
                };
        return Objects.requireNonNullElse(since, Instant.EPOCH);
    }

    /** The earliest known time. */
    Instant first() {
        Instant first = ReservationWindow.earlier(
                ReservationWindow.earlier(offeredAt, window.acceptedAt()),
                ReservationWindow.earlier(window.wrapUpAt(), window.endedAt()));
        return Objects.requireNonNullElse(first, Instant.EPOCH);
    }

    /** The latest known time. */
    Instant latest() {
        return offeredAt == null || window.latest().isAfter(offeredAt) ? window.latest() : offeredAt;
    }
}
