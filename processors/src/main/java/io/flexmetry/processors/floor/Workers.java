package io.flexmetry.processors.floor;

import io.flexmetry.processors.store.LruMap;
import io.flexmetry.processors.store.Parts;
import io.flexmetry.processors.store.Table;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Workers in two tables; each reservation is a record of its own. Recently used workers are cached, as in {@link
 * io.flexmetry.processors.store.CachedTable CachedTable}.
 */
final class Workers {

    private static final int MOST = 5_000;

    private final Table<WorkerStatusState> workers;
    private final Parts<StoredReservation> reservations;
    private final LruMap<WorkerStatusState> cache = new LruMap<>(MOST);

    /**
     * Over two tables.
     *
     * @param workers key WorkerSid, value without reservations
     * @param reservations key {@code WorkerSid/ReservationSid}
     */
    Workers(Table<WorkerStatusState> workers, Table<StoredReservation> reservations) {
        this.workers = workers;
        this.reservations = new Parts<>(reservations);
    }

    @Nullable
    WorkerStatusState get(String workerSid) {
        WorkerStatusState cached = cache.get(workerSid);
        if (cached != null) {
            return cached;
        }
        WorkerStatusState stored = workers.get(workerSid);
        if (stored == null) {
            return null;
        }
        Map<String, WorkerReservation> open = new HashMap<>();
        Map<String, Instant> ended = new HashMap<>();
        reservations.of(workerSid).forEach((sid, reservation) -> {
            if (reservation.open() != null) {
                open.put(sid, reservation.open());
            } else if (reservation.endedAt() != null) {
                ended.put(sid, reservation.endedAt());
            }
        });
        WorkerStatusState worker = stored.with(open, ended);
        cache.put(workerSid, worker);
        return worker;
    }

    /** Writes the records that differ from those of before. */
    void put(String workerSid, WorkerStatusState worker) {
        WorkerStatusState before = get(workerSid);
        // if the store refuses a record, the next get reads what is stored
        cache.remove(workerSid);
        reservations.update(workerSid, before == null ? Map.of() : records(before), records(worker));
        WorkerStatusState alone = worker.with(Map.of(), Map.of());
        if (before == null || !alone.equals(before.with(Map.of(), Map.of()))) {
            workers.put(workerSid, alone);
        }
        cache.put(workerSid, worker);
    }

    void delete(String workerSid) {
        WorkerStatusState stored = get(workerSid);
        if (stored != null) {
            reservations.update(workerSid, records(stored), Map.of());
        }
        workers.delete(workerSid);
        cache.remove(workerSid);
    }

    private static Map<String, StoredReservation> records(WorkerStatusState worker) {
        Map<String, StoredReservation> records = new HashMap<>();
        worker.ended().forEach((sid, endedAt) -> records.put(sid, new StoredReservation(null, endedAt)));
        worker.reservations().forEach((sid, open) -> records.put(sid, new StoredReservation(open, null)));
        return records;
    }
}
