package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.floor.Stage;
import io.flexmetry.processors.cases.ReservationWindow;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When a reservation came to which stage. Knowledge, merged so that order and repetition of events do not matter.
 *
 * @param offeredAt absent until it is known to have been offered
 * @param window what came after
 */
record Stages(@Nullable Instant offeredAt, ReservationWindow window) {

    static final Stages UNKNOWN = new Stages(null, ReservationWindow.UNKNOWN);

    Stages learn(ReservationFact.Change change, Instant at) {
        return new Stages(
                change == ReservationFact.Change.CREATED ? ReservationWindow.earliest(offeredAt, at) : offeredAt,
                window.learn(change, at));
    }

    /** Whether it has not ended. */
    boolean isOpen() {
        return window.endedAt() == null;
    }

    /** Where it is; of one that has ended, where it was before. */
    Stage stage() {
        if (window.wrapUpAt() != null) {
            return Stage.WRAPPING;
        }
        return window.acceptedAt() == null ? Stage.OFFERED : Stage.ASSIGNED;
    }

    /** When that stage began. */
    Instant since() {
        return Stream.of(window.wrapUpAt(), window.acceptedAt(), offeredAt, window.endedAt())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Instant.EPOCH);
    }

    /** The earliest that is known of it. */
    Instant first() {
        return Stream.of(offeredAt, window.acceptedAt(), window.wrapUpAt(), window.endedAt())
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    /** The latest that is known of it. */
    Instant latest() {
        return offeredAt == null || window.latest().isAfter(offeredAt) ? window.latest() : offeredAt;
    }
}
