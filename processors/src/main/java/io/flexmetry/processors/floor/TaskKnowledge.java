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
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a task, merged so that order and repetition of events do not matter.
 *
 * @param described what it is like
 * @param createdAt absent until it is known
 * @param acceptedAt the first acceptance; absent until it is known
 * @param endedAt absent until it is known to have ended
 * @param transfer the newest word on a transfer: {@link #PENDING}, or none where it is over; absent without one
 * @param reservations by reservation SID
 * @param forgottenUntil up to when reservations were forgotten: an event of then about one that is not known changes nothing;
 *     absent mostly
 * @param touchedAt when something came last, our clock
 */
record TaskKnowledge(
        Described described,
        @Nullable Instant createdAt,
        @Nullable Instant acceptedAt,
        @Nullable Instant endedAt,
        @Nullable ReportedValue transfer,
        @AtMost(MOST_RESERVATIONS) Map<String, TaskReservation> reservations,
        @Nullable Instant forgottenUntil,
        Instant touchedAt)
        implements Bounded<TaskKnowledge> {

    /** The most reservations of a task: so many workers may be offered one at once. Refused offers go first. */
    static final int MOST_RESERVATIONS = 50;

    private static final String PENDING = "pending";

    static final TaskKnowledge NEW =
            new TaskKnowledge(Described.NOT, null, null, null, null, Map.of(), null, Instant.EPOCH);

    /**
     * What a task is like: field by field the newest word, and of conversations the first.
     *
     * @param firstAt the earliest event of it; absent before there is one
     */
    record Described(
            @Nullable Instant firstAt,
            @Nullable ReportedValue channel,
            @Nullable ReportedValue queueName,
            @Nullable ReportedValue workflowName,
            @Nullable ReportedValue conversation) {

        static final Described NOT = new Described(null, null, null, null, null);

        Described learn(Event event, Task task) {
            return new Described(
                    ReservationWindow.earliest(firstAt, event.occurredAt()),
                    ReportedValue.newest(channel, ReportedValue.ofNullable(event, task.channel())),
                    ReportedValue.newest(queueName, ReportedValue.ofNullable(event, task.queueName())),
                    ReportedValue.newest(workflowName, ReportedValue.ofNullable(event, task.workflowName())),
                    ReportedValue.earliest(conversation, ReportedValue.ofNullable(event, Subject.named(event))));
        }
    }

    TaskKnowledge learn(Event event, TaskFact fact) {
        Instant at = event.occurredAt();
        TaskFact.Change change = fact.change();
        return new TaskKnowledge(
                described.learn(event, fact.task()),
                change == TaskFact.Change.CREATED ? ReservationWindow.earliest(createdAt, at) : createdAt,
                acceptedAt,
                change.isEnd() ? ReservationWindow.earliest(endedAt, at) : endedAt,
                ReportedValue.newest(transfer, transfer(event, change)),
                reservations,
                forgottenUntil,
                touchedAt);
    }

    private static @Nullable ReportedValue transfer(Event event, TaskFact.Change change) {
        return switch (change) {
            case TRANSFER_INITIATED, TRANSFER_ATTEMPT_FAILED -> ReportedValue.in(event, PENDING);
            case TRANSFER_FAILED, TRANSFER_CANCELED, TRANSFER_COMPLETED -> ReportedValue.in(event, null);
            case CREATED, UPDATED, WRAPUP, COMPLETED, CANCELED, DELETED, SYSTEM_DELETED -> null;
        };
    }

    TaskKnowledge learn(Event event, ReservationFact fact) {
        Instant at = event.occurredAt();
        TaskReservation known = reservations.get(fact.reservationSid());
        if (known == null && forgottenUntil != null && !at.isAfter(forgottenUntil)) {
            return this;
        }
        Map<String, TaskReservation> all = new TreeMap<>(reservations);
        all.put(
                fact.reservationSid(),
                (known == null ? TaskReservation.of(fact.worker().workerSid()) : known).learn(fact.change(), at));
        return new TaskKnowledge(
                described.learn(event, fact.task()),
                createdAt,
                fact.change() == ReservationFact.Change.ACCEPTED
                        ? ReservationWindow.earliest(acceptedAt, at)
                        : acceptedAt,
                endedAt,
                transfer,
                all,
                forgottenUntil,
                touchedAt);
    }

    TaskKnowledge touched(Instant now) {
        return new TaskKnowledge(
                described, createdAt, acceptedAt, endedAt, transfer, reservations, forgottenUntil, now);
    }

    /** Whether somebody gave it away and nobody has taken it yet. */
    boolean isBeingTransferred() {
        return PENDING.equals(ReportedValue.valueOf(transfer));
    }

    @Override
    public TaskKnowledge bounded() {
        if (reservations.size() <= MOST_RESERVATIONS) {
            return this;
        }
        Map<String, TaskReservation> kept = Kept.of(reservations, MOST_RESERVATIONS, TaskReservation.WORTH);
        Instant forgotten = reservations.entrySet().stream()
                .filter(entry -> !kept.containsKey(entry.getKey()))
                .map(entry -> entry.getValue().stages().latest())
                .reduce(Objects.requireNonNullElse(forgottenUntil, Instant.EPOCH), (a, b) -> a.isBefore(b) ? b : a);
        return new TaskKnowledge(described, createdAt, acceptedAt, endedAt, transfer, kept, forgotten, touchedAt);
    }

    @Override
    public int size() {
        return reservations.size();
    }
}
