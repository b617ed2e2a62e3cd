package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.ReportedValue;
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
 * @param described what it is like
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

    /**
     * What a task is like, field by field the newest word: a source may leave out any of them.
     *
     * @param toldAt when the newest of them was
     * @param task what its attributes say of it
     * @param attributesAt when they said so
     * @param attributesBy the event
     */
    record Described(
            Instant toldAt,
            @Nullable ReportedValue channel,
            @Nullable ReportedValue queueName,
            @Nullable ReportedValue workflowName,
            Task task,
            Instant attributesAt,
            String attributesBy) {

        private static final Comparator<Described> ATTRIBUTES = Comparator.comparing(Described::hasAttributes)
                .thenComparing(Described::attributesAt)
                .thenComparing(Described::attributesBy);

        private static Described of(Event event, Task task) {
            return new Described(
                    event.occurredAt(),
                    ReportedValue.ofNullable(event, task.channel()),
                    ReportedValue.ofNullable(event, task.queueName()),
                    ReportedValue.ofNullable(event, task.workflowName()),
                    task,
                    event.occurredAt(),
                    event.eventId());
        }

        private Described merge(Described other) {
            Described attributes = ATTRIBUTES.compare(this, other) >= 0 ? this : other;
            return new Described(
                    toldAt.isAfter(other.toldAt) ? toldAt : other.toldAt,
                    ReportedValue.newest(channel, other.channel),
                    ReportedValue.newest(queueName, other.queueName),
                    ReportedValue.newest(workflowName, other.workflowName),
                    attributes.task,
                    attributes.attributesAt,
                    attributes.attributesBy);
        }

        private boolean hasAttributes() {
            return !task.attributes().isEmpty() || task.interaction() != null || task.linkId() != null;
        }

        private Task whole() {
            return new Task(
                    task.taskSid(),
                    task.version(),
                    ReportedValue.valueOf(channel),
                    ReportedValue.valueOf(queueName),
                    task.conversationSid(),
                    task.linkId(),
                    ReportedValue.valueOf(workflowName),
                    task.interaction(),
                    task.attributes());
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
                before.described.merge(Described.of(event, fact.task())),
                before.createdAt,
                reservations,
                before.endedAt,
                before.transfer);
    }

    static Assignment learn(@Nullable Assignment known, Event event, TaskFact fact) {
        Assignment before = known == null ? unknown(event, fact.task()) : known;
        Instant at = event.occurredAt();
        return new Assignment(
                before.described.merge(Described.of(event, fact.task())),
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
        return new Assignment(Described.of(event, task), null, Map.of(), null, null);
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
        return described.whole();
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
