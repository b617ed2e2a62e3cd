package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.floor.WorkerStatus.Held;
import io.flexmetry.processors.cases.Told;
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
        @Nullable Told channel,
        @Nullable Told queueName) {

    /** The oldest first. */
    static final Comparator<WorkerReservation> AGE = Comparator.comparing(WorkerReservation::first);

    static WorkerReservation of(String taskSid) {
        return new WorkerReservation(taskSid, Stages.UNKNOWN, null, null);
    }

    WorkerReservation learn(Event event, ReservationFact fact) {
        return new WorkerReservation(
                taskSid,
                stages.learn(fact.change(), event.occurredAt()),
                Told.newest(channel, Told.ifSaid(event, fact.task().channel())),
                Told.newest(queueName, Told.ifSaid(event, fact.task().queueName())));
    }

    Held held(String reservationSid) {
        return new Held(
                reservationSid,
                taskSid,
                stages.stage(),
                stages.since(),
                Told.valueOf(channel),
                Told.valueOf(queueName));
    }

    private Instant first() {
        return stages.first();
    }
}
