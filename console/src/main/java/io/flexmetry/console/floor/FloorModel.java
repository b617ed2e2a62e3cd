package io.flexmetry.console.floor;

import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.PrivacyConfiguration.WorkerNames;
import io.flexmetry.contract.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The current state of the topics. One thread writes, others read. If names of workers are hidden, they are replaced
 * here, so nothing that reads this model contains them.
 */
public final class FloorModel {

    private static final Serializer<ReservationMetrics> ROWS =
            Topics.RESERVATION_METRICS.valueSerde().serializer();

    /** The limit for rows and for ledgers each: about 100,000 of them. */
    private static final long MOST_BYTES = 128L << 20;

    /** Three days of a thousand agents. */
    private static final int MOST_RESERVATIONS = 200_000;

    private final WorkerNames names;
    private final Map<String, ReservationSummary> summaries = new LinkedHashMap<>();
    private final Map<String, Set<String>> reservations = new HashMap<>();
    private final RecordCache rows = new RecordCache(MOST_BYTES);
    private final RecordCache ledgers = new RecordCache(MOST_BYTES);
    private final Map<String, TaskStatus> tasks = new HashMap<>();
    private final Map<String, WorkerStatus> workers = new HashMap<>();

    /**
     * Creates an empty model.
     *
     * @param names whether names of workers are shown
     */
    public FloorModel(WorkerNames names) {
        this.names = names;
    }

    /**
     * The records of a task, as in the topics except for hidden names.
     *
     * @param rows JSON rows of its reservations
     * @param ledger JSON; absent if no writes were decided
     */
    public record TaskRecords(List<String> rows, @Nullable String ledger) {}

    /** Stores a row; null deletes it. */
    public void row(String reservationSid, @Nullable ReservationMetrics row, byte @Nullable [] json) {
        if (row == null || names == WorkerNames.SHOWN) {
            take(reservationSid, row, json);
            return;
        }
        ReservationMetrics pseudonymous = Pseudonyms.of(row);
        // serialized again: fields that this version does not know could contain names
        take(reservationSid, pseudonymous, ROWS.serialize(Topics.RESERVATION_METRICS.name(), pseudonymous));
    }

    private synchronized void take(String reservationSid, @Nullable ReservationMetrics row, byte @Nullable [] json) {
        ReservationSummary before = summaries.remove(reservationSid);
        if (before != null && (row == null || !row.taskSid().equals(before.taskSid()))) {
            forget(before);
        }
        rows.put(reservationSid, json);
        if (row == null) {
            return;
        }
        summaries.put(reservationSid, ReservationSummary.of(row));
        reservations.computeIfAbsent(row.taskSid(), sid -> new TreeSet<>()).add(reservationSid);
        if (summaries.size() > MOST_RESERVATIONS) {
            var oldest = summaries.values().iterator();
            forget(oldest.next());
            oldest.remove();
        }
    }

    private void forget(ReservationSummary gone) {
        rows.put(gone.reservationSid(), null);
        reservations.computeIfPresent(gone.taskSid(), (sid, known) -> {
            known.remove(gone.reservationSid());
            return known.isEmpty() ? null : known;
        });
    }

    /** Stores a ledger; null deletes it. */
    public synchronized void ledger(String taskSid, @Nullable TaskLedger ledger, byte @Nullable [] json) {
        ledgers.put(taskSid, json);
    }

    /** Stores the status of a task; null deletes it. */
    public synchronized void task(String taskSid, @Nullable TaskStatus status, byte @Nullable [] json) {
        put(tasks, taskSid, status);
    }

    /** Stores the status of a worker; null deletes it. */
    public synchronized void worker(String workerSid, @Nullable WorkerStatus status, byte @Nullable [] json) {
        put(workers, workerSid, status == null || names == WorkerNames.SHOWN ? status : Pseudonyms.of(status));
    }

    /** The records of a task; absent if there are none. */
    public synchronized Optional<TaskRecords> find(String taskSid) {
        List<String> found = reservations.getOrDefault(taskSid, Set.of()).stream()
                .map(rows::get)
                .filter(Objects::nonNull)
                .map(FloorModel::text)
                .toList();
        byte[] ledger = ledgers.get(taskSid);
        return found.isEmpty() && ledger == null
                ? Optional.empty()
                : Optional.of(new TaskRecords(found, ledger == null ? null : text(ledger)));
    }

    /**
     * Rows as in the topic except for hidden names, the earliest accepted first.
     *
     * @return up to {@link RowsQuery#MOST_ROWS} rows, and one more if there are more
     */
    public synchronized List<String> rows(RowsQuery query) {
        return summaries.values().stream()
                .filter(query::takes)
                .sorted(Comparator.comparing(ReservationSummary::acceptedAt)
                        .thenComparing(ReservationSummary::reservationSid))
                .map(row -> rows.get(row.reservationSid()))
                .filter(Objects::nonNull)
                .limit(RowsQuery.MOST_ROWS + 1L)
                .map(FloorModel::text)
                .toList();
    }

    private static String text(byte @Nullable [] json) {
        return new String(Objects.requireNonNull(json), StandardCharsets.UTF_8);
    }

    /** A snapshot of all that the floor is computed from. */
    synchronized Snapshot snapshot() {
        return new Snapshot(
                new ArrayList<>(summaries.values()),
                new ArrayList<>(tasks.values()),
                new ArrayList<>(workers.values()));
    }

    /** A snapshot. */
    record Snapshot(List<ReservationSummary> summaries, List<TaskStatus> tasks, List<WorkerStatus> workers) {}

    private static <V> void put(Map<String, V> map, String key, @Nullable V value) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, value);
        }
    }
}
