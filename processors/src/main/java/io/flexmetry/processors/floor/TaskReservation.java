package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.ReservationFact;
import java.time.Instant;
import java.util.Comparator;

/**
 * A reservation of a task.
 *
 * @param workerSid WK…
 * @param stages when it came to which stage
 * @param completed whether the worker completed it; otherwise the task goes on without it
 */
record TaskReservation(String workerSid, Stages stages, boolean completed) {

    /** The least worth keeping first: refused offers, then what has ended, then what is open; the older before. */
    static final Comparator<TaskReservation> WORTH =
            Comparator.comparing(TaskReservation::rank).thenComparing(reservation -> reservation.stages.latest());

    static TaskReservation of(String workerSid) {
        return new TaskReservation(workerSid, Stages.UNKNOWN, false);
    }

    TaskReservation learn(ReservationFact.Change change, Instant at) {
        return new TaskReservation(
                workerSid, stages.learn(change, at), completed || change == ReservationFact.Change.COMPLETED);
    }

    private int rank() {
        if (stages.isOpen()) {
            return 2;
        }
        return stages.window().acceptedAt() == null ? 0 : 1;
    }
}
