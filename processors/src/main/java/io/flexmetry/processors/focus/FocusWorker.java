package io.flexmetry.processors.focus;

import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.store.Bounded;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * State of a worker without the events of the tabs.
 *
 * @param windows by reservation SID
 * @param logouts when the worker went offline, in order
 * @param stale reservations whose values may have changed since they were published
 * @param publishAt when they are published; absent if none is stale
 * @param keptFrom earlier events are deleted
 * @param hasMinutes whether there may be events; otherwise no look-up or scan is needed
 * @param idleSince since when there is neither a reservation nor a logout nor an event; absent while there is one
 */
record FocusWorker(
        @AtMost(MOST_WINDOWS) Map<String, FocusReservation> windows,
        @AtMost(MOST_LOGOUTS) List<Instant> logouts,
        @AtMost(MOST_WINDOWS) Set<String> stale,
        @Nullable Instant publishAt,
        Instant keptFrom,
        boolean hasMinutes,
        @Nullable Instant idleSince)
        implements Bounded<FocusWorker> {

    /**
     * Offers that were not accepted are evicted first, then closed reservations, the oldest before. Another event of an evicted
     * reservation restores it with the same values: the events of the tabs are stored separately.
     */
    static final int MOST_WINDOWS = 1_000;

    /** The newest stay. */
    static final int MOST_LOGOUTS = 500;

    static final FocusWorker NEW = new FocusWorker(Map.of(), List.of(), Set.of(), null, Instant.EPOCH, false, null);

    private static final Comparator<FocusReservation> WORTH = Comparator.<FocusReservation, Boolean>comparing(
                    reservation -> reservation.acceptedAt() != null)
            .thenComparing(reservation -> reservation.window().isOpen())
            .thenComparing(FocusReservation::latest);

    FocusWorker withWindow(String reservationSid, FocusReservation window) {
        Map<String, FocusReservation> changed = new HashMap<>(windows);
        changed.put(reservationSid, window);
        return new FocusWorker(changed, logouts, stale, publishAt, keptFrom, hasMinutes, null);
    }

    FocusWorker withWindows(Map<String, FocusReservation> others) {
        return new FocusWorker(others, logouts, stale, publishAt, keptFrom, hasMinutes, idleSince);
    }

    FocusWorker withLogout(Instant at) {
        List<Instant> all = Stream.concat(logouts.stream(), Stream.of(at))
                .distinct()
                .sorted()
                .toList();
        return new FocusWorker(windows, all, stale, publishAt, keptFrom, hasMinutes, null);
    }

    FocusWorker withMinutes() {
        return new FocusWorker(windows, logouts, stale, publishAt, keptFrom, true, null);
    }

    FocusWorker withStale(Set<String> more) {
        if (stale.containsAll(more)) {
            return this;
        }
        Set<String> all = new TreeSet<>(stale);
        all.addAll(more);
        return new FocusWorker(windows, logouts, all, publishAt, keptFrom, hasMinutes, idleSince);
    }

    FocusWorker withPublishAt(Instant at) {
        return new FocusWorker(windows, logouts, stale, at, keptFrom, hasMinutes, idleSince);
    }

    /** The same after everything stale is published. */
    FocusWorker published() {
        return new FocusWorker(windows, logouts, Set.of(), null, keptFrom, hasMinutes, idleSince);
    }

    /** The same after a sweep deleted earlier events. */
    FocusWorker swept(Instant from, boolean isAnyMinuteLeft) {
        List<Instant> left = logouts.stream().filter(at -> !at.isBefore(from)).toList();
        return new FocusWorker(windows, left, stale, publishAt, from, isAnyMinuteLeft, idleSince);
    }

    boolean isEmpty() {
        return windows.isEmpty() && logouts.isEmpty() && !hasMinutes;
    }

    FocusWorker withIdleSince(@Nullable Instant since) {
        return new FocusWorker(windows, logouts, stale, publishAt, keptFrom, hasMinutes, since);
    }

    @Override
    public FocusWorker bounded() {
        if (windows.size() <= MOST_WINDOWS && logouts.size() <= MOST_LOGOUTS) {
            return this;
        }
        Map<String, FocusReservation> kept = Kept.of(windows, MOST_WINDOWS, WORTH);
        return new FocusWorker(
                kept,
                Kept.greatest(logouts, MOST_LOGOUTS),
                Kept.only(stale, kept.keySet()),
                publishAt,
                keptFrom,
                hasMinutes,
                idleSince);
    }

    @Override
    public int size() {
        return windows.size() + logouts.size();
    }
}
