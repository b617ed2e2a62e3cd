package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.ReportedValue;
import io.flexmetry.processors.cases.ReservationWindow;
import io.flexmetry.processors.cases.Subject;
import io.flexmetry.processors.store.Bounded;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * State of a task's status. Order and repetition of events do not matter.
 *
 * @param description channel, queue, workflow and conversation
 * @param createdAt absent until it is known
 * @param acceptedAt the first acceptance; absent until it is known
 * @param endedAt absent until the end is known
 * @param transfer newest report of a transfer: {@link #PENDING}, or no value when it is over; absent without a transfer
 * @param reservations by reservation SID
 * @param forgottenUntil the latest time of the evicted reservations: an event up to then about an unknown reservation is ignored;
 *     mostly absent
 * @param updatedAt wall-clock time of the last change
 */
record TaskStatusState(
        Description description,
        @Nullable Instant createdAt,
        @Nullable Instant acceptedAt,
        @Nullable Instant endedAt,
        @Nullable ReportedValue transfer,
        @AtMost(MOST_RESERVATIONS) Map<String, TaskReservation> reservations,
        @Nullable Instant forgottenUntil,
        Instant updatedAt)
        implements Bounded<TaskStatusState> {

    /** One task may be offered to so many workers at once. Refused offers are evicted first. */
    static final int MOST_RESERVATIONS = 50;

    private static final String PENDING = "pending";

    static final TaskStatusState NEW =
            new TaskStatusState(Description.UNKNOWN, null, null, null, null, Map.of(), null, Instant.EPOCH);

    /**
     * Description of a task: the newest report of each field, but the first conversation.
     *
     * @param firstAt time of the earliest event; absent before the first one
     */
    record Description(
            @Nullable Instant firstAt,
            @Nullable ReportedValue channel,
            @Nullable ReportedValue queueName,
            @Nullable ReportedValue workflowName,
            @Nullable ReportedValue conversation) {

        static final Description UNKNOWN = new Description(null, null, null, null, null);

        Description learn(Event event, Task task) {
            return new Description(
                    ReservationWindow.earliest(firstAt, event.occurredAt()),
                    ReportedValue.newest(channel, ReportedValue.ofNullable(event, task.channel())),
                    ReportedValue.newest(queueName, ReportedValue.ofNullable(event, task.queueName())),
                    ReportedValue.newest(workflowName, ReportedValue.ofNullable(event, task.workflowName())),
                    ReportedValue.earliest(conversation, ReportedValue.ofNullable(event, Subject.named(event))));
        }
    }

    TaskStatusState learn(Event event, TaskFact fact) {
        Instant at = event.occurredAt();
        TaskFact.Change change = fact.change();
        return new TaskStatusState(
                description.learn(event, fact.task()),
                change == TaskFact.Change.CREATED ? ReservationWindow.earliest(createdAt, at) : createdAt,
                acceptedAt,
                change.isEnd() ? ReservationWindow.earliest(endedAt, at) : endedAt,
                ReportedValue.newest(transfer, transfer(event, change)),
                reservations,
                forgottenUntil,
                updatedAt);
    }

    private static @Nullable ReportedValue transfer(Event event, TaskFact.Change change) {
        return switch (change) {
            case TRANSFER_INITIATED, TRANSFER_ATTEMPT_FAILED -> ReportedValue.in(event, PENDING);
            case TRANSFER_FAILED, TRANSFER_CANCELED, TRANSFER_COMPLETED -> ReportedValue.in(event, null);
            case CREATED, UPDATED, WRAPUP, COMPLETED, CANCELED, DELETED, SYSTEM_DELETED -> null;
        };
    }

    TaskStatusState learn(Event event, ReservationFact fact) {
        Instant at = event.occurredAt();
        TaskReservation known = reservations.get(fact.reservationSid());
        if (known == null && forgottenUntil != null && !at.isAfter(forgottenUntil)) {
            return this;
        }
        Map<String, TaskReservation> all = new TreeMap<>(reservations);
        all.put(
                fact.reservationSid(),
                (known == null ? TaskReservation.of(fact.worker().workerSid()) : known).learn(fact.change(), at));
        return new TaskStatusState(
                description.learn(event, fact.task()),
                createdAt,
                fact.change() == ReservationFact.Change.ACCEPTED
                        ? ReservationWindow.earliest(acceptedAt, at)
                        : acceptedAt,
                endedAt,
                transfer,
                all,
                forgottenUntil,
                updatedAt);
    }

    TaskStatusState updatedAt(Instant now) {
        return new TaskStatusState(
                description, createdAt, acceptedAt, endedAt, transfer, reservations, forgottenUntil, now);
    }

    /** Whether a transfer began and nobody has accepted it yet. */
    boolean isBeingTransferred() {
        return PENDING.equals(ReportedValue.valueOf(transfer));
    }

    @Override
    public TaskStatusState bounded() {
        if (reservations.size() <= MOST_RESERVATIONS) {
            return this;
        }
        Map<String, TaskReservation> kept = Kept.of(reservations, MOST_RESERVATIONS, TaskReservation.WORTH);
        Instant forgotten =
                Kept.evictedUntil(reservations, kept, its -> its.times().latest(), forgottenUntil);
        return new TaskStatusState(description, createdAt, acceptedAt, endedAt, transfer, kept, forgotten, updatedAt);
    }

    @Override
    public int size() {
        return reservations.size();
    }
}
