package io.flexmetry.processors;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.settings.Nearest;
import io.flexmetry.contract.settings.SettingsException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Settings of Kafka Streams from the environment: {@code num.standby.replicas} is {@code
 * FLEXMETRY_STREAMS_NUM_STANDBY_REPLICAS}. Settings of its clients are {@code FLEXMETRY_KAFKA_…}, as for all clients.
 */
final class StreamsSettings {

    /** Settings that the results depend on, or that have a variable of their own. */
    private static final Set<String> OURS = Set.of(
            "application.id",
            "default.client.supplier",
            "default.deserialization.exception.handler",
            "default.dsl.store",
            "default.key.serde",
            "default.list.key.serde.inner",
            "default.list.key.serde.type",
            "default.list.value.serde.inner",
            "default.list.value.serde.type",
            "default.production.exception.handler",
            "default.timestamp.extractor",
            "default.value.serde",
            "deserialization.exception.handler",
            "dsl.store.format",
            "dsl.store.suppliers.class",
            "ensure.explicit.internal.resource.naming",
            "errors.dead.letter.queue.topic.name",
            "processing.exception.handler",
            "processing.exception.handler.global.enabled",
            "processing.guarantee",
            "processor.wrapper.class",
            "production.exception.handler",
            "replication.factor",
            "rocksdb.config.setter",
            "state.dir",
            "topology.optimization",
            "window.size.ms",
            "windowed.inner.class.serde");

    private static final Map<String, ConfigDef.ConfigKey> KNOWN =
            StreamsConfig.configDef().configKeys().values().stream()
                    .filter(key -> !isClientSetting(key.name) && !key.internalConfig)
                    .collect(Collectors.toUnmodifiableMap(
                            key -> Environment.STREAMS + KafkaSettings.variable(key.name), Function.identity()));

    private StreamsSettings() {}

    /**
     * Reads them.
     *
     * @return values by their name in Kafka Streams
     * @throws SettingsException if a setting is unknown, must not be set, or has an invalid value
     */
    static Map<String, String> from(Environment environment) {
        Map<String, String> settings = new TreeMap<>();
        new TreeMap<>(environment.kafkaVariables(Environment.STREAMS)).forEach((variable, value) -> {
            ConfigDef.ConfigKey key = KNOWN.get(variable);
            if (key == null) {
                throw new SettingsException("Unknown environment variable " + variable + ". Did you mean "
                        + Nearest.to(variable, KNOWN.keySet()) + "?");
            }
            KafkaSettings.check(variable, key, OURS, value);
            settings.put(key.name, value);
        });
        OwnAddress.from(environment)
                .ifPresent(address -> settings.putIfAbsent(StreamsConfig.APPLICATION_SERVER_CONFIG, address));
        return settings;
    }

    /** Whether the group uses the streams protocol, where the broker assigns the tasks. */
    static boolean isNewProtocol(Map<String, String> settings) {
        return "streams".equalsIgnoreCase(settings.getOrDefault(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic"));
    }

    private static boolean isClientSetting(String name) {
        boolean client = AdminClientConfig.configNames().contains(name)
                || ProducerConfig.configNames().contains(name)
                || ConsumerConfig.configNames().contains(name);
        return client && !name.equals(StreamsConfig.GROUP_PROTOCOL_CONFIG);
    }
}
