package io.flexmetry.contract.settings;

import static java.util.stream.Collectors.joining;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka cluster and the settings of our clients. Each setting of Kafka's clients has a variable: {@code security.protocol} is {@code
 * FLEXMETRY_KAFKA_SECURITY_PROTOCOL}. A client receives the settings that it supports.
 *
 * @param servers {@code host:port}, several separated by commas
 * @param clients validated settings by Kafka's name
 * @param topics settings for new topics
 */
public record KafkaSettings(String servers, Map<String, String> clients, TopicSettings topics) {

    static final String PREFIX = "FLEXMETRY_KAFKA_";

    /** Settings that our guarantees depend on, or that have their own variable. */
    private static final Set<String> OURS = Set.of(
            "acks",
            "allow.auto.create.topics",
            "auto.commit.interval.ms",
            "auto.offset.reset",
            "bootstrap.controllers",
            "bootstrap.servers",
            "client.id",
            "delivery.timeout.ms",
            "enable.auto.commit",
            "enable.idempotence",
            "exclude.internal.topics",
            "group.id",
            "group.instance.id",
            "isolation.level",
            "key.deserializer",
            "key.serializer",
            "max.block.ms",
            "max.in.flight.requests.per.connection",
            "max.request.size",
            "metadata.max.idle.ms",
            "partition.assignment.strategy",
            "partitioner.class",
            "partitioner.ignore.keys",
            "transaction.two.phase.commit.enable",
            "transactional.id",
            "value.deserializer",
            "value.serializer");

    private static final Map<String, ConfigDef.ConfigKey> KNOWN = known();

    public KafkaSettings {
        clients = Map.copyOf(clients);
    }

    /** A cluster without further settings. */
    public static KafkaSettings of(String servers) {
        return new KafkaSettings(servers, Map.of(), TopicSettings.DEFAULT);
    }

    /** @throws SettingsException if a setting is reserved, or Kafka does not accept its value */
    static KafkaSettings from(Environment environment, String servers) {
        Map<String, String> clients = new HashMap<>();
        new TreeMap<>(environment.kafkaVariables(PREFIX)).forEach((variable, value) -> {
            ConfigDef.ConfigKey key = KNOWN.get(variable);
            if (key != null) {
                check(variable, key, OURS, value);
                clients.put(key.name, value);
            }
        });
        return new KafkaSettings(servers, clients, TopicSettings.from(environment));
    }

    /**
     * Validates a setting as Kafka does.
     *
     * @param variable name of the environment variable
     * @param ours settings that only Flexmetry sets
     * @throws SettingsException if it is one of those, or its value is invalid
     */
    public static void check(String variable, ConfigDef.ConfigKey key, Set<String> ours, String value) {
        if (ours.contains(key.name)) {
            throw new SettingsException(
                    "Expected " + variable + " not to be set: Flexmetry sets " + key.name + " itself");
        }
        try {
            Object parsed = ConfigDef.parseType(key.name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
        } catch (ConfigException e) {
            String shown = key.type == ConfigDef.Type.PASSWORD ? "" : " but it is " + value;
            throw new SettingsException(
                    "Expected " + variable + " to be a value that Kafka accepts" + shown + ": " + e.getMessage());
        }
    }

    /** The name of a Kafka setting in the environment, without our prefix. */
    public static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** The settings of an admin client. */
    public Map<String, Object> admin() {
        return merged(Map.of(), AdminClientConfig.configNames());
    }

    /** The settings of a producer. Configured values override {@code own}. */
    public Map<String, Object> producer(Map<String, ?> own) {
        return merged(own, ProducerConfig.configNames());
    }

    /** The settings of a consumer. Configured values override {@code own}. */
    public Map<String, Object> consumer(Map<String, ?> own) {
        return merged(own, ConsumerConfig.configNames());
    }

    private Map<String, Object> merged(Map<String, ?> own, Set<String> known) {
        Map<String, Object> merged = new HashMap<>(own);
        clients.forEach((name, value) -> {
            if (known.contains(name)) {
                merged.put(name, value);
            }
        });
        merged.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        return merged;
    }

    /** Names of the security variables that are set, for error messages: the first suspects if a cluster refuses us. */
    public String credentials() {
        String set = clients.keySet().stream()
                .filter(name -> name.startsWith("sasl.") || name.startsWith("ssl.") || name.startsWith("security."))
                .sorted()
                .map(name -> PREFIX + variable(name))
                .collect(joining(", "));
        return set.isEmpty() ? PREFIX + variable("security.protocol") + ", which is not set" : set;
    }

    /** Names of the variables that are set, for error messages. */
    public String names() {
        return clients.isEmpty()
                ? "none is set"
                : clients.keySet().stream()
                        .sorted()
                        .map(name -> PREFIX + variable(name))
                        .collect(joining(", "));
    }

    /** All supported variables. */
    static Set<String> variables() {
        return KNOWN.keySet();
    }

    /** Whether Kafka treats the setting as a password. */
    static boolean isSecret(String variable) {
        ConfigDef.@Nullable ConfigKey key = KNOWN.get(variable);
        return key != null && key.type == ConfigDef.Type.PASSWORD;
    }

    private static Map<String, ConfigDef.ConfigKey> known() {
        Map<String, ConfigDef.ConfigKey> known = new HashMap<>();
        for (ConfigDef definition :
                new ConfigDef[] {AdminClientConfig.configDef(), ProducerConfig.configDef(), ConsumerConfig.configDef()
                }) {
            definition.configKeys().forEach((name, key) -> {
                if (!key.internalConfig) {
                    known.putIfAbsent(PREFIX + variable(name), key);
                }
            });
        }
        known.remove(Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS.name());
        return Map.copyOf(known);
    }

    /** Omits values, which may be secrets. */
    @Override
    public String toString() {
        return "KafkaSettings[servers=" + servers + ", clients=" + clients.keySet() + ", topics=" + topics + "]";
    }
}
