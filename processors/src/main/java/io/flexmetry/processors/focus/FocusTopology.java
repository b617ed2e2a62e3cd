package io.flexmetry.processors.focus;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.explain.FocusInterval;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.Outputs;
import io.flexmetry.processors.store.PartedTable;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.store.Tables;
import io.flexmetry.processors.timer.Timers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Focus time.
 *
 * <pre>
 * focus events ─────────────────────────┐
 * worker events, also of reservations ──┴─▶ events by the minute, windows ──▶ contributions (key TaskSid)
 * </pre>
 */
public final class FocusTopology {

    /** Name of the store. */
    public static final String STORE = CaseRouting.WORKER_STORE;

    static final Table.Definition<FocusWorker> WORKERS =
            new Table.Definition<>(STORE, "workers", Json.state(FocusWorker.class));
    static final Table.Definition<FocusReservation> WINDOWS =
            new Table.Definition<>(STORE, "reservations", Json.state(FocusReservation.class));
    static final Table.Definition<Minute> MINUTES = new Table.Definition<>(STORE, "minutes", Json.state(Minute.class));
    static final Table.Definition<String> TIMERS = Timers.table(STORE, "timers");

    /** Later than any event. */
    static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

    private static final long SECONDS = 60;
    private static final int MINUTE_DIGITS = 11;
    private static final int CACHED_WORKERS = 1_000;

    private FocusTopology() {}

    /** The workers in a store; each window is a record of its own. */
    static PartedTable<FocusWorker, FocusReservation> workers(KeyValueStore<String, byte[]> shared) {
        return new PartedTable<>(
                WORKERS.in(shared), WINDOWS.in(shared), FocusWorker::windows, FocusWorker::withWindows, CACHED_WORKERS);
    }

    /** Key of a minute: {@code WorkerSid/minutes since 1970} at fixed width, so that it sorts by time. */
    static String minute(String workerSid, Instant at) {
        String minutes = Long.toString(Math.max(0, at.getEpochSecond() / SECONDS));
        return workerSid + "/" + "0".repeat(Math.max(0, MINUTE_DIGITS - minutes.length())) + minutes;
    }

    /** Stored events of a worker's tabs between two times. */
    static List<FocusEvent> events(Table.View<Minute> minutes, String workerSid, Instant from, Instant to) {
        List<FocusEvent> events = new ArrayList<>();
        try (KeyValueIterator<String, Minute> range = minutes.range(minute(workerSid, from), minute(workerSid, to))) {
            range.forEachRemaining(minute -> events.addAll(minute.value.events()));
        }
        return events;
    }

    /**
     * The intervals that the focus time of a reservation consists of, in order. Empty without focus, or when the events are deleted, a
     * day after the reservation closed.
     */
    public static List<FocusInterval> explain(
            Tables tables, Configuration configuration, String workerSid, String reservationSid) {
        FocusRules rules =
                new FocusRules(configuration.focus(), configuration.metrics().decimals());
        FocusWorker worker = tables.read(WORKERS).get(workerSid);
        FocusReservation window = tables.read(WINDOWS).get(PartedTable.key(workerSid, reservationSid));
        if (worker == null || window == null || !FocusRules.isComputable(worker, window)) {
            return List.of();
        }
        FocusRules.Span span = rules.span(window);
        List<FocusEvent> events = events(tables.read(MINUTES), workerSid, span.from(), span.to());
        return FocusRules.explain(window, reservationSid, rules.intervals(worker, events));
    }

    /**
     * Adds the feature.
     *
     * @param focusEvents key WorkerSid
     * @param workerEvents key WorkerSid; ingest adds a copy of each reservation event
     * @return values of reservations, key TaskSid
     */
    public static KStream<String, Contribution> addTo(
            KStream<String, Event> focusEvents, KStream<String, Event> workerEvents, Configuration configuration) {
        return Outputs.repartition(
                focusEvents
                        .merge(workerEvents, Named.as("focus-input"))
                        .process(() -> new FocusProcessor(configuration), Named.as("focus"), STORE),
                Contribution.class,
                "focus-by-task");
    }
}
