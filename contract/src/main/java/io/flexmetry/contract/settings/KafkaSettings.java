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
 * The Kafka cluster and how our clients talk to it. Each setting of Kafka's clients can be given as a variable: {@code
 * security.protocol} is {@code FLEXMETRY_KAFKA_SECURITY_PROTOCOL}. A client gets those of them that it knows.
 *
 * @param servers {@code host:port}, several with commas
 * @param clients settings by Kafka's name, checked
 * @param topics how topics are created
 */
public record KafkaSettings(String servers, Map<String, String> clients, TopicSettings topics) {

    static final String PREFIX = "FLEXMETRY_KAFKA_";

    /** What our promises rest on, or what has a variable of its own. */
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

    /** A cluster that asks for nothing. */
    public static KafkaSettings of(String servers) {
        return new KafkaSettings(servers, Map.of(), TopicSettings.DEFAULT);
    }

    /**
     * Reads them.
     *
     * @throws SettingsException if one is missing, is not to be set, or Kafka would not take its value
     */
    static KafkaSettings from(Environment environment, String servers) {
        Map<String, String> clients = new HashMap<>();
        new TreeMap<>(environment.passedOn(PREFIX)).forEach((variable, value) -> {
            ConfigDef.ConfigKey key = KNOWN.get(variable);
            if (key != null) {
                check(variable, key, OURS, value);
                clients.put(key.name, value);
            }
        });
        return new KafkaSettings(servers, clients, TopicSettings.from(environment));
    }

    /**
     * Checks a setting of Kafka's as Kafka would.
     *
     * @param variable its name in the environment
     * @param ours what only Flexmetry sets
     * @throws SettingsException if it is one of those, or its value is none
     */
    public static void check(String variable, ConfigDef.ConfigKey key, Set<String> ours, String value) {
        if (ours.contains(key.name)) {
            throw new SettingsException(
                    "Expected " + variable + " not to be set: " + key.name + " is Flexmetry's own matter");
        }
        try {
            Object parsed = ConfigDef.parseType(key.name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
        } catch (ConfigException e) {
            String shown = key.type == ConfigDef.Type.PASSWORD ? "" : " but it is " + value;
            throw new SettingsException(
                    "Expected " + variable + " to be a value that Kafka takes" + shown + ": " + e.getMessage());
        }
    }

    /** How a setting of Kafka's is called in the environment, without our prefix. */
    public static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** For an admin client: what was set. */
    public Map<String, Object> admin() {
        return merged(Map.of(), AdminClientConfig.configNames());
    }

    /** For a producer: ours, and what was set, which counts more. */
    public Map<String, Object> producer(Map<String, ?> own) {
        return merged(own, ProducerConfig.configNames());
    }

    /** For a consumer: ours, and what was set, which counts more. */
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

    /** The variables of what was set about who we are, for a message; the first to look at if a cluster refuses us. */
    public String credentials() {
        String set = clients.keySet().stream()
                .filter(name -> name.startsWith("sasl.") || name.startsWith("ssl.") || name.startsWith("security."))
                .sorted()
                .map(name -> PREFIX + variable(name))
                .collect(joining(", "));
        return set.isEmpty() ? PREFIX + variable("security.protocol") + ", which is not set" : set;
    }

    /** All that can be set, by variable. */
    static Set<String> variables() {
        return KNOWN.keySet();
    }

    /** Whether it is one that Kafka keeps out of logs. */
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

    /** Without secrets. */
    @Override
    public String toString() {
        return "KafkaSettings[servers=" + servers + ", clients=" + clients.keySet() + ", topics=" + topics + "]";
    }
}
