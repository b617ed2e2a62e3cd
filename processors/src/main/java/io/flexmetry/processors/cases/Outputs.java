package io.flexmetry.processors.cases;

import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topic;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.jspecify.annotations.Nullable;

/** Distributes the outputs of a feature's processor, which are of several types. */
public final class Outputs {

    private Outputs() {}

    /** The contents of the outputs of one type. */
    public static <V, T extends V, C extends @Nullable Object> KStream<String, C> only(
            KStream<String, V> outputs, Class<T> type, Function<T, C> content, String name) {
        return ofType(outputs, type, name).mapValues(output -> content.apply(type.cast(output)), Named.as(name));
    }

    /** The contents of the outputs of one type, with other keys. */
    public static <V, T extends V, C extends @Nullable Object> KStream<String, C> only(
            KStream<String, V> outputs, Class<T> type, Function<T, String> key, Function<T, C> content, String name) {
        return ofType(outputs, type, name)
                .map(
                        (ignored, output) ->
                                KeyValue.pair(key.apply(type.cast(output)), content.apply(type.cast(output))),
                        Named.as(name));
    }

    private static <V> KStream<String, V> ofType(KStream<String, V> outputs, Class<? extends V> type, String name) {
        return outputs.filter((key, output) -> type.isInstance(output), Named.as("only-" + name));
    }

    /** Writes the contents of the outputs of one type to a topic. */
    public static <V, T extends V, C> void send(
            KStream<String, V> outputs,
            Class<T> type,
            Function<T, @Nullable C> content,
            Topic<String, C> topic,
            String name) {
        to(only(outputs, type, content, name), topic, "to-" + name);
    }

    /** Writes records to a topic, with its serdes. A null value is a tombstone. */
    public static <V> void to(KStream<String, @Nullable V> records, Topic<String, V> topic, String name) {
        records.to(
                topic.name(),
                Produced.<String, @Nullable V>as(name)
                        .withKeySerde(topic.keySerde())
                        .withValueSerde(topic.valueSerde()));
    }

    /**
     * Partitions records by a key that the feature has set. Each feature has a topic of its own: a common topic would merge all
     * features into one sub-topology, whose stream tasks then read the inputs of all.
     *
     * @param name name of the topic
     */
    public static <V> KStream<String, V> repartition(KStream<String, V> records, Class<V> type, String name) {
        return records.repartition(
                Repartitioned.<String, V>as(name).withKeySerde(Serdes.String()).withValueSerde(Json.serde(type)));
    }
}
