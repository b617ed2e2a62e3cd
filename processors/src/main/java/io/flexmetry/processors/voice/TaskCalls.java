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
 * What is known of the calls of a task.
 *
 * @param reservations of agents, by reservation SID
 * @param told the legs as they were told last, by reservation SID
 * @param touchedAt when something came last, our clock, roughly; absent on what an earlier version stored
 * @param forgottenUntil up to when accepted reservations were forgotten: an event of then about one that is not known changes
 *     nothing; absent mostly
 */
record TaskCalls(
        @AtMost(MOST_RESERVATIONS) Map<String, VoiceReservation> reservations,
        @AtMost(MOST_RESERVATIONS) Map<String, Leg> told,
        @Nullable Instant touchedAt,
        @Nullable Instant forgottenUntil)
        implements Bounded<TaskCalls> {

    /** The most reservations of a task. Offers that nobody accepted go first, then those that ended, the oldest first. */
    static final int MOST_RESERVATIONS = 50;

    /** How exactly it is known when a task was touched. */
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
        return new TaskCalls(all, told, touchedAt, forgottenUntil);
    }

    TaskCalls told(Leg leg) {
        Map<String, Leg> all = new TreeMap<>(told);
        all.put(leg.reservationSid(), leg);
        return new TaskCalls(reservations, all, touchedAt, forgottenUntil);
    }

    /** Whether nobody works on it any more. */
    boolean isOver() {
        return reservations.values().stream()
                .allMatch(reservation -> reservation.window().endedAt() != null);
    }

    TaskCalls touched(Instant now) {
        return touchedAt != null && touchedAt.plus(TOUCH_EVERY).isAfter(now)
                ? this
                : new TaskCalls(reservations, told, now, forgottenUntil);
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
                kept, Kept.only(told, kept.keySet()), touchedAt, forgotten.equals(Instant.EPOCH) ? null : forgotten);
    }

    @Override
    public int size() {
        return reservations.size();
    }
}
