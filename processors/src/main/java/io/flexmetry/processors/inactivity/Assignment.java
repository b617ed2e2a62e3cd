package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.ReportedValue;
import io.flexmetry.processors.cases.ReservationWindow;
import io.flexmetry.processors.store.Copies;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task of a conversation.
 *
 * @param description channel, queue, workflow and attributes
 * @param createdAt absent until an event reports it
 * @param reservations by reservation SID
 * @param endedAt absent until the task has ended
 * @param transfer the newest report on a transfer; absent without one
 */
record Assignment(
        Description description,
        @Nullable Instant createdAt,
        @AtMost(MOST_RESERVATIONS) Map<String, ReservationWindow> reservations,
        @Nullable Instant endedAt,
        @Nullable Transfer transfer) {

    /** Offers that nobody accepted are evicted first, then ended reservations. */
    static final int MOST_RESERVATIONS = 20;

    /**
     * The newest report of each field: an event may leave out any of them.
     *
     * @param reportedAt time of the newest event
     * @param task from the newest event that has attributes
     * @param attributesAt time of that event
     * @param attributesBy id of that event
     */
    record Description(
            Instant reportedAt,
            @Nullable ReportedValue channel,
            @Nullable ReportedValue queueName,
            @Nullable ReportedValue workflowName,
            Task task,
            Instant attributesAt,
            String attributesBy) {

        private static final Comparator<Description> ATTRIBUTES = Comparator.comparing(Description::hasAttributes)
                .thenComparing(Description::attributesAt)
                .thenComparing(Description::attributesBy);

        private static Description of(Event event, Task task) {
            return new Description(
                    event.occurredAt(),
                    ReportedValue.ofNullable(event, task.channel()),
                    ReportedValue.ofNullable(event, task.queueName()),
                    ReportedValue.ofNullable(event, task.workflowName()),
                    task,
                    event.occurredAt(),
                    event.eventId());
        }

        private Description merge(Description other) {
            Description attributes = ATTRIBUTES.compare(this, other) >= 0 ? this : other;
            return new Description(
                    reportedAt.isAfter(other.reportedAt) ? reportedAt : other.reportedAt,
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
    }

    /** Whether a transfer was in progress when an event reported it. */
    record Transfer(Instant at, String eventId, boolean pending) {

        private static final Comparator<Transfer> NEWNESS =
                Comparator.comparing(Transfer::at).thenComparing(Transfer::eventId);
    }

    /** After an event of the task or one of its reservations. */
    static Assignment learn(@Nullable Assignment known, Event event, Task task) {
        Description reported = Description.of(event, task);
        Assignment before = known == null ? new Assignment(reported, null, Map.of(), null, null) : known;
        Description merged = before.description.merge(reported);
        return event.fact() instanceof TaskFact fact
                ? before.learn(event, fact.change(), merged)
                : before.learn(event, (ReservationFact) event.fact(), merged);
    }

    private Assignment learn(Event event, ReservationFact fact, Description described) {
        ReservationWindow known = reservations.getOrDefault(fact.reservationSid(), ReservationWindow.UNKNOWN);
        ReservationWindow window = known.learn(fact.change(), event.occurredAt());
        return new Assignment(
                described, createdAt, Copies.with(reservations, fact.reservationSid(), window), endedAt, transfer);
    }

    private Assignment learn(Event event, TaskFact.Change change, Description described) {
        Instant at = event.occurredAt();
        return new Assignment(
                described,
                change == TaskFact.Change.CREATED ? ReservationWindow.earliest(createdAt, at) : createdAt,
                reservations,
                change.isEnd() ? ReservationWindow.earliest(endedAt, at) : endedAt,
                transfer(transfer, event, change));
    }

    private static @Nullable Transfer transfer(@Nullable Transfer known, Event event, TaskFact.Change change) {
        return switch (change) {
            case TRANSFER_INITIATED, TRANSFER_ATTEMPT_FAILED -> newest(known, event, true);
            case TRANSFER_FAILED, TRANSFER_CANCELED, TRANSFER_COMPLETED -> newest(known, event, false);
            case CREATED, UPDATED, WRAPUP, COMPLETED, CANCELED, DELETED, SYSTEM_DELETED -> known;
        };
    }

    private static Transfer newest(@Nullable Transfer known, Event event, boolean pending) {
        Transfer reported = new Transfer(event.occurredAt(), event.eventId(), pending);
        return known == null || Transfer.NEWNESS.compare(known, reported) < 0 ? reported : known;
    }

    boolean isWithinLimits() {
        return reservations.size() <= MOST_RESERVATIONS;
    }

    /** The same within its limits. */
    Assignment bounded() {
        Map<String, ReservationWindow> kept = Kept.of(reservations, MOST_RESERVATIONS, ReservationWindow.WORTH);
        return new Assignment(description, createdAt, kept, endedAt, transfer);
    }

    /** The order of eviction: tasks that have ended go first. */
    int rank() {
        return endedAt == null ? 1 : 0;
    }

    /** The latest time known of it. */
    Instant latest() {
        return endedAt == null || endedAt.isBefore(description.reportedAt) ? description.reportedAt : endedAt;
    }

    String sid() {
        return description.task.taskSid();
    }

    @Nullable
    String channel() {
        return ReportedValue.valueOf(description.channel);
    }

    @Nullable
    String queueName() {
        return ReportedValue.valueOf(description.queueName);
    }

    @Nullable
    String workflowName() {
        return ReportedValue.valueOf(description.workflowName);
    }

    Map<String, String> attributes() {
        return description.task.attributes();
    }

    Task.@Nullable Interaction interaction() {
        return description.task.interaction();
    }

    Instant reportedAt() {
        return description.reportedAt;
    }

    /** Whether an agent works on it. */
    boolean isOpen() {
        return endedAt == null && reservations.values().stream().anyMatch(ReservationWindow::isOpen);
    }

    /** Whether an agent has it, in wrap-up or before. */
    boolean isHeld() {
        return endedAt == null && reservations.values().stream().anyMatch(ReservationWindow::isHeld);
    }

    boolean wasAccepted() {
        return reservations.values().stream().anyMatch(window -> window.acceptedAt() != null);
    }

    /** Whether it is queued or offered, and was never accepted. */
    boolean isWaiting() {
        return endedAt == null && createdAt != null && !wasAccepted();
    }

    boolean isBeingTransferred() {
        return endedAt == null && transfer != null && transfer.pending();
    }

    /** Whether it existed before and after that time. */
    boolean spans(Instant time) {
        Instant from = createdAt;
        for (ReservationWindow window : reservations.values()) {
            from = ReservationWindow.earlier(from, window.acceptedAt());
        }
        return from != null && from.isBefore(time) && (endedAt == null || endedAt.isAfter(time));
    }
}
