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
 * The environment, read strictly: an unknown {@code FLEXMETRY_*} name is a typing error that would otherwise go
 * unnoticed. An empty value counts as not set, because compose files pass unset variables on as empty ones.
 */
public final class Environment {

    /** Settings of Kafka Streams; processors, which have Kafka Streams, say which there are. */
    public static final String STREAMS = "FLEXMETRY_STREAMS_";

    private static final String OURS = "FLEXMETRY_";
    private static final int LAST_PORT = 65_535;
    private static final List<String> LOG_LEVELS = List.of("DEBUG", "INFO", "WARN", "ERROR");

    private final Map<Variable, String> values;
    private final Map<String, String> passedOn;

    private Environment(Map<Variable, String> values, Map<String, String> passedOn) {
        this.values = values;
        this.passedOn = passedOn;
    }

    /**
     * @param env such as {@link System#getenv()}
     * @throws SettingsException on an unknown {@code FLEXMETRY_*} name, an unknown level of the log, or a file of a secret
     *     that cannot be read
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
            // the log has its own reading of unknown levels: it takes them for DEBUG
            throw new SettingsException("Expected " + Variable.FLEXMETRY_LOG_LEVEL + " to be one of "
                    + String.join(", ", LOG_LEVELS) + " but it is " + level);
        }
        Map<String, String> passedOn = new HashMap<>();
        given.forEach((name, value) -> {
            boolean isVariable = Stream.of(Variable.values())
                    .anyMatch(variable -> variable.name().equals(name));
            if (!isVariable && name.startsWith(OURS) && !value.isBlank()) {
                passedOn.put(name, value.strip());
            }
        });
        return new Environment(values, Map.copyOf(passedOn));
    }

    /** This environment with a value for a variable that has none yet. */
    public Environment withDefault(Variable variable, String value) {
        Map<Variable, String> copy = new EnumMap<>(values.isEmpty() ? new EnumMap<>(Variable.class) : values);
        copy.putIfAbsent(variable, value);
        return new Environment(copy, passedOn);
    }

    /** This environment with that value for the variable, whatever it was before. */
    public Environment with(Variable variable, String value) {
        Map<Variable, String> copy = new EnumMap<>(values.isEmpty() ? new EnumMap<>(Variable.class) : values);
        copy.put(variable, value);
        return new Environment(copy, passedOn);
    }

    /** The value, if it is set. */
    public Optional<String> find(Variable variable) {
        return Optional.ofNullable(values.get(variable));
    }

    /**
     * The value.
     *
     * @throws SettingsException if it is not set
     */
    public String require(Variable variable) {
        return find(variable)
                .orElseThrow(() -> new SettingsException("Expected environment variable " + variable + " to be set"));
    }

    /**
     * A TCP port.
     *
     * @throws SettingsException if it is no number from 0 (any free one) to 65535
     */
    public int port(Variable variable, int otherwise) {
        return find(variable).map(value -> parsePort(variable, value)).orElse(otherwise);
    }

    /**
     * An amount of bytes that is not negative.
     *
     * @throws SettingsException if it is something else
     */
    public long bytes(Variable variable, long otherwise) {
        return find(variable).map(value -> parseBytes(variable, value)).orElse(otherwise);
    }

    /**
     * An origin: scheme, host and port without a path, such as {@code https://flexmetry.example.com}.
     *
     * @throws SettingsException if it is something else
     */
    public Optional<URI> origin(Variable variable) {
        return find(variable).map(value -> parseOrigin(variable, value));
    }

    /**
     * Origins with commas between them, as browsers write them; none where it is not set.
     *
     * @throws SettingsException if one of them is something else
     */
    public Set<String> origins(Variable variable) {
        Set<String> origins = new TreeSet<>();
        find(variable).ifPresent(list -> {
            for (String origin : list.split(",", -1)) {
                origins.add(Origins.parse(origin.strip())
                        .orElseThrow(() -> new SettingsException("Expected " + variable
                                + " to be origins such as https://chat.example.com, with commas between them, but one is "
                                + origin.strip()))
                        .toString());
            }
        });
        return origins;
    }

    /** What is meant for Kafka, by variable: all that begins so. */
    public Map<String, String> passedOn(String prefix) {
        return passedOn.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * The Kafka cluster: where it is, and the settings of its clients.
     *
     * @throws SettingsException if it is not set or something else
     */
    public KafkaSettings kafka() {
        String value = require(Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS);
        for (String server : value.split(",", -1)) {
            if (!isHostAndPort(server.strip())) {
                throw new SettingsException("Expected " + Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS
                        + " to be host:port, or several with commas between them, but it is " + value);
            }
        }
        return KafkaSettings.from(this, value);
    }

    /** As Kafka reads it; its own message would name a setting of Kafka's. */
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
            // falls through to the one message for all that is no port
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
            // falls through to the one message for all that is no such number
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
            // falls through to the one message for all that is no such number
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
