package io.flexmetry.processors.writeback;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.store.Bounded;
import io.flexmetry.processors.store.Copies;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * State of a task: its reservations and what is commanded. Rows are not part of it: they are computed.
 *
 * @param reservations by reservation SID
 * @param commands how many writes were commanded
 * @param commanded the numbers that are to be on the task; absent until the first write
 * @param writeAt when the numbers of the open reservation are to be written; absent if they are on the task
 * @param actions that other features requested, by step id
 * @param touchedAt when this state changed last, our clock
 * @param forgottenUntil the newest event of an accepted reservation that was evicted; absent mostly. An event of an unknown
 *     reservation up to then changes nothing, or its numbers would overwrite those of a later agent
 */
record TaskState(
        @AtMost(MOST_RESERVATIONS) Map<String, ReservationState> reservations,
        int commands,
        @Nullable Commanded commanded,
        @Nullable Instant writeAt,

        @AtMost(value = MOST_ACTIONS, key = Limits.MOST_TEXT)
        Map<String, PendingTaskAction> actions,

        Instant touchedAt,
        @Nullable Instant forgottenUntil)
        implements Bounded<TaskState> {

    static final int MOST_RESERVATIONS = 20;

    /** One more action is not carried out, and its requester gets {@code gave-up}. */
    static final int MOST_ACTIONS = 8;

    static final TaskState NEW = new TaskState(Map.of(), 0, null, null, Map.of(), Instant.EPOCH, null);

    ReservationState reservation(String reservationSid) {
        return reservations.getOrDefault(reservationSid, ReservationState.NEW);
    }

    TaskState update(String reservationSid, UnaryOperator<ReservationState> change) {
        ReservationState known = reservation(reservationSid);
        ReservationState changed = change.apply(known);
        if (changed.equals(known)) {
            return this;
        }
        Map<String, ReservationState> all = Copies.with(reservations, reservationSid, changed);
        return new TaskState(all, commands, commanded, writeAt, actions, touchedAt, forgottenUntil);
    }

    /** These numbers are to be on the task, and nothing else is to be written; absent if that is unknown. */
    TaskState withCommanded(@Nullable Commanded numbers) {
        return new TaskState(reservations, commands, numbers, null, actions, touchedAt, forgottenUntil);
    }

    /** So many writes were commanded, if that is more. */
    TaskState withCommands(int known) {
        int most = Math.max(commands, known);
        return new TaskState(reservations, most, commanded, writeAt, actions, touchedAt, forgottenUntil);
    }

    TaskState withWriteAt(@Nullable Instant at) {
        return Objects.equals(at, writeAt)
                ? this
                : new TaskState(reservations, commands, commanded, at, actions, touchedAt, forgottenUntil);
    }

    TaskState withAction(PendingTaskAction pending) {
        return withActions(Copies.with(actions, pending.request().stepId(), pending));
    }

    TaskState withoutAction(String stepId) {
        return withActions(Copies.with(actions, stepId, null));
    }

    private TaskState withActions(Map<String, PendingTaskAction> others) {
        return new TaskState(reservations, commands, commanded, writeAt, others, touchedAt, forgottenUntil);
    }

    TaskState touched(Instant now) {
        return new TaskState(reservations, commands, commanded, writeAt, actions, now, forgottenUntil);
    }

    /** Whether an agent works on the task. */
    boolean isOpen() {
        return reservations.values().stream().anyMatch(its -> its.window().isOpen());
    }

    /** Whether an event may be about a reservation that was evicted. */
    boolean isForgotten(String reservationSid, Instant at) {
        return forgottenUntil != null && !reservations.containsKey(reservationSid) && !at.isAfter(forgottenUntil);
    }

    @Override
    public TaskState bounded() {
        Map<String, ReservationState> kept = Kept.of(reservations, MOST_RESERVATIONS, ReservationState.WORTH);
        if (kept.size() == reservations.size() && actions.size() <= MOST_ACTIONS) {
            return this;
        }
        return new TaskState(
                kept,
                commands,
                commanded,
                writeAt,
                Kept.of(actions, MOST_ACTIONS, Comparator.comparing(PendingTaskAction::stage)),
                touchedAt,
                Kept.evictedUntil(reservations, kept, its -> its.hasRow() ? its.eventAt() : null, forgottenUntil));
    }

    @Override
    public int size() {
        return reservations.size() + actions.size();
    }
}
