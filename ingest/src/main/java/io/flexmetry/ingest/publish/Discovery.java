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
 * Looks for Kafka until it is there with all our topics. Its name may have no address yet, as in a container whose neighbour
 * has not started, and looking one up takes a time that no event loop has.
 */
public final class Discovery implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
    private static final long EVERY_MS = 100;

    private final KafkaSettings kafka;
    private final EventPublisher publisher;
    private final CompletableFuture<Admin> admin;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "flexmetry-discovery");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * A discovery that has not begun.
     *
     * @param admin completed when there is a cluster to ask; may be completed already
     */
    public Discovery(KafkaSettings kafka, EventPublisher publisher, CompletableFuture<Admin> admin) {
        this.kafka = kafka;
        this.publisher = publisher;
        this.admin = admin;
    }

    /**
     * Begins; what can be known at once is known when it returns.
     *
     * @throws SettingsException if Kafka's clients cannot be made of the settings
     */
    @SuppressWarnings("FutureReturnValueIgnored") // look() catches and logs
    public void start() {
        if (!connect()) {
            LOG.atWarn()
                    .addKeyValue("servers", kafka.servers())
                    .log("There is no host of that name yet: what comes waits in the spool");
        }
        looking.scheduleWithFixedDelay(this::look, 0, EVERY_MS, TimeUnit.MILLISECONDS);
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

    private void look() {
        try {
            if (connect() && publisher.discover()) {
                looking.shutdown();
            }
        } catch (KafkaException | SettingsException e) {
            LOG.atWarn().setCause(e).log("Could not connect to Kafka; it is tried again");
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
        // nobody needs any more what it still asks for, and without Kafka it would wait 60 s for it
        if (admin.isDone()) {
            admin.join().close(Duration.ZERO);
        }
    }
}
