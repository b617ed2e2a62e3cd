package io.flexmetry.processors;

import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.store.BoundedMemory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the processors.
 *
 * @param kafka the cluster
 * @param streams validated settings of Kafka Streams by their name
 * @param stateDir folder of the stores; a restart with the same folder restores nothing from the changelogs
 * @param instanceId name of this instance in its group; it then has the state folder to itself. Absent: each instance takes a
 *     folder in the state folder, and the name in it
 * @param configuration rules
 */
record ProcessorsSettings(
        KafkaSettings kafka,
        Map<String, String> streams,
        Path stateDir,
        @Nullable String instanceId,
        Configuration configuration) {

    private static final String DEFAULT_STATE_DIR = ".flexmetry/processors";

    /** When an instance is killed, the others take over its tasks after this time. */
    private static final int SESSION_TIMEOUT_MS = 10_000;

    /** Members learn of a rebalance with a heartbeat's response, and a planned restart takes two or more rebalances. */
    private static final int HEARTBEAT_MS = 500;

    /**
     * A fetch waits up to 25 ms for a batch of records. By default the broker answers each fetch with the first record, so that
     * fetches and polls cost more than the records. Numbers come up to 25 ms later for each topic on their way.
     */
    private static final int FETCH_MIN_BYTES = 64 << 10;

    private static final int FETCH_MAX_WAIT_MS = 25;

    /**
     * Reads them from the environment.
     *
     * @throws SettingsException if a setting is missing or invalid
     */
    static ProcessorsSettings from(Environment environment) {
        return new ProcessorsSettings(
                environment.kafka(),
                StreamsSettings.from(environment),
                Path.of(environment.find(Variable.FLEXMETRY_STATE_DIR).orElse(DEFAULT_STATE_DIR)),
                environment.find(Variable.FLEXMETRY_INSTANCE_ID).orElse(null),
                Configuration.from(environment));
    }

    /** For a topology that is not run. */
    Properties toStreamsProperties() {
        return toStreamsProperties(stateDir, instanceId);
    }

    /** For a topology that is run with its stores in that folder. */
    Properties toStreamsProperties(InstanceFolder folder) {
        return toStreamsProperties(folder.path(), folder.instanceId());
    }

    private Properties toStreamsProperties(Path folder, @Nullable String memberName) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, Topics.PROCESSORS_GROUP);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        properties.put(
                StreamsConfig.NUM_STREAM_THREADS_CONFIG, Runtime.getRuntime().availableProcessors());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        properties.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
        properties.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
        // Kafka 4.3 warns if it is not set; its constant is deprecated, because 5.0 has no other behaviour
        properties.put("processing.exception.handler.global.enabled", true);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedMemory.class);
        // state may be as large as an event; by default internal topics have the broker's limit of 1 MiB
        properties.put(
                StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
                Integer.toString(Topics.MOST_RECORD_BYTES));
        // a dead letter contains a whole record
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), Topics.MOST_RECORD_BYTES);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_TIMEOUT_MS);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), HEARTBEAT_MS);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG), FETCH_MIN_BYTES);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), FETCH_MAX_WAIT_MS);
        if (kafka.topics().replicationFactor() != null) {
            properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int)
                    kafka.topics().replicationFactor());
        }
        properties.putAll(streams);
        // the streams protocol has no static members
        if (memberName != null && !StreamsSettings.isNewProtocol(streams)) {
            properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), memberName);
        }
        putClients(properties);
        return properties;
    }

    /** Settings without a prefix are for all clients of Kafka Streams. Ours with a prefix would override them, so they are removed. */
    private void putClients(Properties properties) {
        kafka.clients().forEach((name, value) -> {
            // Kafka Streams has a setting of the same name with another meaning
            if (!name.equals(ConsumerConfig.GROUP_PROTOCOL_CONFIG)) {
                properties.remove(StreamsConfig.consumerPrefix(name));
                properties.remove(StreamsConfig.producerPrefix(name));
                properties.put(name, value);
            }
        });
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.servers());
    }
}
