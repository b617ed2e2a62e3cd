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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
 * The Kafka cluster when something starts. A client of Kafka's waits for a minute for a cluster that is not there, and
 * logs each of its tries; who starts a service wants to know it soon and once.
 */
public final class Cluster {

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int CONNECT_MILLIS = 3_000;

    private Cluster() {}

    /**
     * Creates the topics that are missing.
     *
     * @return how many partitions our topics have
     * @throws UnavailableException if the cluster is not there, or does not let us
     * @throws SettingsException if the settings do not fit the cluster
     */
    public static int prepare(KafkaSettings kafka) throws InterruptedException {
        return prepare(kafka, admin -> Topics.create(admin, kafka.topics()));
    }

    /**
     * The same, and raises the record limit of the internal topics of a Kafka Streams application to that of ours.
     *
     * @param prefix of their names
     */
    public static int prepare(KafkaSettings kafka, String prefix) throws InterruptedException {
        return prepare(kafka, admin -> Topics.create(admin, kafka.topics())
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
     * An admin client.
     *
     * @param own its name and how long it waits, which are not a matter of the cluster: they count more than what was set
     * @throws SettingsException if Kafka does not take the settings, such as a keystore that is not there
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

    /** A client could not be made of the settings. */
    public static SettingsException unusable(KafkaSettings kafka, KafkaException failure) {
        return new SettingsException("Expected the settings of Kafka's clients to be usable (" + kafka.credentials()
                + ") but " + deepest(failure));
    }

    /**
     * Connects to the cluster, once: who starts services starts them again.
     *
     * @throws UnavailableException if none of its servers can be connected to
     */
    public static void requireThere(KafkaSettings kafka) {
        String reason = "";
        for (InetSocketAddress address : addresses(kafka.servers())) {
            try (Socket socket = new Socket()) {
                socket.connect(address, CONNECT_MILLIS);
                return;
            } catch (IOException e) {
                reason = address.isUnresolved() ? "there is no host of that name" : e.getMessage();
            }
        }
        throw new UnavailableException("Expected a Kafka cluster on " + kafka.servers() + " ("
                + Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS + ") but could not connect: " + reason);
    }

    /** Whether one of its hosts has an address: clients of Kafka's cannot be made without one. */
    public static boolean hasAddress(KafkaSettings kafka) {
        return !addresses(kafka.servers()).stream().allMatch(InetSocketAddress::isUnresolved);
    }

    /** What a cluster that is there said, with the setting that it is about. */
    public static RuntimeException explained(KafkaSettings kafka, Throwable reason) {
        String cluster =
                "the Kafka cluster on " + kafka.servers() + " (" + Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS + ")";
        String said = reason.getClass().getSimpleName() + ": " + reason.getMessage();
        if (reason instanceof SettingsException settings) {
            return settings;
        }
        if (reason instanceof AuthenticationException) {
            return new UnavailableException(
                    "Expected " + cluster + " to let us in (" + kafka.credentials() + ") but " + said);
        }
        if (reason instanceof InvalidReplicationFactorException) {
            return new SettingsException("Expected " + Variable.FLEXMETRY_REPLICATION_FACTOR + " ("
                    + (kafka.topics().replicationFactor() == null
                            ? "not set, so the broker's default"
                            : kafka.topics().replicationFactor())
                    + ") to be at most the number of brokers of " + cluster + " but " + said);
        }
        if (reason instanceof TimeoutException) {
            // who speaks TLS or SASL to strangers answers them with silence, or hangs up
            return new UnavailableException("Expected " + cluster + " to answer within " + ANSWER.toSeconds()
                    + " s (does it want TLS or SASL? " + kafka.credentials() + ") but " + said);
        }
        return new UnavailableException(
                "Expected " + cluster + " to have Flexmetry's topics, or to create them, but " + said);
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
