package io.flexmetry.processors.voice;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An agent's time on a task.
 *
 * @param workerSid WK…
 * @param voice whether it is on the task channel {@code voice}
 * @param acceptedAt absent until it is known to be accepted
 * @param wrapUpAt absent without a wrap-up
 * @param endedAt absent until it is known to have ended
 * @param named when an event of this reservation first named a call as the worker's, by CallSid
 */
record Stay(
        String workerSid,
        boolean voice,
        @Nullable Instant acceptedAt,
        @Nullable Instant wrapUpAt,
        @Nullable Instant endedAt,
        @AtMost(MOST_NAMED) Map<String, Instant> named) {

    /** The most calls that events of one reservation name. The first stay: an agent's own is among them. */
    static final int MOST_NAMED = 20;

    private static final String VOICE = "voice";

    static Stay of(ReservationFact fact) {
        return new Stay(fact.worker().workerSid(), VOICE.equals(fact.task().channel()), null, null, null, Map.of());
    }

    /** Order and repetition of events do not matter. */
    Stay learn(Event event, ReservationFact fact) {
        Instant at = event.occurredAt();
        Map<String, Instant> calls = new TreeMap<>(named);
        if (fact.callSid() != null) {
            calls.merge(fact.callSid(), at, Stay::earliest);
        }
        return new Stay(
                workerSid,
                voice || VOICE.equals(fact.task().channel()),
                fact.change() == ReservationFact.Change.ACCEPTED ? earliest(acceptedAt, at) : acceptedAt,
                fact.change() == ReservationFact.Change.WRAPUP ? earliest(wrapUpAt, at) : wrapUpAt,
                fact.change().isEnd() ? earliest(endedAt, at) : endedAt,
                Kept.of(calls, MOST_NAMED, Comparator.reverseOrder()));
    }

    /** Worth keeping: who is on the call most, then who has been, last an offer that was never accepted. */
    int rank() {
        return acceptedAt == null ? 0 : closedAt() == null ? 2 : 1;
    }

    /** The latest that is known of it. */
    Instant latest() {
        return Stream.of(acceptedAt, wrapUpAt, endedAt)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    @Nullable
    Instant closedAt() {
        return wrapUpAt == null ? endedAt : wrapUpAt;
    }

    private static Instant earliest(@Nullable Instant known, Instant told) {
        return known == null || told.isBefore(known) ? told : known;
    }
}
