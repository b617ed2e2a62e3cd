package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.floor.WorkerStatus.Held;
import io.flexmetry.processors.cases.ReportedValue;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A reservation of a worker that has not ended.
 *
 * @param taskSid WT…
 * @param times when it reached each stage
 * @param channel unique name of the task channel, newest report
 * @param queueName name of the queue, newest report
 */
record WorkerReservation(
        String taskSid,
        StageTimes times,
        @Nullable ReportedValue channel,
        @Nullable ReportedValue queueName) {

    static final Comparator<WorkerReservation> OLDEST_FIRST =
            Comparator.comparing(reservation -> reservation.times.first());

    static WorkerReservation of(String taskSid) {
        return new WorkerReservation(taskSid, StageTimes.UNKNOWN, null, null);
    }

    WorkerReservation learn(Event event, ReservationFact fact) {
        return new WorkerReservation(
                taskSid,
                times.learn(fact.change(), event.occurredAt()),
                ReportedValue.newest(
                        channel, ReportedValue.ofNullable(event, fact.task().channel())),
                ReportedValue.newest(
                        queueName, ReportedValue.ofNullable(event, fact.task().queueName())));
    }

    Held held(String reservationSid) {
        return new Held(
                reservationSid,
                taskSid,
                times.stage(),
                times.since(),
                ReportedValue.valueOf(channel),
                ReportedValue.valueOf(queueName));
    }
}
