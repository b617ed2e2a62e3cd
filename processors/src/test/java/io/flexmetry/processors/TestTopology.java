package io.flexmetry.processors;

import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.KafkaSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
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

    static Topology topology(Path stateDir, Configuration configuration) {
        return ProcessorsTopology.build(properties(stateDir, configuration), configuration, null);
    }

    private static Properties properties(Path stateDir, Configuration configuration) {
        Properties properties = new ProcessorsSettings(
                        KafkaSettings.of("unused:9092"), Map.of(), stateDir, null, configuration)
                .toStreamsProperties();
        // the driver has no transactions; with them switched on it forgets what exception handlers send
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        return properties;
    }
}
