package io.flexmetry.contract.settings;

import java.net.URI;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;

/**
 * The environment, read strictly: an unknown {@code FLEXMETRY_*} name is probably a typing error. An empty value counts as not set,
 * because compose files pass unset variables as empty ones.
 */
public final class Environment {

    /** Prefix of the settings of Kafka Streams, which the module processors validates. */
    public static final String STREAMS = "FLEXMETRY_STREAMS_";

    private static final String OURS = "FLEXMETRY_";
    private static final int LAST_PORT = 65_535;
    private static final List<String> LOG_LEVELS = List.of("DEBUG", "INFO", "WARN", "ERROR");

    private final Map<Variable, String> values;
    private final Map<String, String> kafkaVariables;

    private Environment(Map<Variable, String> values, Map<String, String> kafkaVariables) {
        this.values = values;
        this.kafkaVariables = kafkaVariables;
    }

    /**
     * @param env such as {@link System#getenv()}
     * @throws SettingsException on an unknown {@code FLEXMETRY_*} name, an unknown log level, or a secret's file that cannot be read
     */
    public static Environment of(Map<String, String> env) {
        Map<String, String> given = SecretFiles.read(env);
        List<String> known = Stream.concat(
                        Stream.of(Variable.values()).map(Enum::name), KafkaSettings.variables().stream())
                .toList();
        given.keySet().stream()
                .filter(name -> name.startsWith(OURS) && !name.startsWith(STREAMS) && !known.contains(name))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw new SettingsException(
                            "Unknown environment variable " + name + ". Did you mean " + Nearest.to(name, known) + "?");
                });
        Map<Variable, String> values = new EnumMap<>(Variable.class);
        for (Variable variable : Variable.values()) {
            String value = given.get(variable.name());
            if (value != null && !value.isBlank()) {
                values.put(variable, value.strip());
            }
        }
        String level = values.get(Variable.FLEXMETRY_LOG_LEVEL);
        if (level != null && !LOG_LEVELS.contains(level.toUpperCase(Locale.ROOT))) {
            // Logback treats an unknown level as DEBUG
            throw new SettingsException("Expected " + Variable.FLEXMETRY_LOG_LEVEL + " to be one of "
                    + String.join(", ", LOG_LEVELS) + " but it is " + level);
        }
        Map<String, String> kafkaVariables = new HashMap<>();
        given.forEach((name, value) -> {
            boolean isVariable = Stream.of(Variable.values())
                    .anyMatch(variable -> variable.name().equals(name));
            if (!isVariable && name.startsWith(OURS) && !value.isBlank()) {
                kafkaVariables.put(name, value.strip());
            }
        });
        return new Environment(values, Map.copyOf(kafkaVariables));
    }

    /** A copy with a value for a variable that is not set. */
    public Environment withDefault(Variable variable, String value) {
        return values.containsKey(variable) ? this : with(variable, value);
    }

    /** A copy with another value for a variable. */
    public Environment with(Variable variable, String value) {
        Map<Variable, String> copy = new EnumMap<>(values);
        copy.put(variable, value);
        return new Environment(copy, kafkaVariables);
    }

    /** The value, if it is set. */
    public Optional<String> find(Variable variable) {
        return Optional.ofNullable(values.get(variable));
    }

    /** @throws SettingsException if it is not set */
    public String require(Variable variable) {
        return find(variable)
                .orElseThrow(() -> new SettingsException("Expected environment variable " + variable + " to be set"));
    }

    /**
     * A TCP port.
     *
     * @throws SettingsException if it is not a number from 0 (any free port) to 65535
     */
    public int port(Variable variable, int otherwise) {
        return find(variable).map(value -> parsePort(variable, value)).orElse(otherwise);
    }

    /**
     * A number of bytes, zero or more.
     *
     * @throws SettingsException if it is anything else
     */
    public long bytes(Variable variable, long otherwise) {
        return find(variable).map(value -> parseBytes(variable, value)).orElse(otherwise);
    }

    /**
     * An origin: scheme, host and port without a path, such as {@code https://flexmetry.example.com}.
     *
     * @throws SettingsException if it is anything else
     */
    public Optional<URI> origin(Variable variable) {
        return find(variable).map(value -> parseOrigin(variable, value));
    }

    /**
     * A comma-separated list of origins; empty if it is not set.
     *
     * @throws SettingsException if one of them is not an origin
     */
    public Set<String> origins(Variable variable) {
        Set<String> origins = new TreeSet<>();
        find(variable).ifPresent(list -> {
            for (String origin : list.split(",", -1)) {
                origins.add(Origins.parse(origin.strip())
                        .orElseThrow(() -> new SettingsException("Expected " + variable
                                + " to be comma-separated origins such as https://chat.example.com but one is "
                                + origin.strip()))
                        .toString());
            }
        });
        return origins;
    }

    /** Settings of Kafka's clients or of Kafka Streams: values by name of those variables that start with the prefix. */
    public Map<String, String> kafkaVariables(String prefix) {
        return kafkaVariables.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * The Kafka cluster and the settings of its clients.
     *
     * @throws SettingsException if it is not set or invalid
     */
    public KafkaSettings kafka() {
        String value = require(Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS);
        for (String server : value.split(",", -1)) {
            if (!isHostAndPort(server.strip())) {
                throw new SettingsException("Expected " + Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS
                        + " to be host:port, or several separated by commas, but it is " + value);
            }
        }
        return KafkaSettings.from(this, value);
    }

    /** Parses like Kafka, whose own error message would name a setting of Kafka. */
    private static boolean isHostAndPort(String server) {
        try {
            String host = Utils.getHost(server);
            Integer port = Utils.getPort(server);
            return host != null && !host.isEmpty() && port != null && port > 0 && port <= LAST_PORT;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static int parsePort(Variable variable, String value) {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= LAST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // same error as for a number out of range
        }
        throw new SettingsException("Expected " + variable + " to be a port from 0 to 65535 but it is " + value);
    }

    static int number(Variable variable, String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // same error as for a number out of range
        }
        throw new SettingsException(
                "Expected " + variable + " to be a whole number from " + least + " to " + most + " but it is " + value);
    }

    private static long parseBytes(Variable variable, String value) {
        try {
            long amount = Long.parseLong(value);
            if (amount >= 0) {
                return amount;
            }
        } catch (NumberFormatException e) {
            // same error as for a negative number
        }
        throw new SettingsException(
                "Expected " + variable + " to be a whole number of bytes such as 1073741824 but it is " + value);
    }

    private static URI parseOrigin(Variable variable, String value) {
        return Origins.parse(value.endsWith("/") ? value.substring(0, value.length() - 1) : value)
                .orElseThrow(() -> new SettingsException("Expected " + variable
                        + " to be an origin such as https://host:port, without a path, but it is " + value));
    }
}
