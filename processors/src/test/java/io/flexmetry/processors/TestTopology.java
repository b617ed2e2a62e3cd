package io.flexmetry.processors;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;

/** The whole topology for Kafka's test driver. */
public final class TestTopology {

    private TestTopology() {}

    public static TopologyTestDriver driver(Path stateDir, Configuration configuration, Instant now) {
        return new TopologyTestDriver(topology(stateDir, configuration), properties(stateDir, configuration), now);
    }

    /**
     * The same with more settings.
     *
     * @param deadLetters counts them
     * @param more Kafka Streams' own settings
     */
    static TopologyTestDriver driver(
            Path stateDir, Configuration configuration, Instant now, DeadLetters deadLetters, Map<String, ?> more) {
        Properties properties = properties(stateDir, configuration);
        properties.put(DeadLetters.CONFIG, deadLetters);
        properties.putAll(more);
        return new TopologyTestDriver(ProcessorsTopology.build(properties, configuration, null), properties, now);
    }

    /** Writes a value to a topic; a reservation event also to the worker events, as ingest does. */
    public static <V> void pipe(TopologyTestDriver driver, Topic<String, V> topic, String key, V value) {
        input(driver, topic).pipeInput(key, value);
        if (isOfReservation(topic, value)) {
            input(driver, Topics.WORKER_EVENTS).pipeInput(workerSid(value), (Event) value);
        }
    }

    /** The same at another time than the driver's. */
    public static <V> void pipe(TopologyTestDriver driver, Topic<String, V> topic, String key, V value, Instant at) {
        input(driver, topic).pipeInput(key, value, at);
        if (isOfReservation(topic, value)) {
            input(driver, Topics.WORKER_EVENTS).pipeInput(workerSid(value), (Event) value, at);
        }
    }

    private static boolean isOfReservation(Topic<String, ?> topic, Object value) {
        return topic.equals(Topics.TASK_EVENTS) && ((Event) value).fact() instanceof ReservationFact;
    }

    private static String workerSid(Object value) {
        return ((ReservationFact) ((Event) value).fact()).worker().workerSid();
    }

    private static <V> TestInputTopic<String, V> input(TopologyTestDriver driver, Topic<String, V> topic) {
        return driver.createInputTopic(
                topic.name(), topic.keySerde().serializer(), topic.valueSerde().serializer());
    }

    static Topology topology(Path stateDir, Configuration configuration) {
        return ProcessorsTopology.build(properties(stateDir, configuration), configuration, null);
    }

    private static Properties properties(Path stateDir, Configuration configuration) {
        Properties properties = new ProcessorsSettings(
                        KafkaSettings.of("unused:9092"), Map.of(), stateDir, null, configuration)
                .toStreamsProperties();
        // the driver has no transactions; with exactly-once it drops what exception handlers send
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        return properties;
    }
}
