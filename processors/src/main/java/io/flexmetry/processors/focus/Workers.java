package io.flexmetry.processors.focus;

import io.flexmetry.processors.store.LruMap;
import io.flexmetry.processors.store.Table;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Workers in two tables. Each window has a record of its own, so that an event writes what it changes and not all
 * reservations of the worker's day. Recently used workers are cached, as in {@link
 * io.flexmetry.processors.store.CachedTable CachedTable}.
 */
final class Workers {

    private static final int MOST = 1_000;

    private final Table<FocusWorker> workers;
    private final Table<FocusReservation> windows;
    private final LruMap<FocusWorker> cache = new LruMap<>(MOST);

    /**
     * Over two tables.
     *
     * @param workers key WorkerSid, value without windows
     * @param windows key {@code WorkerSid/ReservationSid}
     */
    Workers(Table<FocusWorker> workers, Table<FocusReservation> windows) {
        this.workers = workers;
        this.windows = windows;
    }

    @Nullable
    FocusWorker get(String workerSid) {
        FocusWorker cached = cache.get(workerSid);
        if (cached != null) {
            return cached;
        }
        FocusWorker stored = workers.get(workerSid);
        if (stored == null) {
            return null;
        }
        FocusWorker worker = stored.withWindows(windowsOf(workerSid));
        cache.put(workerSid, worker);
        return worker;
    }

    /** Writes the records that differ from those of before. */
    void put(String workerSid, FocusWorker worker) {
        FocusWorker before = get(workerSid);
        // if the store refuses a record, the next get reads what is stored
        cache.remove(workerSid);
        Map<String, FocusReservation> known = before == null ? Map.of() : before.windows();
        worker.windows().forEach((reservationSid, window) -> {
            if (!window.equals(known.get(reservationSid))) {
                windows.put(key(workerSid, reservationSid), window);
            }
        });
        known.keySet().forEach(reservationSid -> {
            if (!worker.windows().containsKey(reservationSid)) {
                windows.delete(key(workerSid, reservationSid));
            }
        });
        FocusWorker alone = worker.withWindows(Map.of());
        if (before == null || !alone.equals(before.withWindows(Map.of()))) {
            workers.put(workerSid, alone);
        }
        cache.put(workerSid, worker);
    }

    /** Deletes a worker who has no windows. */
    void delete(String workerSid) {
        workers.delete(workerSid);
        cache.remove(workerSid);
    }

    private Map<String, FocusReservation> windowsOf(String workerSid) {
        Map<String, FocusReservation> found = new HashMap<>();
        String prefix = key(workerSid, "");
        try (KeyValueIterator<String, FocusReservation> all = windows.startingWith(prefix)) {
            all.forEachRemaining(entry -> found.put(entry.key.substring(prefix.length()), entry.value));
        }
        return found;
    }

    /** Key of a window. */
    static String key(String workerSid, String reservationSid) {
        return workerSid + "/" + reservationSid;
    }
}
