package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.ReservationWindow;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A task of a conversation.
 *
 * @param described the newest word on what it is like
 * @param createdAt absent until it is known
 * @param reservations of agents, by reservation SID
 * @param endedAt absent until it is known to have ended
 * @param transfer the newest word on a transfer; absent without one
 */
record Assignment(
        Described described,
        @Nullable Instant createdAt,
        @AtMost(MOST_RESERVATIONS) Map<String, ReservationWindow> reservations,
        @Nullable Instant endedAt,
        @Nullable Transfer transfer) {

    /** The most reservations of a task. Offers that nobody accepted go first, then those that ended. */
    static final int MOST_RESERVATIONS = 20;

    /** What a task is like, as an event told it. */
    record Described(Instant toldAt, String toldBy, Task task) {
        private static final Comparator<Described> NEWNESS =
                Comparator.comparing(Described::toldAt).thenComparing(Described::toldBy);

        private static Described newest(@Nullable Described a, Described b) {
            return a == null || NEWNESS.compare(a, b) < 0 ? b : a;
        }
    }

    /** Whether a transfer is under way, as an event told it. */
    record Transfer(Instant toldAt, String toldBy, boolean pending) {
        private static final Comparator<Transfer> NEWNESS =
                Comparator.comparing(Transfer::toldAt).thenComparing(Transfer::toldBy);

        private static Transfer newest(@Nullable Transfer a, Transfer b) {
            return a == null || NEWNESS.compare(a, b) < 0 ? b : a;
        }
    }

    static Assignment learn(@Nullable Assignment known, Event event, ReservationFact fact) {
        Assignment before = known == null ? unknown(event, fact.task()) : known;
        Map<String, ReservationWindow> reservations = new TreeMap<>(before.reservations);
        ReservationWindow window = reservations.getOrDefault(fact.reservationSid(), ReservationWindow.UNKNOWN);
        reservations.put(fact.reservationSid(), window.learn(fact.change(), event.occurredAt()));
        return new Assignment(
                before.newest(event, fact.task()), before.createdAt, reservations, before.endedAt, before.transfer);
    }

    static Assignment learn(@Nullable Assignment known, Event event, TaskFact fact) {
        Assignment before = known == null ? unknown(event, fact.task()) : known;
        Instant at = event.occurredAt();
        return new Assignment(
                before.newest(event, fact.task()),
                fact.change() == TaskFact.Change.CREATED
                        ? ReservationWindow.earliest(before.createdAt, at)
                        : before.createdAt,
                before.reservations,
                fact.change().isEnd() ? ReservationWindow.earliest(before.endedAt, at) : before.endedAt,
                transfer(before.transfer, event, fact.change()));
    }

    private static @Nullable Transfer transfer(@Nullable Transfer known, Event event, TaskFact.Change change) {
        return switch (change) {
            case TRANSFER_INITIATED, TRANSFER_ATTEMPT_FAILED ->
                Transfer.newest(known, new Transfer(event.occurredAt(), event.eventId(), true));
            case TRANSFER_FAILED, TRANSFER_CANCELED, TRANSFER_COMPLETED ->
                Transfer.newest(known, new Transfer(event.occurredAt(), event.eventId(), false));
            case CREATED, UPDATED, WRAPUP, COMPLETED, CANCELED, DELETED, SYSTEM_DELETED -> known;
        };
    }

    private static Assignment unknown(Event event, Task task) {
        return new Assignment(new Described(event.occurredAt(), event.eventId(), task), null, Map.of(), null, null);
    }

    private Described newest(Event event, Task task) {
        return Described.newest(described, new Described(event.occurredAt(), event.eventId(), task));
    }

    /** The same within its limits. */
    Assignment bounded() {
        return reservations.size() <= MOST_RESERVATIONS
                ? this
                : new Assignment(
                        described,
                        createdAt,
                        Kept.of(reservations, MOST_RESERVATIONS, ReservationWindow.WORTH),
                        endedAt,
                        transfer);
    }

    /** Worth keeping: what is not over most. */
    int rank() {
        return endedAt == null ? 1 : 0;
    }

    /** The latest that is known of it. */
    Instant latest() {
        return endedAt == null || endedAt.isBefore(described.toldAt()) ? described.toldAt() : endedAt;
    }

    Task task() {
        return described.task();
    }

    /** Whether an agent works on it. */
    boolean isOpen() {
        return endedAt == null && reservations.values().stream().anyMatch(ReservationWindow::isOpen);
    }

    /** Whether an agent has it, be it in wrap-up. */
    boolean isHeld() {
        return endedAt == null && reservations.values().stream().anyMatch(ReservationWindow::isHeld);
    }

    /** Whether it has not been accepted by anybody yet. */
    boolean isWaiting() {
        return endedAt == null
                && createdAt != null
                && reservations.values().stream().allMatch(window -> window.acceptedAt() == null);
    }

    boolean isBeingTransferred() {
        return endedAt == null && transfer != null && transfer.pending();
    }

    /** Whether it was there before that time and still after it. */
    boolean spans(Instant time) {
        Instant from = createdAt;
        for (ReservationWindow window : reservations.values()) {
            from = window.acceptedAt() == null ? from : ReservationWindow.earliest(from, window.acceptedAt());
        }
        return from != null && from.isBefore(time) && (endedAt == null || endedAt.isAfter(time));
    }
}
