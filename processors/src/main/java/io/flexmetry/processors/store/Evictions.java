package io.flexmetry.processors.store;

import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** Keeps the state of a store within its limits and counts evicted entries. In normal operation nothing is evicted. */
public final class Evictions {

    /** The metric's name in Kafka Streams. Its tag {@value #STORE} contains the store's name. */
    public static final String METRIC = "evicted-total";

    /** The metric's tag. */
    public static final String STORE = "store";

    private final Sensor evicted;

    /** Counts evictions from one store of a processor. */
    public Evictions(ProcessorContext<?, ?> context, String store) {
        this.evicted = context.metrics()
                .addRateTotalSensor(
                        "state", context.taskId() + "/" + store, "evicted", RecordingLevel.INFO, STORE, store);
    }

    /** The state within its limits. */
    public <S extends Bounded<S>> S within(S state) {
        S bounded = state.bounded();
        for (int i = bounded.size(); i < state.size(); i++) {
            evicted.record();
        }
        return bounded;
    }
}
