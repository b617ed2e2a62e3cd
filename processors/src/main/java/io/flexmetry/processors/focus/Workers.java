package io.flexmetry.processors.focus;

import io.flexmetry.processors.store.LruMap;
import io.flexmetry.processors.store.Table;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Workers in two stores: each window has an entry of its own, so that an event writes what it changes and not all the
 * reservations of the worker's day. Those of late are remembered, as {@link
 * io.flexmetry.processors.store.CachedTable CachedTable} does.
 */
final class Workers {

    private static final int MOST = 1_000;

    private final Table<Worker> workers;
    private final Table<FocusReservation> windows;
    private final LruMap<Worker> remembered = new LruMap<>(MOST);

    /**
     * Over two stores.
     *
     * @param workers key WorkerSid, value without windows
     * @param windows key {@code WorkerSid/ReservationSid}
     */
    Workers(Table<Worker> workers, Table<FocusReservation> windows) {
        this.workers = workers;
        this.windows = windows;
    }

    @Nullable
    Worker get(String workerSid) {
        Worker known = remembered.get(workerSid);
        if (known != null) {
            return known;
        }
        Worker stored = workers.get(workerSid);
        if (stored == null) {
            return null;
        }
        Worker whole = stored.withWindows(windowsOf(workerSid));
        remembered.put(workerSid, whole);
        return whole;
    }

    /** Sets it; of the windows those that are not as they were. */
    void put(String workerSid, Worker worker) {
        Worker before = get(workerSid);
        // if a store refuses a part, what the stores have is read again
        remembered.remove(workerSid);
        Map<String, FocusReservation> known = before == null ? Map.of() : before.windows();
        worker.windows().forEach((reservationSid, window) -> {
            if (!Objects.equals(window, known.get(reservationSid))) {
                windows.put(key(workerSid, reservationSid), window);
            }
        });
        known.keySet().stream()
                .filter(reservationSid -> !worker.windows().containsKey(reservationSid))
                .forEach(reservationSid -> windows.delete(key(workerSid, reservationSid)));
        Worker alone = worker.withWindows(Map.of());
        if (before == null || !alone.equals(before.withWindows(Map.of()))) {
            workers.put(workerSid, alone);
        }
        remembered.put(workerSid, worker);
    }

    /** Forgets a worker who has no windows. */
    void delete(String workerSid) {
        workers.delete(workerSid);
        remembered.remove(workerSid);
    }

    private Map<String, FocusReservation> windowsOf(String workerSid) {
        Map<String, FocusReservation> found = new TreeMap<>();
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
