package io.flexmetry.processors.focus;

import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.store.Bounded;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a worker beside what happened in the tabs.
 *
 * @param windows by reservation SID
 * @param logouts when the worker went offline, in order
 * @param stale reservations whose numbers may have changed since they were told
 * @param tellAt when they are told; absent if there is nothing to tell
 * @param keptFrom what happened before is not kept any more
 * @param idleSince since when nothing is known any more but this; absent while there is something
 */
record Worker(
        @AtMost(MOST_WINDOWS) Map<String, FocusReservation> windows,
        @AtMost(MOST_LOGOUTS) List<Instant> logouts,
        @AtMost(MOST_WINDOWS) Set<String> stale,
        @Nullable Instant tellAt,
        Instant keptFrom,
        @Nullable Instant idleSince)
        implements Bounded<Worker> {

    /**
     * The most reservations of a worker. Offers that were not accepted go first, then those that ended, the oldest first. An
     * event of one that has gone makes it known again, with the numbers that it had: its minutes are kept by themselves.
     */
    static final int MOST_WINDOWS = 1_000;

    /** The last ones stay. */
    static final int MOST_LOGOUTS = 500;

    static final Worker NEW = new Worker(Map.of(), List.of(), Set.of(), null, Instant.EPOCH, null);

    Worker withWindow(String reservationSid, FocusReservation window) {
        Map<String, FocusReservation> changed = new TreeMap<>(windows);
        changed.put(reservationSid, window);
        return new Worker(changed, logouts, stale, tellAt, keptFrom, null);
    }

    Worker withWindows(Map<String, FocusReservation> others) {
        return new Worker(others, logouts, stale, tellAt, keptFrom, idleSince);
    }

    Worker withLogout(Instant at) {
        List<Instant> all = Stream.concat(logouts.stream(), Stream.of(at))
                .distinct()
                .sorted()
                .toList();
        return new Worker(windows, all, stale, tellAt, keptFrom, null);
    }

    Worker withStale(Set<String> more) {
        if (stale.containsAll(more)) {
            return this;
        }
        Set<String> all = new TreeSet<>(stale);
        all.addAll(more);
        return new Worker(windows, logouts, all, tellAt, keptFrom, idleSince);
    }

    Worker withTellAt(Instant at) {
        return new Worker(windows, logouts, stale, at, keptFrom, idleSince);
    }

    /** All is told. */
    Worker settled() {
        return new Worker(windows, logouts, Set.of(), null, keptFrom, idleSince);
    }

    Worker keptFrom(Instant from) {
        return new Worker(
                windows, logouts.stream().filter(at -> !at.isBefore(from)).toList(), stale, tellAt, from, idleSince);
    }

    /** Whether there is neither a reservation nor a logout. */
    boolean isEmpty() {
        return windows.isEmpty() && logouts.isEmpty();
    }

    Worker idleSince(@Nullable Instant since) {
        return new Worker(windows, logouts, stale, tellAt, keptFrom, since);
    }

    @Override
    public Worker bounded() {
        if (windows.size() <= MOST_WINDOWS && logouts.size() <= MOST_LOGOUTS) {
            return this;
        }
        Map<String, FocusReservation> kept = Kept.of(
                windows,
                MOST_WINDOWS,
                Comparator.comparing((FocusReservation reservation) ->
                                reservation.window().rank())
                        .thenComparing(FocusReservation::seenAt));
        return new Worker(
                kept,
                Kept.greatest(logouts, MOST_LOGOUTS),
                Kept.only(stale, kept.keySet()),
                tellAt,
                keptFrom,
                idleSince);
    }

    @Override
    public int size() {
        return windows.size() + logouts.size();
    }
}
