package io.flexmetry.processors.focus;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.Contributions;
import io.flexmetry.processors.timer.Timers;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Focus.
 *
 * <pre>
 * focus events ─────────────────────────┐
 * worker events, also of reservations ──┴─▶ events by the minute, windows ──▶ contributions (key TaskSid)
 * </pre>
 */
public final class FocusTopology {

    static final String WORKERS = "focus-workers";
    static final String WINDOWS = "focus-windows";
    static final String MINUTES = "focus-minutes";
    static final String TIMERS = "focus-timers";

    /** Later than anything that happens. */
    static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

    private static final long SECONDS = 60;

    private FocusTopology() {}

    /** Key of a minute: sorts by time within a worker. */
    static String minute(String workerSid, Instant at) {
        return workerSid + "/" + String.format("%011d", Math.floorDiv(at.getEpochSecond(), SECONDS));
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
                        .process(new Supplier(configuration), Named.as("focus")),
                "focus-by-task");
    }

    private record Supplier(Configuration configuration)
            implements ProcessorSupplier<String, Event, String, Contribution> {

        @Override
        public Processor<String, Event, String, Contribution> get() {
            return new FocusProcessor(configuration);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            // in this order, so that the topology is described the same each time
            return new LinkedHashSet<>(List.of(
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(WORKERS), Serdes.String(), Json.serde(Worker.class)),
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(WINDOWS),
                            Serdes.String(),
                            Json.serde(FocusReservation.class)),
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(MINUTES), Serdes.String(), Json.serde(Minute.class)),
                    Timers.store(TIMERS)));
        }
    }
}
