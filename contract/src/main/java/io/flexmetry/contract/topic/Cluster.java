package io.flexmetry.contract.topic;

import io.flexmetry.contract.service.UnavailableException;
import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Utils;

/**
 * Access to the Kafka cluster at start. Kafka's clients wait a minute for a cluster that is not reachable, and log each attempt. At the
 * start of a service, one early error is better.
 */
public final class Cluster {

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int CONNECT_MILLIS = 3_000;

    private Cluster() {}

    /**
     * Creates the missing topics.
     *
     * @return number of partitions of our topics
     * @throws UnavailableException if the cluster is not reachable, or refuses
     * @throws SettingsException if the settings do not fit the cluster
     */
    public static int prepare(KafkaSettings kafka) throws InterruptedException {
        return prepare(kafka, admin -> Topics.create(admin, kafka.topics()));
    }

    /**
     * Creates the missing topics, and raises the record limit of a Kafka Streams application's internal topics to that of ours.
     *
     * @param prefix prefix of the internal topics' names
     * @param check receives the names of the existing internal topics before anything is changed; may throw a
     *     {@link SettingsException}
     */
    public static int prepare(KafkaSettings kafka, String prefix, Consumer<Set<String>> check)
            throws InterruptedException {
        return prepare(kafka, admin -> Topics.startingWith(admin, prefix)
                .thenAccept(check)
                .thenCompose(checked -> Topics.create(admin, kafka.topics()))
                .thenCompose(
                        partitions -> Topics.raiseRecordLimit(admin, prefix).thenApply(done -> partitions)));
    }

    private static int prepare(KafkaSettings kafka, Function<Admin, CompletableFuture<Integer>> steps)
            throws InterruptedException {
        requireThere(kafka);
        int timeout = (int) ANSWER.toMillis();
        try (Admin admin = admin(
                kafka,
                Map.of(
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        timeout,
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        timeout))) {
            return steps.apply(admin).get();
        } catch (ExecutionException e) {
            throw explained(kafka, e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            throw explained(kafka, e);
        }
    }

    /**
     * @param own client id and timeouts, which override the configured values
     * @throws SettingsException if Kafka does not accept the settings, such as a missing keystore
     */
    public static Admin admin(KafkaSettings kafka, Map<String, ?> own) {
        try {
            Map<String, Object> config = kafka.admin();
            config.putAll(own);
            return Admin.create(config);
        } catch (KafkaException e) {
            throw unusable(kafka, e);
        }
    }

    /** The error for settings with which no client can be created. */
    public static SettingsException unusable(KafkaSettings kafka, KafkaException failure) {
        return new SettingsException("Expected the settings of Kafka's clients to be usable (" + kafka.names()
                + ") but " + deepest(failure));
    }

    /**
     * Connects to the cluster, without retries: services are restarted from outside.
     *
     * @throws UnavailableException if no server accepts a connection
     */
    public static void requireThere(KafkaSettings kafka) {
        String reason = "";
        for (InetSocketAddress address : addresses(kafka.servers())) {
            try (Socket socket = new Socket()) {
                socket.connect(address, CONNECT_MILLIS);
                return;
            } catch (IOException e) {
                reason = address.isUnresolved() ? "unknown host" : e.getMessage();
            }
        }
        throw new UnavailableException("Expected a Kafka cluster on " + kafka.servers() + " ("
                + Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS + ") but could not connect: " + reason);
    }

    /** Whether a host name resolves: otherwise Kafka's clients cannot be created. */
    public static boolean hasAddress(KafkaSettings kafka) {
        return !addresses(kafka.servers()).stream().allMatch(InetSocketAddress::isUnresolved);
    }

    /** Explains an error of the cluster, with the setting that probably causes it. */
    public static RuntimeException explained(KafkaSettings kafka, Throwable reason) {
        String cluster =
                "the Kafka cluster on " + kafka.servers() + " (" + Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS + ")";
        String error = reason.getClass().getSimpleName() + ": " + reason.getMessage();
        if (reason instanceof SettingsException settings) {
            return settings;
        }
        if (reason instanceof AuthenticationException) {
            return new UnavailableException(
                    "Expected " + cluster + " to authenticate us (" + kafka.credentials() + ") but " + error);
        }
        if (reason instanceof InvalidReplicationFactorException) {
            return new SettingsException("Expected " + Variable.FLEXMETRY_REPLICATION_FACTOR + " ("
                    + (kafka.topics().replicationFactor() == null
                            ? "not set, so the broker's default"
                            : kafka.topics().replicationFactor())
                    + ") to be at most the number of brokers of " + cluster + " but " + error);
        }
        if (reason instanceof TimeoutException) {
            // a broker that expects TLS or SASL does not respond to other connections, or closes them
            return new UnavailableException("Expected " + cluster + " to respond within " + ANSWER.toSeconds()
                    + " s (does it require TLS or SASL? " + kafka.credentials() + ") but " + error);
        }
        return new UnavailableException(
                "Expected " + cluster + " to have Flexmetry's topics, or to create them, but " + error);
    }

    private static List<InetSocketAddress> addresses(String servers) {
        return Stream.of(servers.split(",", -1))
                .map(String::strip)
                .map(server -> new InetSocketAddress(Utils.getHost(server), Utils.getPort(server)))
                .toList();
    }

    private static String deepest(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
}
