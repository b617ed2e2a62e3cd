package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A reservation as the conversation sees it.
 *
 * @param taskSid WT…
 * @param workerSid WK…
 * @param channel unique name of the task channel
 * @param identities chat identities and names under which the worker may write
 * @param acceptedAt absent until it is known to be accepted
 * @param wrapUpAt absent without a wrap-up
 * @param endedAt absent until it is known to have ended
 */
record Reservation(
        String taskSid,
        String workerSid,
        @Nullable String channel,

        @AtMost(value = MOST_IDENTITIES, key = Limits.MOST_TEXT)
        Set<String> identities,

        @Nullable Instant acceptedAt,
        @Nullable Instant wrapUpAt,
        @Nullable Instant endedAt) {

    /** The most names under which one worker may write. */
    static final int MOST_IDENTITIES = 8;

    static Reservation of(Event event, ReservationFact fact) {
        Set<String> identities = new TreeSet<>();
        if (fact.worker().chatIdentity() != null) {
            identities.add(fact.worker().chatIdentity());
        }
        if (fact.worker().name() != null) {
            identities.add(fact.worker().name());
        }
        Instant at = event.occurredAt();
        return new Reservation(
                fact.task().taskSid(),
                fact.worker().workerSid(),
                fact.task().channel(),
                identities,
                fact.change() == ReservationFact.Change.ACCEPTED ? at : null,
                fact.change() == ReservationFact.Change.WRAPUP ? at : null,
                fact.change().isEnd() ? at : null);
    }

    /** Both pieces of knowledge as one; order and repetition do not matter. */
    Reservation merge(Reservation other) {
        Set<String> both = new TreeSet<>(identities);
        both.addAll(other.identities);
        return new Reservation(
                taskSid,
                workerSid,
                channel == null ? other.channel : channel,
                Kept.first(both, MOST_IDENTITIES),
                earliest(acceptedAt, other.acceptedAt),
                earliest(wrapUpAt, other.wrapUpAt),
                earliest(endedAt, other.endedAt));
    }

    /** The end of its window: wrap-up, or end where there is none. */
    @Nullable
    Instant closedAt() {
        return wrapUpAt == null ? endedAt : wrapUpAt;
    }

    /** Worth keeping: who works on it most, then who has worked on it, last an offer that was never accepted. */
    int rank() {
        return acceptedAt == null ? 0 : isClosed() ? 1 : 2;
    }

    /** The latest that is known of it. */
    Instant latest() {
        return Stream.of(acceptedAt, wrapUpAt, endedAt)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /** Whether the window has both its ends. */
    boolean isClosed() {
        return acceptedAt != null && closedAt() != null;
    }

    static @Nullable Instant earliest(@Nullable Instant a, @Nullable Instant b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.isBefore(b) ? a : b;
    }
}
