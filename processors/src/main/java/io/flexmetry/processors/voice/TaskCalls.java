package io.flexmetry.processors.voice;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.ReservationWindow;
import io.flexmetry.processors.store.Bounded;
import io.flexmetry.processors.store.Kept;
import io.flexmetry.processors.timer.Expiry;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls of a task.
 *
 * @param reservations by reservation SID
 * @param published the legs as last published, by reservation SID
 * @param touchedAt time of the last event, our clock, to within an hour; absent before the first
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
        return new TaskCalls(reservations, published, Expiry.touched(touchedAt, now), forgottenUntil);
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
        return new TaskCalls(
                kept,
                Kept.only(published, kept.keySet()),
                touchedAt,
                Kept.evictedUntil(
                        reservations,
                        kept,
                        its -> its.acceptedAt() == null ? null : its.window().latest(),
                        forgottenUntil));
    }

    @Override
    public int size() {
        return reservations.size();
    }
}
