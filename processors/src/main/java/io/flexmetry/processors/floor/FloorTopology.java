package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.cases.Outputs;
import io.flexmetry.processors.store.PartedTable;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.timer.Timers;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Live status.
 *
 * <pre>
 * task events ─────────────────────────────▶ task status (key TaskSid)
 * focus events ────────────────────────────┐
 * worker events, also of reservations ─────┴─▶ worker status (key WorkerSid)
 * </pre>
 */
public final class FloorTopology {

    static final Table.Definition<TaskStatusState> TASKS =
            new Table.Definition<>(CaseRouting.TASK_STORE, "task-status", Json.state(TaskStatusState.class));
    static final Table.Definition<String> TASK_TIMERS = Timers.table(CaseRouting.TASK_STORE, "task-status-timers");

    static final Table.Definition<WorkerStatusState> WORKERS =
            new Table.Definition<>(CaseRouting.WORKER_STORE, "worker-status", Json.state(WorkerStatusState.class));
    static final Table.Definition<StoredReservation> WORKER_RESERVATIONS = new Table.Definition<>(
            CaseRouting.WORKER_STORE, "worker-status-reservations", Json.state(StoredReservation.class));

    /** A table of their own: they change with each heartbeat. */
    static final Table.Definition<Tabs> TABS =
            new Table.Definition<>(CaseRouting.WORKER_STORE, "worker-tabs", Json.state(Tabs.class));

    static final Table.Definition<String> WORKER_TIMERS =
            Timers.table(CaseRouting.WORKER_STORE, "worker-status-timers");

    private static final int CACHED_WORKERS = 5_000;

    private FloorTopology() {}

    /** The workers in a store; each reservation is a record of its own. */
    static PartedTable<WorkerStatusState, StoredReservation> workers(KeyValueStore<String, byte[]> shared) {
        return new PartedTable<>(
                WORKERS.in(shared),
                WORKER_RESERVATIONS.in(shared),
                WorkerStatusState::records,
                WorkerStatusState::withRecords,
                CACHED_WORKERS);
    }

    /**
     * Adds the feature.
     *
     * @param taskEvents key TaskSid
     * @param workerEvents key WorkerSid; ingest adds a copy of each reservation event
     * @param focusEvents key WorkerSid
     */
    public static void addTo(
            KStream<String, Event> taskEvents,
            KStream<String, Event> workerEvents,
            KStream<String, Event> focusEvents,
            Configuration configuration) {
        Outputs.to(
                taskEvents.process(
                        () -> new TaskStatusProcessor(configuration.retention()),
                        Named.as("floor-tasks"),
                        CaseRouting.TASK_STORE),
                Topics.TASK_STATUS,
                "task-status");
        Outputs.to(
                focusEvents
                        .merge(workerEvents, Named.as("floor-worker-input"))
                        .process(
                                () -> new WorkerStatusProcessor(configuration),
                                Named.as("floor-workers"),
                                CaseRouting.WORKER_STORE),
                Topics.WORKER_STATUS,
                "worker-status");
    }
}
