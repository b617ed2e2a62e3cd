package io.flexmetry.processors.voice;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.ReservationWindow;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A reservation and the calls that its events name.
 *
 * @param workerSid WK…
 * @param voice whether it is on the task channel {@code voice}
 * @param window from the acceptance to the wrap-up or end
 * @param named when an event of this reservation first named a call as the worker's, by CallSid
 */
record VoiceReservation(
        String workerSid,
        boolean voice,
        ReservationWindow window,
        @AtMost(MOST_NAMED) Map<String, Instant> named) {

    /** The calls named last are evicted: the agent's own is among the first. */
    static final int MOST_NAMED = 20;

    private static final String VOICE = "voice";

    static VoiceReservation of(ReservationFact fact) {
        return new VoiceReservation(
                fact.worker().workerSid(), VOICE.equals(fact.task().channel()), ReservationWindow.UNKNOWN, Map.of());
    }

    /** The reservation after an event. Order and duplicates do not matter. */
    VoiceReservation learn(Event event, ReservationFact fact) {
        Instant at = event.occurredAt();
        Map<String, Instant> calls = new TreeMap<>(named);
        if (fact.callSid() != null) {
            calls.merge(fact.callSid(), at, ReservationWindow::earliest);
        }
        return new VoiceReservation(
                workerSid,
                voice || VOICE.equals(fact.task().channel()),
                window.learn(fact.change(), at),
                Kept.of(calls, MOST_NAMED, Comparator.reverseOrder()));
    }

    @Nullable
    Instant acceptedAt() {
        return window.acceptedAt();
    }

    @Nullable
    Instant closedAt() {
        return window.closedAt();
    }
}
