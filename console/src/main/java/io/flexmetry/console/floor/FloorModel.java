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
 * What the topics have told. One thread tells, others ask. Where names of workers are hidden, none of them gets in, so whatever is made
 * of what is here has none.
 */
public final class FloorModel {

    private static final Serializer<ReservationMetrics> ROWS =
            Topics.RESERVATION_METRICS.valueSerde().serializer();

    /** Of rows and of ledgers each: some 100,000 of them. */
    private static final long MOST_BYTES = 128L << 20;

    /** Three days of a floor of a thousand agents. */
    private static final int MOST_FIGURES = 200_000;

    private final WorkerNames names;
    private final Map<String, Figures> figures = new LinkedHashMap<>();
    private final Map<String, Set<String>> reservations = new HashMap<>();
    private final Newest rows = new Newest(MOST_BYTES);
    private final Newest ledgers = new Newest(MOST_BYTES);
    private final Map<String, TaskStatus> tasks = new HashMap<>();
    private final Map<String, WorkerStatus> workers = new HashMap<>();

    /**
     * An empty one.
     *
     * @param names by what it calls workers
     */
    public FloorModel(WorkerNames names) {
        this.names = names;
    }

    /**
     * What is known of a task, as it stands in the topics but for names that are hidden.
     *
     * @param rows of its reservations, JSON
     * @param ledger JSON; absent where nothing was to be written
     */
    public record KnownTask(List<String> rows, @Nullable String ledger) {}

    /** Takes a row, or that it is gone. */
    public void row(String reservationSid, @Nullable ReservationMetrics row, byte @Nullable [] json) {
        if (row == null || names == WorkerNames.SHOWN) {
            take(reservationSid, row, json);
            return;
        }
        ReservationMetrics nameless = Pseudonyms.of(row);
        // written anew: what this version does not know of a row could be a name
        take(reservationSid, nameless, ROWS.serialize(Topics.RESERVATION_METRICS.name(), nameless));
    }

    private synchronized void take(String reservationSid, @Nullable ReservationMetrics row, byte @Nullable [] json) {
        Figures before = figures.remove(reservationSid);
        if (before != null && (row == null || !row.taskSid().equals(before.taskSid()))) {
            forget(before);
        }
        rows.put(reservationSid, json);
        if (row == null) {
            return;
        }
        figures.put(reservationSid, Figures.of(row));
        reservations.computeIfAbsent(row.taskSid(), sid -> new TreeSet<>()).add(reservationSid);
        if (figures.size() > MOST_FIGURES) {
            var oldest = figures.values().iterator();
            forget(oldest.next());
            oldest.remove();
        }
    }

    private void forget(Figures gone) {
        rows.put(gone.reservationSid(), null);
        reservations.computeIfPresent(gone.taskSid(), (sid, known) -> {
            known.remove(gone.reservationSid());
            return known.isEmpty() ? null : known;
        });
    }

    /** Takes a ledger, or that it is gone. */
    public synchronized void ledger(String taskSid, @Nullable TaskLedger ledger, byte @Nullable [] json) {
        ledgers.put(taskSid, json);
    }

    /** Takes where a task is, or that it is gone. */
    public synchronized void task(String taskSid, @Nullable TaskStatus status, byte @Nullable [] json) {
        put(tasks, taskSid, status);
    }

    /** Takes what a worker does, or that the worker is gone. */
    public synchronized void worker(String workerSid, @Nullable WorkerStatus status, byte @Nullable [] json) {
        put(workers, workerSid, status == null || names == WorkerNames.SHOWN ? status : Pseudonyms.of(status));
    }

    /** What is known of a task; absent where nothing is. */
    public synchronized Optional<KnownTask> find(String taskSid) {
        List<String> found = reservations.getOrDefault(taskSid, Set.of()).stream()
                .map(rows::get)
                .filter(Objects::nonNull)
                .map(FloorModel::text)
                .toList();
        byte[] ledger = ledgers.get(taskSid);
        return found.isEmpty() && ledger == null
                ? Optional.empty()
                : Optional.of(new KnownTask(found, ledger == null ? null : text(ledger)));
    }

    /**
     * Rows as they stand in the topic but for names that are hidden, the earliest accepted first.
     *
     * @return one more than {@link RowsQuery#MOST_ROWS} where there are more
     */
    public synchronized List<String> rows(RowsQuery query) {
        return figures.values().stream()
                .filter(query::takes)
                .sorted(Comparator.comparing(Figures::acceptedAt).thenComparing(Figures::reservationSid))
                .map(row -> rows.get(row.reservationSid()))
                .filter(Objects::nonNull)
                .limit(RowsQuery.MOST_ROWS + 1L)
                .map(FloorModel::text)
                .toList();
    }

    private static String text(byte @Nullable [] json) {
        return new String(Objects.requireNonNull(json), StandardCharsets.UTF_8);
    }

    /** All that the floor is made of, as it is now. */
    synchronized Known known() {
        return new Known(
                new ArrayList<>(figures.values()), new ArrayList<>(tasks.values()), new ArrayList<>(workers.values()));
    }

    /** A copy of it. */
    record Known(List<Figures> figures, List<TaskStatus> tasks, List<WorkerStatus> workers) {}

    private static <V> void put(Map<String, V> map, String key, @Nullable V value) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, value);
        }
    }
}
