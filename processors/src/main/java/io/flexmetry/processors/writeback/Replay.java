package io.flexmetry.processors.writeback;

import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.processors.writeback.Writes.Verdict;
import java.time.Duration;
import java.time.Instant;

/**
 * Rules for a replay: the state of a task was dropped, and its topics are read again. Events and outcomes come first, numbers
 * later, because other topics carry them. So outcomes report writes of the previous incarnation of the state, which had more
 * numbers than this one. Older numbers do not overwrite them. Final numbers wait until this incarnation has computed the same
 * ones; then they are reconciled, and only numbers that the previous incarnation never wrote are written. Running numbers wait
 * for the same, but for five minutes at most.
 */
final class Replay {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private Replay() {}

    /** An outcome was read: if this incarnation did not command the write, the previous one did. */
    static TaskState learn(TaskState state, Outcome outcome) {
        String reservationSid = outcome.reservationSid();
        ReservationState reservation = state.reservation(reservationSid);
        if (outcome.result() instanceof Result.Linked) {
            return reservation.linkedTaskSid() != null
                    ? state
                    : state.update(reservationSid, known -> known.withLinked("")
                            .withWrites(known.writes().replayedLink(outcome.at())));
        }
        WriteId id = WriteId.parse(outcome.commandId());
        if (id == null
                || reservation.writes().inFlight().containsKey(outcome.commandId())
                || (id.kind() == WriteId.Kind.COUNTED && reservation.writes().finalNumbers() != null)
                || isDuplicate(state, id)) {
            return state;
        }
        boolean overwritten = id.kind() == WriteId.Kind.RUNNING && !hasWritten(state);
        TaskState known = overwritten ? state.withCommanded(null) : state;
        TaskState counted = id.kind() == WriteId.Kind.FINAL ? known : known.withCommands(id.time());
        return counted.update(reservationSid, its -> its.withWrites(its.writes().replayed(id, outcome.at())));
    }

    /** Whether this incarnation has commanded a write, or final numbers are reconciled. */
    private static boolean hasWritten(TaskState state) {
        Commanded last = state.commanded();
        return last != null && !(last.reconciled() && last.kind() == WriteId.Kind.RUNNING);
    }

    /** An outcome that comes twice, or whose write is not stored as in flight: this incarnation has written since. */
    private static boolean isDuplicate(TaskState state, WriteId id) {
        return id.kind() == WriteId.Kind.RUNNING && state.commanded() != null && id.time() <= state.commands();
    }

    /** What to do with final numbers. */
    static Verdict verdict(TaskState state, DesiredAttributes desired) {
        String reservationSid = desired.row().reservationSid();
        Instant closedAt = DesiredAttributes.closedAt(desired.row());
        // a reservation without a row whose numbers were on the task later: its events are still to come
        boolean anotherFollowed = state.reservations().entrySet().stream()
                .anyMatch(entry -> !entry.getKey().equals(reservationSid)
                        && !entry.getValue().hasRow()
                        && entry.getValue().writes().previousAt().isAfter(closedAt));
        Writes writes = state.reservation(reservationSid).writes();
        boolean wereRunning =
                desired.isOver() && writes.finalNumbers() == null && writes.wereRunning(desired.content());
        return anotherFollowed || wereRunning ? Verdict.ALREADY_WRITTEN : writes.verdict(desired.content(), closedAt);
    }

    /** Final numbers that the previous incarnation wrote are computed again. */
    static TaskState reconcile(TaskState state, DesiredAttributes desired) {
        return state.update(
                desired.row().reservationSid(),
                known -> known.withWrites(known.writes().reconciled(desired.set())));
    }

    /** Whether the running numbers are the newest that the previous incarnation wrote. */
    static boolean isOnTask(TaskState state, DesiredAttributes desired) {
        return state.commanded() == null
                && state.reservation(desired.row().reservationSid()).writes().wereRunning(desired.content());
    }

    /** Whether the previous incarnation wrote running numbers that this one has not computed yet. */
    static boolean isCatchingUp(TaskState state, DesiredAttributes desired) {
        return state.commanded() == null
                && state.reservation(desired.row().reservationSid()).writes().previousRunning() != null;
    }

    /** How long running numbers wait for their write. */
    static Duration patience(TaskState state, DesiredAttributes desired, Duration running) {
        return isCatchingUp(state, desired) && running.compareTo(PATIENCE) < 0 ? PATIENCE : running;
    }
}
