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
import io.flexmetry.local.twilio.Echoes;
import io.flexmetry.local.twilio.InsightsStore;
import io.flexmetry.local.twilio.Journal;
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

/**
 * Broker and simulated Twilio (unless others are named), ingest, processors and sink.
 */
public final class LocalStack implements Service {

    private static final String INSTANCE = "local";
    private static final String KAFKA = "kafka";

    /** One process has nobody to share the work with, and each partition costs it time when it starts and when it commits. */
    private static final String PARTITIONS = "2";

    private final Parts parts;
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
    private final InstantSource lived = this::now;
    private volatile InstantSource life;
    private volatile InstantSource shown;

    private LocalStack(
            Environment given, Path dataDir, InstantSource clock, Function<Journal, InstantSource> life, Parts parts)
            throws Exception {
        this.parts = parts;
        Environment environment = SimulatedAccount.defaults(given);
        Files.createDirectories(dataDir);
        account = SimulatedAccount.of(environment);
        Path spool = dataDir.resolve("spool");
        Ingest.checkSpool(environment.with(Variable.FLEXMETRY_SPOOL_DIR, spool.toString()));
        journal = parts.add(kept(dataDir, "twilio.jsonl", Journal::open));
        this.life = life.apply(journal);
        shown = this.life;
        tasks = new TaskStore(journal, clock);
        conversations = new ConversationStore(journal);
        Optional<String> cluster = environment.find(Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS);
        if (cluster.isEmpty() && !Files.exists(dataDir.resolve(KAFKA))) {
            environment = environment.withDefault(Variable.FLEXMETRY_PARTITIONS, PARTITIONS);
        }
        // after a kill the broker waits for the one that was, for seconds: what needs no broker is done meanwhile
        int brokerPort = EmbeddedBroker.freePort();
        bootstrapServers = cluster.orElse(EmbeddedBroker.HOST + ":" + brokerPort);
        LocalKafka.write(dataDir, bootstrapServers);
        parts.add(() -> LocalKafka.delete(dataDir));
        Future<?> broker = cluster.isPresent()
                ? CompletableFuture.completedFuture(null)
                : parts.addAside("broker", () -> kept(dataDir, KAFKA, path -> EmbeddedBroker.start(path, brokerPort)));

        Echoes echoes = new Echoes(account, tasks, journal, lived);
        Optional<URI> other = environment.origin(Variable.FLEXMETRY_TWILIO_BASE_URL);
        simulated = other.isEmpty();
        if (other.isEmpty()) {
            TwilioSimulator simulator =
                    parts.add(TwilioSimulator.start(account, tasks, conversations, calls, lived, echoes));
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
        ingest = parts.add(Ingest.start(complete, lived));
        URI target = URI.create("http://127.0.0.1:" + ingest.port());
        sender = new WebhookSender(target, ingest.publicUrl().toString(), account.authToken());
        echoes.sendWith(sender);
        // only to have its classes loaded
        Processors.topology(complete);
        Parts.started(broker);
        Future<Sink> sinking = parts.addAside("sink", () -> Sink.start(complete, clock));
        processors = parts.add(Processors.start(complete, lived));
        sink = Parts.started(sinking);
        List.of(ingest, processors, sink).forEach(this::watch);
    }

    /**
     * Starts all parts.
     *
     * @param environment may name a Kafka cluster and another Twilio; what it names is not started here
     * @param dataDir where broker, stores and simulator keep what they have
     */
    public static LocalStack start(Environment environment, Path dataDir, InstantSource clock) throws Exception {
        return start(environment, dataDir, clock, journal -> clock);
    }

    /**
     * The same, where life begins with another clock.
     *
     * @param life by it webhooks come, silence lasts and the simulated Twilio does things
     */
    public static LocalStack start(Environment environment, Path dataDir, InstantSource clock, InstantSource life)
            throws Exception {
        return start(environment, dataDir, clock, journal -> life);
    }

    /**
     * The same, where it depends on what the simulated Twilio remembers.
     *
     * @param life given the journal
     */
    static LocalStack start(
            Environment environment, Path dataDir, InstantSource clock, Function<Journal, InstantSource> life)
            throws Exception {
        Parts parts = new Parts();
        try {
            return new LocalStack(environment, dataDir, clock, life, parts);
        } catch (Throwable e) {
            parts.close();
            throw e;
        }
    }

    /** Starts something on what is kept of it in the folder. */
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
            throw new SettingsException("Expected " + path + " to hold what an earlier run left there but "
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
        return life.instant();
    }

    /** The clock by which it is now on the floor. */
    InstantSource floorClock() {
        return () -> shown.instant();
    }

    /** Where ingest listens. */
    public int port() {
        return ingest.port();
    }

    /** Where the sink's requests go. */
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

    /** Whether Twilio is simulated here. */
    public boolean isTwilioSimulated() {
        return simulated;
    }

    /** Life goes by that clock from now on: what arrives from the sample day arrives on that day. */
    public void liveBy(InstantSource clock) {
        life = clock;
        shown = clock;
    }

    /** Life goes by that clock from now on, while the floor stays on its day: whoever looks sees what has been. */
    void liveBy(InstantSource clock, Instant floor) {
        Duration behind = Duration.between(floor, clock.instant());
        life = clock;
        shown = () -> clock.instant().minus(behind);
    }

    /** Signs and sends webhooks to ingest. */
    public WebhookSender sender() {
        return sender;
    }

    /** Says why a task's numbers are what they are. */
    Query explain() {
        return Objects.requireNonNull(processors.queries().get(ExplainQuery.PATH));
    }

    @Override
    public CompletionStage<Void> died() {
        return died;
    }

    /** Whether webhooks are accepted, processors run and the sink reads. */
    @Override
    public boolean isReady() {
        return processors.isReady() && sink.isReady() && ingest.isReady();
    }

    /** Which parts are ready, for a message. */
    public String describeReadiness() {
        return "processors " + processors.describeState() + ", sink ready " + sink.isReady() + ", ingest ready "
                + ingest.isReady();
    }

    @Override
    public void close() {
        parts.close();
    }

    private void watch(Service service) {
        service.died().whenComplete((nothing, failure) -> {
            if (failure != null) {
                died.completeExceptionally(failure);
            }
        });
    }
}
