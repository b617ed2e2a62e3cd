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
 * @param commands how many writes were commanded
 * @param lastCommand what is to stand on the task
 * @param writeAt when the numbers of the open reservation are to be written; absent when they stand there
 * @param linked SID of the linked task that was ended, empty while it is not, by reservation SID
 * @param touchedAt when something came last, our clock
 */
record TaskState(
        Map<String, ReservationState> reservations,
        Map<String, ReservationMetrics> rows,
        int commands,
        @Nullable WriteAttributes lastCommand,
        @Nullable Instant writeAt,
        Map<String, String> linked,
        Instant touchedAt) {

    static final TaskState NEW = new TaskState(Map.of(), Map.of(), 0, null, null, Map.of(), Instant.EPOCH);

    TaskState withReservation(String reservationSid, ReservationState reservation) {
        return new TaskState(
                with(reservations, reservationSid, reservation),
                rows,
                commands,
                lastCommand,
                writeAt,
                linked,
                touchedAt);
    }

    TaskState withRow(ReservationMetrics row) {
        return new TaskState(
                reservations, with(rows, row.reservationSid(), row), commands, lastCommand, writeAt, linked, touchedAt);
    }

    TaskState withCommand(WriteAttributes command) {
        return new TaskState(reservations, rows, commands + 1, command, null, linked, touchedAt);
    }

    TaskState withWriteAt(@Nullable Instant at) {
        return new TaskState(reservations, rows, commands, lastCommand, at, linked, touchedAt);
    }

    TaskState withLinked(String reservationSid, String linkedTaskSid) {
        return new TaskState(
                reservations,
                rows,
                commands,
                lastCommand,
                writeAt,
                with(linked, reservationSid, linkedTaskSid),
                touchedAt);
    }

    /** Whether somebody works on it. */
    boolean isOpen() {
        return reservations.values().stream().anyMatch(ReservationState::isOpen);
    }

    TaskState touched(Instant now) {
        return new TaskState(reservations, rows, commands, lastCommand, writeAt, linked, now);
    }

    private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
        Map<String, V> copy = new TreeMap<>(map);
        copy.put(key, value);
        return copy;
    }
}
