package io.flexmetry.local;

import io.flexmetry.contract.service.Query;
import io.flexmetry.contract.service.Service;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.LocalKafka;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.ingest.Ingest;
import io.flexmetry.local.broker.EmbeddedBroker;
import io.flexmetry.local.twilio.ConversationStore;
import io.flexmetry.local.twilio.InsightsStore;
import io.flexmetry.local.twilio.Journal;
import io.flexmetry.local.twilio.RestWebhooks;
import io.flexmetry.local.twilio.SimulatedAccount;
import io.flexmetry.local.twilio.TaskStore;
import io.flexmetry.local.twilio.TwilioSimulator;
import io.flexmetry.local.twilio.WebhookSender;
import io.flexmetry.processors.Processors;
import io.flexmetry.processors.explain.ExplainQuery;
import io.flexmetry.sink.Sink;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Broker and simulated Twilio (unless others are configured), ingest, processors and sink in one process. */
public final class LocalStack implements Service {

    private static final String INSTANCE = "local";
    private static final String KAFKA = "kafka";

    /** A single process needs no parallelism, and each partition costs time at start and at commits. */
    private static final String PARTITIONS = "2";

    private final Components components;
    private final CompletableFuture<Void> died = new CompletableFuture<>();
    private final String bootstrapServers;
    private final Ingest ingest;
    private final Processors processors;
    private final Sink sink;
    private final Journal journal;
    private final TaskStore tasks;
    private final ConversationStore conversations;
    private final InsightsStore calls = new InsightsStore();
    private final SimulatedAccount account;
    private final WebhookSender sender;
    private final @Nullable URI twilio;
    private final boolean simulated;
    private final InstantSource eventTime = this::now;
    private volatile InstantSource eventClock;
    private volatile InstantSource floorClock;

    private LocalStack(
            Environment given,
            Path dataDir,
            InstantSource clock,
            Function<Journal, InstantSource> eventClock,
            Components components)
            throws Exception {
        this.components = components;
        Environment environment = SimulatedAccount.defaults(given);
        Files.createDirectories(dataDir);
        account = SimulatedAccount.of(environment);
        Path spool = dataDir.resolve("spool");
        Ingest.checkSpool(environment.with(Variable.FLEXMETRY_SPOOL_DIR, spool.toString()));
        journal = components.add(kept(dataDir, "twilio.jsonl", Journal::open));
        this.eventClock = eventClock.apply(journal);
        floorClock = this.eventClock;
        tasks = new TaskStore(journal, clock);
        conversations = new ConversationStore(journal);
        Optional<String> cluster = environment.find(Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS);
        if (cluster.isEmpty() && !Files.exists(dataDir.resolve(KAFKA))) {
            environment = environment.withDefault(Variable.FLEXMETRY_PARTITIONS, PARTITIONS);
        }
        // after a kill the broker waits some seconds for its old session to expire, so other components start meanwhile
        int brokerPort = EmbeddedBroker.freePort();
        bootstrapServers = cluster.orElse(EmbeddedBroker.HOST + ":" + brokerPort);
        LocalKafka.write(dataDir, bootstrapServers);
        components.add(() -> LocalKafka.delete(dataDir));
        Future<?> broker = cluster.isPresent()
                ? CompletableFuture.completedFuture(null)
                : components.startAsync(
                        "broker", () -> kept(dataDir, KAFKA, path -> EmbeddedBroker.start(path, brokerPort)));

        RestWebhooks webhooks = new RestWebhooks(account, tasks, journal, eventTime);
        Optional<URI> other = environment.origin(Variable.FLEXMETRY_TWILIO_BASE_URL);
        simulated = other.isEmpty();
        if (other.isEmpty()) {
            TwilioSimulator simulator =
                    components.add(TwilioSimulator.start(account, tasks, conversations, calls, eventTime, webhooks));
            environment = environment.with(
                    Variable.FLEXMETRY_TWILIO_BASE_URL, simulator.baseUrl().toString());
        }
        twilio = environment.origin(Variable.FLEXMETRY_TWILIO_BASE_URL).orElse(null);
        Environment complete = environment
                .with(Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS, bootstrapServers)
                .with(
                        Variable.FLEXMETRY_STATE_DIR,
                        dataDir.resolve("processors").toString())
                .with(Variable.FLEXMETRY_SPOOL_DIR, spool.toString())
                .withDefault(Variable.FLEXMETRY_INSTANCE_ID, INSTANCE);
        ingest = components.add(Ingest.start(complete, eventTime));
        URI target = URI.create("http://127.0.0.1:" + ingest.port());
        sender = new WebhookSender(target, ingest.publicUrl().toString(), account.authToken());
        webhooks.sendWith(sender);
        // only to load its classes
        Processors.topology(complete);
        Components.started(broker);
        Future<Sink> sinking = components.startAsync("sink", () -> Sink.start(complete, clock));
        processors = components.add(Processors.start(complete, eventTime));
        sink = Components.started(sinking);
        List.of(ingest, processors, sink).forEach(this::watch);
    }

    /**
     * Starts all components.
     *
     * @param environment may name a Kafka cluster and another Twilio, which are not started then
     * @param dataDir folder of the broker, the stores and the simulator
     */
    public static LocalStack start(Environment environment, Path dataDir, InstantSource clock) throws Exception {
        return start(environment, dataDir, clock, journal -> clock);
    }

    /**
     * Starts all components with a separate event clock.
     *
     * @param eventClock the clock of ingest, of inactivity and of the simulated Twilio
     */
    public static LocalStack start(Environment environment, Path dataDir, InstantSource clock, InstantSource eventClock)
            throws Exception {
        return start(environment, dataDir, clock, journal -> eventClock);
    }

    /**
     * Starts all components with an event clock that depends on the simulator's journal.
     *
     * @param eventClock creates the clock from the journal
     */
    static LocalStack start(
            Environment environment, Path dataDir, InstantSource clock, Function<Journal, InstantSource> eventClock)
            throws Exception {
        Components components = new Components();
        try {
            return new LocalStack(environment, dataDir, clock, eventClock, components);
        } catch (Throwable e) {
            components.close();
            throw e;
        }
    }

    /** Starts a component with its data in the folder. */
    @FunctionalInterface
    private interface Keeper<T> {
        T start(Path path) throws Exception;
    }

    private static <T> T kept(Path dataDir, String name, Keeper<T> keeper) throws Exception {
        Path path = dataDir.resolve(name);
        boolean isNew = !Files.exists(path);
        try {
            return keeper.start(path);
        } catch (Exception e) {
            if (isNew) {
                throw e;
            }
            throw new SettingsException("Expected " + path + " to contain the data of an earlier run but "
                    + String.valueOf(deepest(e).getMessage()) + ". Delete the data folder " + dataDir
                    + ", or name another with --data-dir");
        }
    }

    private static Throwable deepest(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    private Instant now() {
        return eventClock.instant();
    }

    /** The current time of the console's floor. */
    InstantSource floorClock() {
        return () -> floorClock.instant();
    }

    /** The port of ingest. */
    public int port() {
        return ingest.port();
    }

    /** The base URL for the sink's requests. */
    public @Nullable URI twilio() {
        return twilio;
    }

    public SimulatedAccount account() {
        return account;
    }

    public TaskStore tasks() {
        return tasks;
    }

    /** The simulated Conversations. */
    public ConversationStore conversations() {
        return conversations;
    }

    /** The simulated Voice Insights. */
    public InsightsStore calls() {
        return calls;
    }

    public Journal journal() {
        return journal;
    }

    /** Whether this process simulates Twilio. */
    public boolean isTwilioSimulated() {
        return simulated;
    }

    /** Switches the event clock, so that what arrives from the sample day has times of that day. */
    public void switchEventClock(InstantSource clock) {
        eventClock = clock;
        floorClock = clock;
    }

    /**
     * Switches the event clock, while the floor continues from the given time, so that it still shows the sample day.
     */
    void switchEventClock(InstantSource clock, Instant floor) {
        Duration behind = Duration.between(floor, clock.instant());
        eventClock = clock;
        floorClock = () -> clock.instant().minus(behind);
    }

    /** Sends signed webhooks to ingest. */
    public WebhookSender sender() {
        return sender;
    }

    /** The query that explains a task's numbers. */
    Query explain() {
        return Objects.requireNonNull(processors.queries().get(ExplainQuery.PATH));
    }

    @Override
    public CompletionStage<Void> died() {
        return died;
    }

    /** Whether webhooks are accepted, processors are running and the sink is reading. */
    @Override
    public boolean isReady() {
        return processors.isReady() && sink.isReady() && ingest.isReady();
    }

    /** The readiness of each component, for an error message. */
    public String describeReadiness() {
        return "processors " + processors.describeState() + ", sink ready " + sink.isReady() + ", ingest ready "
                + ingest.isReady();
    }

    @Override
    public void close() {
        components.close();
    }

    private void watch(Service service) {
        service.died().whenComplete((nothing, failure) -> {
            if (failure != null) {
                died.completeExceptionally(failure);
            }
        });
    }
}
