package io.flexmetry.processors.voice;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.ReservationWindow;
import io.flexmetry.processors.store.Bounded;
import io.flexmetry.processors.store.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls of a task.
 *
 * @param reservations by reservation SID
 * @param published the legs as last published, by reservation SID
 * @param touchedAt time of the last event, our clock, within {@link #TOUCH_EVERY}; absent before the first
 * @param forgottenUntil latest time of evicted reservations that were accepted. Older events of unknown reservations are ignored.
 *     Absent if none was evicted
 */
record TaskCalls(
        @AtMost(MOST_RESERVATIONS) Map<String, VoiceReservation> reservations,
        @AtMost(MOST_RESERVATIONS) Map<String, Leg> published,
        @Nullable Instant touchedAt,
        @Nullable Instant forgottenUntil)
        implements Bounded<TaskCalls> {

    /** Offers that nobody accepted are evicted first, then ended reservations, the oldest first. */
    static final int MOST_RESERVATIONS = 50;

    /** Writing the time of each event would cost a put per event. */
    private static final Duration TOUCH_EVERY = Duration.ofHours(1);

    static final TaskCalls NEW = new TaskCalls(Map.of(), Map.of(), null, null);

    TaskCalls learn(Event event, ReservationFact fact) {
        if (forgottenUntil != null
                && !reservations.containsKey(fact.reservationSid())
                && !event.occurredAt().isAfter(forgottenUntil)) {
            return this;
        }
        Map<String, VoiceReservation> all = new TreeMap<>(reservations);
        all.put(
                fact.reservationSid(),
                all.getOrDefault(fact.reservationSid(), VoiceReservation.of(fact))
                        .learn(event, fact));
        return new TaskCalls(all, published, touchedAt, forgottenUntil);
    }

    TaskCalls published(Map<String, Leg> legs) {
        return new TaskCalls(reservations, legs, touchedAt, forgottenUntil);
    }

    /** Whether all its reservations have ended. */
    boolean isOver() {
        return reservations.values().stream()
                .allMatch(reservation -> reservation.window().endedAt() != null);
    }

    TaskCalls touched(Instant now) {
        return touchedAt != null && touchedAt.plus(TOUCH_EVERY).isAfter(now)
                ? this
                : new TaskCalls(reservations, published, now, forgottenUntil);
    }

    @Override
    public TaskCalls bounded() {
        if (reservations.size() <= MOST_RESERVATIONS) {
            return this;
        }
        Map<String, VoiceReservation> kept = Kept.of(
                reservations,
                MOST_RESERVATIONS,
                Comparator.comparing(VoiceReservation::window, ReservationWindow.WORTH));
        Instant forgotten = reservations.entrySet().stream()
                .filter(entry ->
                        !kept.containsKey(entry.getKey()) && entry.getValue().acceptedAt() != null)
                .map(entry -> entry.getValue().window().latest())
                .reduce(Objects.requireNonNullElse(forgottenUntil, Instant.EPOCH), (a, b) -> a.isBefore(b) ? b : a);
        return new TaskCalls(
                kept,
                Kept.only(published, kept.keySet()),
                touchedAt,
                forgotten.equals(Instant.EPOCH) ? null : forgotten);
    }

    @Override
    public int size() {
        return reservations.size();
    }
}
