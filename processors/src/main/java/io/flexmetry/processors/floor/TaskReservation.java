package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.ReservationFact;
import java.time.Instant;
import java.util.Comparator;

/**
 * A reservation of a task.
 *
 * @param workerSid WK…
 * @param times when it reached each stage
 * @param completed whether the worker completed it; otherwise the task continues without it
 */
record TaskReservation(String workerSid, StageTimes times, boolean completed) {

    /** Eviction order: refused offers first, then ended reservations, then open ones; the older before. */
    static final Comparator<TaskReservation> WORTH =
            Comparator.comparing(TaskReservation::rank).thenComparing(reservation -> reservation.times.latest());

    static TaskReservation of(String workerSid) {
        return new TaskReservation(workerSid, StageTimes.UNKNOWN, false);
    }

    TaskReservation learn(ReservationFact.Change change, Instant at) {
        return new TaskReservation(
                workerSid, times.learn(change, at), completed || change == ReservationFact.Change.COMPLETED);
    }

    private int rank() {
        if (times.isOpen()) {
            return 2;
        }
        return times.window().acceptedAt() == null ? 0 : 1;
    }
}
