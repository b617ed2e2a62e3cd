package io.flexmetry.processors.store;

import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** Keeps the state of a store within its limits, and counts what had to go: in ordinary operation that is nothing. */
public final class Evictions {

    /** Name of the metric in Kafka Streams; its tag {@value #STORE} names the store. */
    public static final String METRIC = "evicted-total";

    /** The tag of the metric. */
    public static final String STORE = "store";

    private final Sensor evicted;

    /** For a store of that processor. */
    public Evictions(ProcessorContext<?, ?> context, String store) {
        this.evicted = context.metrics()
                .addRateTotalSensor(
                        "state", context.taskId() + "/" + store, "evicted", RecordingLevel.INFO, STORE, store);
    }

    /** The state as it may be stored. */
    public <S extends Bounded<S>> S within(S state) {
        S bounded = state.bounded();
        for (int i = bounded.size(); i < state.size(); i++) {
            evicted.record();
        }
        return bounded;
    }
}
