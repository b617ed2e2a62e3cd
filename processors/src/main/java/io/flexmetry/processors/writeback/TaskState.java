package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.metric.ReservationMetrics;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a task's reservations.
 *
 * @param reservations by reservation SID
 * @param rows the row told last, by reservation SID
 * @param commands how many commands were given
 * @param lastCommand what is to stand on the task
 * @param touchedAt when something came last, our clock
 */
record TaskState(
        Map<String, ReservationState> reservations,
        Map<String, ReservationMetrics> rows,
        int commands,
        @Nullable WriteAttributes lastCommand,
        Instant touchedAt) {

    static final TaskState NEW = new TaskState(Map.of(), Map.of(), 0, null, Instant.EPOCH);

    TaskState withReservation(String reservationSid, ReservationState reservation) {
        return new TaskState(with(reservations, reservationSid, reservation), rows, commands, lastCommand, touchedAt);
    }

    TaskState withRow(ReservationMetrics row) {
        return new TaskState(reservations, with(rows, row.reservationSid(), row), commands, lastCommand, touchedAt);
    }

    TaskState withCommand(WriteAttributes command) {
        return new TaskState(reservations, rows, commands + 1, command, touchedAt);
    }

    /** Whether somebody works on it. */
    boolean isOpen() {
        return reservations.values().stream()
                .anyMatch(reservation -> reservation.acceptedAt() != null && reservation.closedAt() == null);
    }

    TaskState touched(Instant now) {
        return new TaskState(reservations, rows, commands, lastCommand, now);
    }

    private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
        Map<String, V> copy = new TreeMap<>(map);
        copy.put(key, value);
        return copy;
    }
}
