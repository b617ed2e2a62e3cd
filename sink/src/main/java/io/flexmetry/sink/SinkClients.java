package io.flexmetry.sink;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.contract.topic.Cluster;
import io.flexmetry.contract.topic.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The sink's clients of Kafka.
 *
 * @param outcomes reads outcomes, without a group
 * @param commands reads commands
 * @param producer writes outcomes
 */
record SinkClients(
        KafkaConsumer<byte[], byte[]> outcomes,
        KafkaConsumer<byte[], byte[]> commands,
        KafkaProducer<byte[], byte[]> producer) {

    private static final String GROUP = "flexmetry-sink";
    private static final int SESSION_TIMEOUT_MS = 10_000;

    /** Members learn about a rebalance from a heartbeat, so a short interval makes rebalances fast. */
    private static final int HEARTBEAT_MS = 500;

    /**
     * Creates the clients.
     *
     * @throws SettingsException if they cannot be created with the settings, such as a heartbeat interval that exceeds the session timeout
     */
    static SinkClients create(Environment environment) {
        KafkaSettings kafka = environment.kafka();
        try {
            return new SinkClients(
                    consumer(kafka.consumer(Map.of(
                            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                            false,
                            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                            "read_committed"))),
                    consumer(kafka.consumer(grouped(environment))),
                    producer(kafka));
        } catch (KafkaException e) {
            throw Cluster.unusable(kafka, e);
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Map<String, Object> grouped(Environment environment) {
        Map<String, Object> config = new HashMap<>(Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                GROUP,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                // after this time the group replaces a killed instance
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                SESSION_TIMEOUT_MS,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                HEARTBEAT_MS));
        environment
                .find(Variable.FLEXMETRY_INSTANCE_ID)
                .ifPresent(id -> config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, id));
        return config;
    }

    private static KafkaProducer<byte[], byte[]> producer(KafkaSettings kafka) {
        return new KafkaProducer<>(
                kafka.producer(Map.of(
                        ProducerConfig.CLIENT_ID_CONFIG,
                        GROUP,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        Topics.MOST_RECORD_BYTES)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
