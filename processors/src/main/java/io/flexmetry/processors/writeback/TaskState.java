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
 * @param wishes what other features want, by step id
 * @param touchedAt when something came last, our clock
 */
record TaskState(
        Map<String, ReservationState> reservations,
        Map<String, ReservationMetrics> rows,
        int commands,
        @Nullable WriteAttributes lastCommand,
        @Nullable Instant writeAt,
        Map<String, String> linked,
        Map<String, Granting> wishes,
        Instant touchedAt) {

    static final TaskState NEW = new TaskState(Map.of(), Map.of(), 0, null, null, Map.of(), Map.of(), Instant.EPOCH);

    TaskState withReservation(String reservationSid, ReservationState reservation) {
        return new TaskState(
                with(reservations, reservationSid, reservation),
                rows,
                commands,
                lastCommand,
                writeAt,
                linked,
                wishes,
                touchedAt);
    }

    TaskState withRow(ReservationMetrics row) {
        return new TaskState(
                reservations,
                with(rows, row.reservationSid(), row),
                commands,
                lastCommand,
                writeAt,
                linked,
                wishes,
                touchedAt);
    }

    TaskState withCommand(WriteAttributes command) {
        return new TaskState(reservations, rows, commands + 1, command, null, linked, wishes, touchedAt);
    }

    TaskState withWriteAt(@Nullable Instant at) {
        return new TaskState(reservations, rows, commands, lastCommand, at, linked, wishes, touchedAt);
    }

    TaskState withLinked(String reservationSid, String linkedTaskSid) {
        return new TaskState(
                reservations,
                rows,
                commands,
                lastCommand,
                writeAt,
                with(linked, reservationSid, linkedTaskSid),
                wishes,
                touchedAt);
    }

    TaskState withWish(Granting granting) {
        return withWishes(with(wishes, granting.wish().stepId(), granting));
    }

    TaskState withoutWish(String stepId) {
        Map<String, Granting> others = new TreeMap<>(wishes);
        others.remove(stepId);
        return withWishes(others);
    }

    private TaskState withWishes(Map<String, Granting> others) {
        return new TaskState(reservations, rows, commands, lastCommand, writeAt, linked, others, touchedAt);
    }

    /** Whether somebody works on it. */
    boolean isOpen() {
        return reservations.values().stream().anyMatch(ReservationState::isOpen);
    }

    TaskState touched(Instant now) {
        return new TaskState(reservations, rows, commands, lastCommand, writeAt, linked, wishes, now);
    }

    private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
        Map<String, V> copy = new TreeMap<>(map);
        copy.put(key, value);
        return copy;
    }
}
