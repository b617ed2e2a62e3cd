package io.flexmetry.processors.writeback;

import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.processors.cases.ReservationWindow;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * State of a reservation.
 *
 * @param facts of which its row is computed
 * @param writes of its numbers to the task
 * @param revision of the row that was published last; 0 before the first one
 * @param linkedTaskSid of the linked task that carries late numbers; absent until it is commanded, empty until it is ended
 */
record ReservationState(
        RowFacts facts,
        Writes writes,
        int revision,
        @Nullable String linkedTaskSid) {

    static final ReservationState NEW = new ReservationState(RowFacts.NONE, Writes.NONE, 0, null);

    /** Offers that nobody accepted are evicted first, then ended reservations, the oldest first. */
    static final Comparator<ReservationState> WORTH =
            Comparator.comparing(ReservationState::rank).thenComparing(ReservationState::at);

    ReservationState withFacts(RowFacts changed) {
        return new ReservationState(changed, writes, revision, linkedTaskSid);
    }

    ReservationState withWrites(Writes changed) {
        return new ReservationState(facts, changed, revision, linkedTaskSid);
    }

    ReservationState withLinked(String taskSid) {
        return new ReservationState(facts, writes, revision, taskSid);
    }

    ReservationState closedBy(String reason) {
        return withFacts(facts.withClosedBy(reason));
    }

    ReservationState published() {
        return new ReservationState(facts, writes, revision + 1, linkedTaskSid);
    }

    /** A command was settled. {@code changed} is about a linked task, whose SID is in the state already. */
    ReservationState learn(Outcome outcome) {
        return outcome.result() instanceof Result.Changed
                ? this
                : new ReservationState(facts.learn(outcome), writes.settled(outcome), revision, linkedTaskSid);
    }

    /** When its newest event happened; the epoch before the first one. */
    Instant eventAt() {
        return facts.description() == null ? Instant.EPOCH : facts.description().at();
    }

    private Instant at() {
        return writes.previousAt().isAfter(eventAt()) ? writes.previousAt() : eventAt();
    }

    private int rank() {
        // the events of a replayed write are still to come
        return Math.max(window().rank(), writes.previousAt().equals(Instant.EPOCH) ? 0 : 1);
    }

    /** By which Flex Insights joins the segments of a conversation, if the task contains it. */
    Optional<String> linkId() {
        return Optional.ofNullable(facts.description()).map(Description::linkId);
    }

    /** Whether it was accepted, so that it has a row. */
    boolean hasRow() {
        return facts.description() != null && window().acceptedAt() != null;
    }

    ReservationWindow window() {
        return facts.window();
    }
}
