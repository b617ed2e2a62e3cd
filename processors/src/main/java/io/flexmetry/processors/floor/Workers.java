package io.flexmetry.processors.floor;

import io.flexmetry.processors.store.LruMap;
import io.flexmetry.processors.store.Table;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Workers in two tables. Each reservation has a record of its own, so that an event writes what it changes and not all
 * reservations of the worker. Recently used workers are cached, as in {@link io.flexmetry.processors.store.CachedTable
 * CachedTable}.
 */
final class Workers {

    private static final int MOST = 5_000;

    private final Table<WorkerStatusState> workers;
    private final Table<StoredReservation> reservations;
    private final LruMap<WorkerStatusState> cache = new LruMap<>(MOST);

    /**
     * Over two tables.
     *
     * @param workers key WorkerSid, value without reservations
     * @param reservations key {@code WorkerSid/ReservationSid}
     */
    Workers(Table<WorkerStatusState> workers, Table<StoredReservation> reservations) {
        this.workers = workers;
        this.reservations = reservations;
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
        String prefix = key(workerSid, "");
        try (KeyValueIterator<String, StoredReservation> all = reservations.startingWith(prefix)) {
            all.forEachRemaining(entry -> {
                String sid = entry.key.substring(prefix.length());
                if (entry.value.open() != null) {
                    open.put(sid, entry.value.open());
                } else if (entry.value.endedAt() != null) {
                    ended.put(sid, entry.value.endedAt());
                }
            });
        }
        WorkerStatusState worker = stored.with(open, ended);
        cache.put(workerSid, worker);
        return worker;
    }

    /** Writes the records that differ from those of before. */
    void put(String workerSid, WorkerStatusState worker) {
        WorkerStatusState stored = get(workerSid);
        WorkerStatusState before = stored == null ? WorkerStatusState.NEW : stored;
        // if the store refuses a record, the next get reads what is stored
        cache.remove(workerSid);
        worker.reservations().forEach((sid, open) -> {
            if (!open.equals(before.reservations().get(sid))) {
                reservations.put(key(workerSid, sid), new StoredReservation(open, null));
            }
        });
        worker.ended().forEach((sid, endedAt) -> {
            if (!endedAt.equals(before.ended().get(sid))) {
                reservations.put(key(workerSid, sid), new StoredReservation(null, endedAt));
            }
        });
        deleteMissing(workerSid, before, worker);
        WorkerStatusState alone = worker.with(Map.of(), Map.of());
        if (stored == null || !alone.equals(stored.with(Map.of(), Map.of()))) {
            workers.put(workerSid, alone);
        }
        cache.put(workerSid, worker);
    }

    void delete(String workerSid) {
        WorkerStatusState stored = get(workerSid);
        if (stored != null) {
            deleteMissing(workerSid, stored, WorkerStatusState.NEW);
        }
        workers.delete(workerSid);
        cache.remove(workerSid);
    }

    private void deleteMissing(String workerSid, WorkerStatusState before, WorkerStatusState after) {
        before.reservations().keySet().forEach(sid -> deleteMissing(workerSid, sid, after));
        before.ended().keySet().forEach(sid -> deleteMissing(workerSid, sid, after));
    }

    private void deleteMissing(String workerSid, String reservationSid, WorkerStatusState after) {
        if (!after.reservations().containsKey(reservationSid) && !after.ended().containsKey(reservationSid)) {
            reservations.delete(key(workerSid, reservationSid));
        }
    }

    private static String key(String workerSid, String reservationSid) {
        return workerSid + "/" + reservationSid;
    }
}
