package io.flexmetry.contract.topic;

import io.flexmetry.contract.service.UnavailableException;
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
     * @param servers {@code host:port}, several with commas
     * @throws UnavailableException if the cluster is not there, or does not let us
     */
    public static void prepare(String servers) throws InterruptedException {
        prepare(servers, Topics::create);
    }

    /**
     * The same, and raises the record limit of the internal topics of a Kafka Streams application to that of ours.
     *
     * @param prefix of their names
     */
    public static void prepare(String servers, String prefix) throws InterruptedException {
        prepare(servers, admin -> Topics.create(admin).thenCompose(done -> Topics.raiseRecordLimit(admin, prefix)));
    }

    private static void prepare(String servers, Function<Admin, CompletableFuture<Void>> steps)
            throws InterruptedException {
        requireThere(servers);
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                servers,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) ANSWER.toMillis(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) ANSWER.toMillis()))) {
            steps.apply(admin).get();
        } catch (ExecutionException e) {
            throw refused(servers, e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            throw refused(servers, e);
        }
    }

    /**
     * Connects to the cluster, once: who starts services starts them again.
     *
     * @param servers {@code host:port}, several with commas
     * @throws UnavailableException if none of them can be connected to
     */
    public static void requireThere(String servers) {
        String reason = "";
        for (InetSocketAddress address : addresses(servers)) {
            try (Socket socket = new Socket()) {
                socket.connect(address, CONNECT_MILLIS);
                return;
            } catch (IOException e) {
                reason = address.isUnresolved() ? "there is no host of that name" : e.getMessage();
            }
        }
        throw new UnavailableException("Expected a Kafka cluster on " + servers + " ("
                + Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS + ") but could not connect: " + reason);
    }

    /**
     * For who goes on without a broker: clients of Kafka's cannot even be made without an address.
     *
     * @param servers {@code host:port}, several with commas
     * @throws UnavailableException if none of the hosts has one
     */
    public static void requireAddress(String servers) {
        if (addresses(servers).stream().allMatch(InetSocketAddress::isUnresolved)) {
            throw new UnavailableException("Expected a host of " + Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS
                    + " to have an address but there is no host of that name: " + servers);
        }
    }

    private static List<InetSocketAddress> addresses(String servers) {
        return Stream.of(servers.split(",", -1))
                .map(String::strip)
                .map(server -> new InetSocketAddress(Utils.getHost(server), Utils.getPort(server)))
                .toList();
    }

    private static UnavailableException refused(String servers, Throwable reason) {
        return new UnavailableException("Expected the Kafka cluster on " + servers + " ("
                + Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS + ") to have Flexmetry's topics, or to create them, but "
                + reason.getClass().getSimpleName() + ": " + reason.getMessage());
    }
}
