package io.flexmetry.processors.focus;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.explain.FocusInterval;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.Contributions;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.store.Tables;
import io.flexmetry.processors.timer.Timers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * Focus.
 *
 * <pre>
 * focus events ─────────────────────────┐
 * worker events, also of reservations ──┴─▶ events by the minute, windows ──▶ contributions (key TaskSid)
 * </pre>
 */
public final class FocusTopology {

    /** Its state. */
    public static final String STORE = CaseRouting.WORKER_STORE;

    static final Table.Definition<Worker> WORKERS = new Table.Definition<>(STORE, "workers", Json.state(Worker.class));
    static final Table.Definition<FocusReservation> WINDOWS =
            new Table.Definition<>(STORE, "reservations", Json.state(FocusReservation.class));
    static final Table.Definition<Minute> MINUTES = new Table.Definition<>(STORE, "minutes", Json.state(Minute.class));
    static final Table.Definition<String> TIMERS = Timers.table(STORE, "timers");

    /** Later than anything that happens. */
    static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

    private static final long SECONDS = 60;

    private FocusTopology() {}

    /** Key of a minute: sorts by time within a worker. */
    static String minute(String workerSid, Instant at) {
        return workerSid + "/" + String.format("%011d", Math.floorDiv(at.getEpochSecond(), SECONDS));
    }

    /** What happened in a worker's tabs, as far as it is kept. */
    static List<FocusEvent> events(Table.View<Minute> minutes, String workerSid, Instant from, Instant to) {
        List<FocusEvent> events = new ArrayList<>();
        try (KeyValueIterator<String, Minute> range = minutes.range(minute(workerSid, from), minute(workerSid, to))) {
            while (range.hasNext()) {
                events.addAll(range.next().value.events());
            }
        }
        return events;
    }

    /**
     * What the focus time of a reservation is made of, in order; empty where nothing was looked at, or where what happened is not
     * kept any more, which is a day after it closed.
     */
    public static List<FocusInterval> explain(
            Tables tables, Configuration configuration, String workerSid, String reservationSid) {
        FocusRules rules =
                new FocusRules(configuration.focus(), configuration.metrics().decimals());
        Worker worker = tables.read(WORKERS).get(workerSid);
        FocusReservation window = tables.read(WINDOWS).get(Workers.key(workerSid, reservationSid));
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
     * @param workerEvents key WorkerSid; ingest puts a copy of what is told of reservations among them
     * @return numbers, key TaskSid
     */
    public static KStream<String, Contribution> addTo(
            KStream<String, Event> focusEvents, KStream<String, Event> workerEvents, Configuration configuration) {
        return Contributions.byTask(
                focusEvents
                        .merge(workerEvents, Named.as("focus-input"))
                        .process(() -> new FocusProcessor(configuration), Named.as("focus"), STORE),
                "focus-by-task");
    }
}
