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
 * What processors need to know.
 *
 * @param kafka the cluster
 * @param streams settings of Kafka Streams by their name, checked
 * @param stateDir where the stores are; a restart on it goes on without reading the changelog again
 * @param instanceId name of this instance in its group, which then has the state folder for itself; absent = each takes a
 *     folder in it, and the name that goes with it
 * @param configuration rules
 */
record ProcessorsSettings(
        KafkaSettings kafka,
        Map<String, String> streams,
        Path stateDir,
        @Nullable String instanceId,
        Configuration configuration) {

    private static final String DEFAULT_STATE_DIR = ".flexmetry/processors";

    /** A killed instance is missed after that long, and its tasks go to the others. */
    private static final int SESSION_TIMEOUT_MS = 10_000;

    /** Members hear with a heartbeat that the group is to rebalance, and a planned restart is two rebalances or more. */
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
     * @throws SettingsException if something is missing or of the wrong form
     */
    static ProcessorsSettings from(Environment environment) {
        return new ProcessorsSettings(
                environment.kafka(),
                StreamsSettings.from(environment),
                Path.of(environment.find(Variable.FLEXMETRY_STATE_DIR).orElse(DEFAULT_STATE_DIR)),
                environment.find(Variable.FLEXMETRY_INSTANCE_ID).orElse(null),
                Configuration.from(environment));
    }

    /** For a topology that nobody runs. */
    Properties toStreamsProperties() {
        return toStreamsProperties(stateDir, instanceId);
    }

    /** For one that is run, from that folder. */
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
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class.getName());
        properties.put(
                StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, ProcessingFailureHandler.class.getName());
        properties.put(
                StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, ProductionFailureHandler.class.getName());
        // 4.3 warns when it is not set; the constant is deprecated already, because 5.0 has no other way
        properties.put("processing.exception.handler.global.enabled", true);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedMemory.class);
        // state may grow as large as an event; by default internal topics take what the broker takes, which is 1 MiB
        properties.put(
                StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
                Integer.toString(Topics.MOST_RECORD_BYTES));
        // a dead letter holds a whole record
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
        // groups of the newer protocol have no static members
        if (memberName != null && !StreamsSettings.isNewProtocol(streams)) {
            properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), memberName);
        }
        putClients(properties);
        return properties;
    }

    /** Without a prefix they are for all clients of Kafka Streams; but ours with one would count more. */
    private void putClients(Properties properties) {
        kafka.clients().forEach((name, value) -> {
            // Streams has one of the same name, and another meaning
            if (!name.equals(ConsumerConfig.GROUP_PROTOCOL_CONFIG)) {
                properties.remove(StreamsConfig.consumerPrefix(name));
                properties.remove(StreamsConfig.producerPrefix(name));
                properties.put(name, value);
            }
        });
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.servers());
    }
}
