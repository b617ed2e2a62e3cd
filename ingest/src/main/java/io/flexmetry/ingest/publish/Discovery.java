package io.flexmetry.ingest.publish;

import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.topic.Cluster;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to Kafka, and retries until all our topics are known. The host name may not resolve yet, as in a container that starts before
 * the broker; name resolution blocks, so it must not run on an event loop.
 */
public final class Discovery implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
    private static final long EVERY_MS = 100;

    private final KafkaSettings kafka;
    private final EventPublisher publisher;
    private final CompletableFuture<Admin> admin;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "flexmetry-discovery");
        thread.setDaemon(true);
        return thread;
    });

    /** @param admin completed once the cluster is reachable; may be completed already */
    public Discovery(KafkaSettings kafka, EventPublisher publisher, CompletableFuture<Admin> admin) {
        this.kafka = kafka;
        this.publisher = publisher;
        this.admin = admin;
    }

    /**
     * Connects, and starts the retries.
     *
     * @throws SettingsException if Kafka's clients cannot be created with the settings
     */
    @SuppressWarnings("FutureReturnValueIgnored") // discover() catches and logs
    public void start() {
        if (!connect()) {
            LOG.atWarn()
                    .addKeyValue("servers", kafka.servers())
                    .log("The host name of Kafka does not resolve yet: events are stored in the spool");
        }
        executor.scheduleWithFixedDelay(this::discover, 0, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    private boolean connect() {
        if (!publisher.connect()) {
            return false;
        }
        if (!admin.isDone()) {
            admin.complete(Cluster.admin(kafka, Map.of(AdminClientConfig.CLIENT_ID_CONFIG, "flexmetry-ingest-health")));
        }
        return true;
    }

    private void discover() {
        try {
            if (connect() && publisher.discover()) {
                executor.shutdown();
            }
        } catch (KafkaException | SettingsException e) {
            LOG.atWarn().setCause(e).log("Could not connect to Kafka; it is retried");
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
        // its pending requests are of no use any more, and without Kafka they would take 60 s
        if (admin.isDone()) {
            admin.join().close(Duration.ZERO);
        }
    }
}
