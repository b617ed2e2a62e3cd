package io.flexmetry.processors.focus;

import java.time.Instant;
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
 */
record Worker(
        Map<String, Window> windows,
        List<Instant> logouts,
        Set<String> stale,
        @Nullable Instant tellAt,
        Instant keptFrom) {

    static final Worker NEW = new Worker(Map.of(), List.of(), Set.of(), null, Instant.EPOCH);

    Worker withWindow(String reservationSid, Window window) {
        Map<String, Window> changed = new TreeMap<>(windows);
        changed.put(reservationSid, window);
        return new Worker(changed, logouts, stale, tellAt, keptFrom);
    }

    Worker withWindows(Map<String, Window> others) {
        return new Worker(others, logouts, stale, tellAt, keptFrom);
    }

    Worker withLogout(Instant at) {
        List<Instant> all = Stream.concat(logouts.stream(), Stream.of(at))
                .distinct()
                .sorted()
                .toList();
        return new Worker(windows, all, stale, tellAt, keptFrom);
    }

    Worker withStale(Set<String> more) {
        if (stale.containsAll(more)) {
            return this;
        }
        Set<String> all = new TreeSet<>(stale);
        all.addAll(more);
        return new Worker(windows, logouts, all, tellAt, keptFrom);
    }

    Worker withTellAt(Instant at) {
        return new Worker(windows, logouts, stale, at, keptFrom);
    }

    /** All is told. */
    Worker settled() {
        return new Worker(windows, logouts, Set.of(), null, keptFrom);
    }

    Worker keptFrom(Instant from) {
        return new Worker(
                windows, logouts.stream().filter(at -> !at.isBefore(from)).toList(), stale, tellAt, from);
    }
}
