package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.floor.WorkerStatus.Held;
import io.flexmetry.processors.cases.ReportedValue;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A reservation of a worker that has not ended.
 *
 * @param taskSid WT…
 * @param stages when it came to which stage
 * @param channel the newest word
 * @param queueName the newest word
 */
record WorkerReservation(
        String taskSid,
        Stages stages,
        @Nullable ReportedValue channel,
        @Nullable ReportedValue queueName) {

    /** The oldest first. */
    static final Comparator<WorkerReservation> AGE = Comparator.comparing(WorkerReservation::first);

    static WorkerReservation of(String taskSid) {
        return new WorkerReservation(taskSid, Stages.UNKNOWN, null, null);
    }

    WorkerReservation learn(Event event, ReservationFact fact) {
        return new WorkerReservation(
                taskSid,
                stages.learn(fact.change(), event.occurredAt()),
                ReportedValue.newest(
                        channel, ReportedValue.ofNullable(event, fact.task().channel())),
                ReportedValue.newest(
                        queueName, ReportedValue.ofNullable(event, fact.task().queueName())));
    }

    Held held(String reservationSid) {
        return new Held(
                reservationSid,
                taskSid,
                stages.stage(),
                stages.since(),
                ReportedValue.valueOf(channel),
                ReportedValue.valueOf(queueName));
    }

    private Instant first() {
        return stages.first();
    }
}
