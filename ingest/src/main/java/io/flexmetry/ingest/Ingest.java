package io.flexmetry.ingest;

import io.flexmetry.contract.service.Ports;
import io.flexmetry.contract.service.Service;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.contract.topic.Cluster;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.beacon.FlexTokens;
import io.flexmetry.ingest.publish.AdminTopicLookup;
import io.flexmetry.ingest.publish.Discovery;
import io.flexmetry.ingest.publish.DurablePublisher;
import io.flexmetry.ingest.publish.EventPublisher;
import io.flexmetry.ingest.signature.SignatureValidator;
import io.flexmetry.ingest.spool.Spool;
import io.flexmetry.ingest.spool.SpoolException;
import io.flexmetry.ingest.webhook.Webhooks;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ingest service. It accepts webhooks immediately; until Kafka is available they are stored in the spool. */
public final class Ingest implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);
    private static final int KAFKA_TIMEOUT_MS = 2_000;
    /** Readiness can be polled by anybody; Kafka must not be queried each time. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final long TOPICS_RETRY_MS = 1_000;
    private static final long SHUTDOWN_SECONDS = 6;

    private final Vertx vertx;
    private final DurablePublisher publisher;
    private final Discovery discovery;
    private final CachedQuery<Boolean> hasTopics;
    private final IngestSettings settings;
    private final Set<String> paths;
    private volatile boolean closing;
    private volatile String problem = "";

    private Ingest(
            Vertx vertx,
            DurablePublisher publisher,
            Discovery discovery,
            CachedQuery<Boolean> hasTopics,
            IngestSettings settings,
            Set<String> paths) {
        this.vertx = vertx;
        this.publisher = publisher;
        this.discovery = discovery;
        this.hasTopics = hasTopics;
        this.settings = settings;
        this.paths = paths;
    }

    /**
     * Reads all settings, and starts nothing.
     *
     * @throws SettingsException if a setting is missing or invalid, or the port is in use
     */
    public static void check(Environment environment) {
        IngestSettings settings = IngestSettings.from(environment);
        Ports.requireFree(Variable.FLEXMETRY_HTTP_PORT, settings.port());
        Integer healthPort = settings.healthPort();
        if (healthPort != null) {
            Ports.requireFree(Variable.FLEXMETRY_HEALTH_PORT, healthPort);
        }
    }

    /**
     * Opens the spool and closes it again.
     *
     * @throws SettingsException if its folder cannot be used
     */
    public static void checkSpool(Environment environment) {
        Path directory = IngestSettings.spoolDirectory(environment);
        if (Files.exists(directory)) {
            spool(directory, 0).close();
        }
    }

    /** Starts ingest with the settings of the environment. */
    public static Ingest start(Environment environment, InstantSource clock)
            throws InterruptedException, ExecutionException {
        IngestSettings settings = IngestSettings.from(environment);
        return start(settings, new EventPublisher(settings.kafka()), new CompletableFuture<>(), clock);
    }

    /** @param admin completed as soon as the cluster is reachable */
    @SuppressWarnings("FutureReturnValueIgnored") // createTopics() handles its own failures
    static Ingest start(
            IngestSettings settings, EventPublisher kafka, CompletableFuture<Admin> admin, InstantSource clock)
            throws InterruptedException, ExecutionException {
        Discovery discovery = new Discovery(settings.kafka(), kafka, admin);
        discovery.start();
        Spool spool = spool(settings.spoolDirectory(), settings.spoolBytes());
        DurablePublisher publisher = new DurablePublisher(
                kafka, spool, new AdminTopicLookup(admin, settings.kafka().topics()), clock);
        CachedQuery<Boolean> hasTopics =
                new CachedQuery<>(() -> kafkaHasOurTopics(admin), FRESH.toNanos(), System::nanoTime);
        Meters meters = new Meters();
        meters.watch(publisher);
        Intake intake = new Intake(publisher, clock, meters);
        Map<String, Endpoint> endpoints = endpoints(settings, intake, clock);

        Inflight inflight = new Inflight(settings.mostBytesInFlight());
        meters.watch(inflight);
        Vertx vertx = Vertx.vertx();
        Management management = new Management(() -> readiness(hasTopics.get(), publisher), meters);
        Integer healthPort = settings.healthPort();
        if (healthPort != null) {
            listen(
                    vertx,
                    Variable.FLEXMETRY_HEALTH_PORT,
                    healthPort,
                    1,
                    () -> new ManagementServer(healthPort, management));
        }
        listen(
                vertx,
                Variable.FLEXMETRY_HTTP_PORT,
                settings.port(),
                Runtime.getRuntime().availableProcessors(),
                () -> new IngestServer(
                        settings.port(),
                        endpoints,
                        healthPort == null ? management : null,
                        meters,
                        inflight,
                        settings.limits()));
        publisher.start();
        LOG.atInfo()
                .addKeyValue("port", settings.port())
                .addKeyValue("publicUrl", settings.shownUrl())
                .log("Ingest listens");
        Set<String> paths = new TreeSet<>(endpoints.keySet());
        paths.addAll(Management.PATHS);
        Ingest ingest = new Ingest(vertx, publisher, discovery, hasTopics, settings, paths);
        admin.thenAccept(ingest::createTopics);
        return ingest;
    }

    private static Map<String, Endpoint> endpoints(IngestSettings settings, Intake intake, InstantSource clock) {
        SignatureValidator signatures = new SignatureValidator(settings.publicUrls(), settings.tokens());
        Webhooks webhooks = settings.webhooks();
        Map<String, Endpoint> endpoints = new HashMap<>();
        webhooks.forms().forEach((path, webhook) -> endpoints.put(path, new FormEndpoint(webhook, signatures, intake)));
        endpoints.put(Webhooks.EVENT_STREAMS, new EventStreamsEndpoint(webhooks, signatures, intake));
        if (settings.account() == null) {
            LOG.atWarn().log("The beacon is disabled: it needs " + Variable.TWILIO_ACCOUNT_SID + " to validate tokens");
        } else {
            FlexTokens tokens = new FlexTokens(settings.account(), clock);
            endpoints.put("/beacon/focus", new BeaconEndpoint(tokens, intake, settings.beaconOrigins()));
        }
        return endpoints;
    }

    private static Spool spool(Path directory, long bytes) {
        try {
            return Spool.open(directory, bytes);
        } catch (SpoolException e) {
            throw new SettingsException(Variable.FLEXMETRY_SPOOL_DIR + ": " + e.getMessage()
                    + ". If it is damaged, move it away: its records have not reached Kafka");
        }
    }

    private static void listen(Vertx vertx, Variable name, int port, int instances, Supplier<VerticleBase> server)
            throws InterruptedException, ExecutionException {
        try {
            vertx.deployVerticle(server, new DeploymentOptions().setInstances(instances))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BindException) {
                throw Ports.taken(name, port);
            }
            throw e;
        }
    }

    /** Retries until it succeeds, because ingest may start before Kafka. The same problem is logged once. */
    @SuppressWarnings("FutureReturnValueIgnored") // whenComplete handles the failure
    private void createTopics(Admin admin) {
        Topics.create(admin, settings.kafka().topics()).whenComplete((done, failure) -> {
            if (failure != null && !closing) {
                String found = String.valueOf(
                        Cluster.explained(settings.kafka(), cause(failure)).getMessage());
                if (!found.equals(problem)) {
                    problem = found;
                    LOG.atWarn().addKeyValue("problem", found).log("Could not create the topics yet");
                }
                vertx.setTimer(TOPICS_RETRY_MS, timer -> createTopics(admin));
            }
        });
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause(cause) : failure;
    }

    /** The port of the public HTTP server. */
    public int port() {
        return settings.port();
    }

    /** Paths of all endpoints, on either port. */
    public Set<String> paths() {
        return Collections.unmodifiableSet(paths);
    }

    /** The origin that Twilio calls. */
    public URI publicUrl() {
        return settings.publicUrls().get(0);
    }

    /** Health is on the public port, unless it has a port of its own. */
    @Override
    public boolean servesHealth() {
        return true;
    }

    /** Never completes: the server does not die by itself. */
    @Override
    public CompletionStage<Void> died() {
        return new CompletableFuture<>();
    }

    @Override
    public boolean isReady() {
        try {
            return hasTopics.get().toCompletableFuture().get(2L * KAFKA_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.atDebug().setCause(e).log("Kafka is not ready");
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Lets requests in flight finish first. */
    @Override
    public void close() {
        closing = true;
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().setCause(e).log("The HTTP server did not close in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        discovery.close();
        publisher.close();
    }

    private static CompletionStage<Readiness> readiness(
            CompletionStage<Boolean> hasTopics, DurablePublisher publisher) {
        return hasTopics.exceptionally(failure -> false).thenApply(kafka -> {
            if (kafka && !publisher.isSpooling() && publisher.refused() == 0) {
                return Readiness.UP;
            }
            return kafka || publisher.canSpool() ? Readiness.DEGRADED : Readiness.DOWN;
        });
    }

    private static CompletionStage<Boolean> kafkaHasOurTopics(CompletableFuture<Admin> admin) {
        if (!admin.isDone()) {
            return CompletableFuture.completedFuture(false);
        }
        return admin.join()
                .describeTopics(
                        Topics.ALL.stream().map(Topic::name).toList(),
                        new DescribeTopicsOptions().timeoutMs(KAFKA_TIMEOUT_MS))
                .allTopicNames()
                .toCompletionStage()
                .thenApply(topics -> topics.size() == Topics.ALL.size());
    }
}
