package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.store.Bounded;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
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
 * @param actions what other features want, by step id
 * @param writes of reservations, by reservation SID
 * @param touchedAt when something came last, our clock
 * @param forgottenUntil up to when reservations may have been forgotten that had been accepted: an event of then about one
 *     that is not known changes nothing, or its numbers would be written over those of a later agent; absent mostly
 */
record TaskState(
        @AtMost(MOST_RESERVATIONS) Map<String, ReservationState> reservations,
        @AtMost(MOST_RESERVATIONS) Map<String, ReservationMetrics> rows,
        int commands,
        @Nullable WriteAttributes lastCommand,
        @Nullable Instant writeAt,
        @AtMost(MOST_RESERVATIONS) Map<String, String> linked,

        @AtMost(value = MOST_ACTIONS, key = Limits.MOST_TEXT)
        Map<String, PendingTaskAction> actions,

        @AtMost(MOST_RESERVATIONS) Map<String, Writes> writes,
        Instant touchedAt,
        @Nullable Instant forgottenUntil)
        implements Bounded<TaskState> {

    /**
     * The most reservations that are known. Offers that nobody accepted go first: nothing comes of them, and one that is told
     * again is as good as new. Then go those that ended, the oldest first.
     */
    static final int MOST_RESERVATIONS = 20;

    /** The most actions at a time. One more is not carried out, and who wants it hears so. */
    static final int MOST_ACTIONS = 8;

    static final TaskState NEW =
            new TaskState(Map.of(), Map.of(), 0, null, null, Map.of(), Map.of(), Map.of(), Instant.EPOCH, null);

    /** The same, where an older state has no writes. */
    TaskState(
            Map<String, ReservationState> reservations,
            Map<String, ReservationMetrics> rows,
            int commands,
            @Nullable WriteAttributes lastCommand,
            @Nullable Instant writeAt,
            Map<String, String> linked,
            Map<String, PendingTaskAction> actions,
            @Nullable Map<String, Writes> writes,
            Instant touchedAt,
            @Nullable Instant forgottenUntil) {
        this.reservations = reservations;
        this.rows = rows;
        this.commands = commands;
        this.lastCommand = lastCommand;
        this.writeAt = writeAt;
        this.linked = linked;
        this.actions = actions;
        this.writes = writes == null ? Map.of() : writes;
        this.touchedAt = touchedAt;
        this.forgottenUntil = forgottenUntil;
    }

    TaskState withReservation(String reservationSid, ReservationState reservation) {
        return new TaskState(
                with(reservations, reservationSid, reservation),
                rows,
                commands,
                lastCommand,
                writeAt,
                linked,
                actions,
                writes,
                touchedAt,
                forgottenUntil);
    }

    TaskState withRow(ReservationMetrics row) {
        return new TaskState(
                reservations,
                with(rows, row.reservationSid(), row),
                commands,
                lastCommand,
                writeAt,
                linked,
                actions,
                writes,
                touchedAt,
                forgottenUntil);
    }

    TaskState withCommand(WriteAttributes command) {
        return new TaskState(
                reservations, rows, commands + 1, command, null, linked, actions, writes, touchedAt, forgottenUntil);
    }

    /** That stands on the task already, and this state has not commanded it. */
    TaskState withFound(WriteAttributes command) {
        return new TaskState(
                reservations, rows, commands, command, null, linked, actions, writes, touchedAt, forgottenUntil);
    }

    /** It is not known any more what stands on the task, nor when something is to be written. */
    TaskState withoutCommand() {
        return new TaskState(
                reservations, rows, commands, null, null, linked, actions, writes, touchedAt, forgottenUntil);
    }

    /** So many writes are known, if that is more. */
    TaskState withCommands(int known) {
        return known <= commands
                ? this
                : new TaskState(
                        reservations,
                        rows,
                        known,
                        lastCommand,
                        writeAt,
                        linked,
                        actions,
                        writes,
                        touchedAt,
                        forgottenUntil);
    }

    Writes writes(String reservationSid) {
        return writes.getOrDefault(reservationSid, Writes.NONE);
    }

    TaskState withWrites(String reservationSid, Writes changed) {
        return changed.equals(writes(reservationSid))
                ? this
                : new TaskState(
                        reservations,
                        rows,
                        commands,
                        lastCommand,
                        writeAt,
                        linked,
                        actions,
                        with(writes, reservationSid, changed),
                        touchedAt,
                        forgottenUntil);
    }

    TaskState withWriteAt(@Nullable Instant at) {
        return new TaskState(
                reservations, rows, commands, lastCommand, at, linked, actions, writes, touchedAt, forgottenUntil);
    }

    TaskState withLinked(String reservationSid, String linkedTaskSid) {
        return new TaskState(
                reservations,
                rows,
                commands,
                lastCommand,
                writeAt,
                with(linked, reservationSid, linkedTaskSid),
                actions,
                writes,
                touchedAt,
                forgottenUntil);
    }

    TaskState withAction(PendingTaskAction pending) {
        return withActions(with(actions, pending.request().stepId(), pending));
    }

    TaskState withoutAction(String stepId) {
        Map<String, PendingTaskAction> others = new TreeMap<>(actions);
        others.remove(stepId);
        return withActions(others);
    }

    private TaskState withActions(Map<String, PendingTaskAction> others) {
        return new TaskState(
                reservations, rows, commands, lastCommand, writeAt, linked, others, writes, touchedAt, forgottenUntil);
    }

    /** Whether somebody works on it. */
    boolean isOpen() {
        return reservations.values().stream().anyMatch(ReservationState::isOpen);
    }

    TaskState touched(Instant now) {
        return new TaskState(
                reservations, rows, commands, lastCommand, writeAt, linked, actions, writes, now, forgottenUntil);
    }

    /** Whether that may be an event of a reservation that was forgotten. */
    boolean isForgotten(String reservationSid, Instant at) {
        return forgottenUntil != null && !reservations.containsKey(reservationSid) && !at.isAfter(forgottenUntil);
    }

    @Override
    public TaskState bounded() {
        Map<String, ReservationState> kept = Kept.of(
                reservations,
                MOST_RESERVATIONS,
                Comparator.comparing((ReservationState state) -> state.window().rank())
                        .thenComparing(ReservationState::toldAt));
        if (kept.size() == reservations.size()
                && actions.size() <= MOST_ACTIONS
                && rows.size() <= MOST_RESERVATIONS
                && writes.size() <= MOST_RESERVATIONS) {
            return this;
        }
        Instant forgotten = reservations.entrySet().stream()
                .filter(entry ->
                        !kept.containsKey(entry.getKey()) && entry.getValue().acceptedAt() != null)
                .map(entry -> entry.getValue().toldAt())
                .reduce(Objects.requireNonNullElse(forgottenUntil, Instant.EPOCH), (a, b) -> a.isBefore(b) ? b : a);
        return new TaskState(
                kept,
                Kept.only(rows, kept.keySet()),
                commands,
                lastCommand,
                writeAt,
                Kept.only(linked, kept.keySet()),
                Kept.of(actions, MOST_ACTIONS, Comparator.comparing(PendingTaskAction::stage)),
                Kept.of(writes, MOST_RESERVATIONS, Comparator.comparing(Writes::toldAt)),
                touchedAt,
                forgotten.equals(Instant.EPOCH) ? null : forgotten);
    }

    @Override
    public int size() {
        return reservations.size() + actions.size() + writes.size();
    }

    private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
        Map<String, V> copy = new TreeMap<>(map);
        copy.put(key, value);
        return copy;
    }
}
