package io.flexmetry.processors.cases;

import io.flexmetry.contract.topic.Json;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The way of what is told of a task to its case.
 *
 * <pre>
 * task events, outcomes, corrections (key TaskSid) ──▶ router ──▶ by case
 * </pre>
 */
public final class CaseRouting {

    private static final String NAME = "tasks-by-case";

    /** How the name of the router's topic ends. */
    public static final String TOPIC_SUFFIX = "-" + NAME + "-repartition";

    static final String ROUTES = "task-routes";
    static final String EARLIER = "task-earlier";
    static final String TIMERS = "task-route-timers";

    private CaseRouting() {}

    /**
     * Adds it.
     *
     * @param inputs key TaskSid
     * @return key the case
     */
    public static KStream<String, RoutedInput> addTo(KStream<String, TaskInput> inputs, Duration retention) {
        return inputs.process(new Supplier(retention), Named.as("router"))
                .repartition(Repartitioned.<String, RoutedInput>as(NAME)
                        .withKeySerde(Serdes.String())
                        .withValueSerde(Json.serde(RoutedInput.class)));
    }

    private record Supplier(Duration retention) implements ProcessorSupplier<String, TaskInput, String, RoutedInput> {

        @Override
        public Processor<String, TaskInput, String, RoutedInput> get() {
            return new RouterProcessor(retention);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            // in this order, so that the topology is described the same each time
            return new LinkedHashSet<>(List.of(
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(ROUTES), Serdes.String(), Json.serde(TaskRoute.class)),
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(EARLIER), Serdes.String(), Json.serde(EarlierInput.class)),
                    Timers.store(TIMERS)));
        }
    }
}
