package io.flexmetry.processors.focus;

import io.flexmetry.processors.store.LruMap;
import io.flexmetry.processors.store.Parts;
import io.flexmetry.processors.store.Table;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Workers in two tables; each window is a record of its own. Recently used workers are cached, as in {@link
 * io.flexmetry.processors.store.CachedTable CachedTable}.
 */
final class Workers {

    private static final int MOST = 1_000;

    private final Table<FocusWorker> workers;
    private final Parts<FocusReservation> windows;
    private final LruMap<FocusWorker> cache = new LruMap<>(MOST);

    /**
     * Over two tables.
     *
     * @param workers key WorkerSid, value without windows
     * @param windows key {@code WorkerSid/ReservationSid}
     */
    Workers(Table<FocusWorker> workers, Table<FocusReservation> windows) {
        this.workers = workers;
        this.windows = new Parts<>(windows);
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
        FocusWorker worker = stored.withWindows(windows.of(workerSid));
        cache.put(workerSid, worker);
        return worker;
    }

    /** Writes the records that differ from those of before. */
    void put(String workerSid, FocusWorker worker) {
        FocusWorker before = get(workerSid);
        // if the store refuses a record, the next get reads what is stored
        cache.remove(workerSid);
        windows.update(workerSid, before == null ? Map.of() : before.windows(), worker.windows());
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
}
