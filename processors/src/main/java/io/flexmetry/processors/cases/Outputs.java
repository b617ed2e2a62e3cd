package io.flexmetry.processors.cases;

import io.flexmetry.contract.topic.Topic;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.jspecify.annotations.Nullable;

/** Distributes the outputs of a feature's processor, which are of several types. */
public final class Outputs {

    private Outputs() {}

    /** The outputs of one type. */
    @SuppressWarnings("unchecked") // the filter lets no other type pass
    public static <V, T extends V> KStream<String, T> only(KStream<String, V> outputs, Class<T> type, String name) {
        return (KStream<String, T>) outputs.filter((key, output) -> type.isInstance(output), Named.as(name));
    }

    /** Writes records to a topic, with its serdes. A null value is a tombstone. */
    public static <V> void to(KStream<String, @Nullable V> records, Topic<String, V> topic, String name) {
        records.to(
                topic.name(),
                Produced.<String, @Nullable V>as(name)
                        .withKeySerde(topic.keySerde())
                        .withValueSerde(topic.valueSerde()));
    }
}
