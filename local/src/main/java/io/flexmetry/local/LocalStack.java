package io.flexmetry.local;

import io.flexmetry.contract.service.Service;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.ingest.Ingest;
import io.flexmetry.local.broker.EmbeddedBroker;
import io.flexmetry.local.twilio.Journal;
import io.flexmetry.local.twilio.MessageStore;
import io.flexmetry.local.twilio.SimulatedAccount;
import io.flexmetry.local.twilio.SimulatedTask;
import io.flexmetry.local.twilio.TaskStore;
import io.flexmetry.local.twilio.TwilioSimulator;
import io.flexmetry.local.twilio.WebhookSender;
import io.flexmetry.processors.Processors;
import io.flexmetry.sink.Sink;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broker and simulated Twilio (unless others are named), ingest, processors and sink: started in order, closed in reverse.
 */
public final class LocalStack implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(LocalStack.class);
    private static final String INSTANCE = "local";

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CompletableFuture<Void> died = new CompletableFuture<>();
    private final String bootstrapServers;
    private final Ingest ingest;
    private final Processors processors;
    private final Sink sink;
    private final Journal journal;
    private final TaskStore tasks;
    private final MessageStore messages = new MessageStore();
    private final SimulatedAccount account;
    private final WebhookSender sender;
    private final @Nullable URI twilio;
    private final boolean simulated;
    private volatile InstantSource ingestClock;

    private LocalStack(Environment given, Path dataDir, InstantSource clock) throws Exception {
        Environment environment = SimulatedAccount.defaults(given);
        Files.createDirectories(dataDir);
        account = SimulatedAccount.of(environment);
        journal = add(Journal.open(dataDir.resolve("twilio.jsonl")));
        tasks = new TaskStore(journal, clock);
        Optional<String> cluster = environment.find(Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS);
        bootstrapServers = cluster.isPresent()
                ? cluster.get()
                : add(EmbeddedBroker.start(dataDir.resolve("kafka"))).bootstrapServers();

        AtomicReference<@Nullable WebhookSender> echo = new AtomicReference<>();
        Optional<URI> other = environment.origin(Variable.FLEXMETRY_TWILIO_BASE_URL);
        simulated = other.isEmpty();
        ingestClock = clock;
        if (other.isEmpty()) {
            TwilioSimulator simulator =
                    add(TwilioSimulator.start(account, tasks, messages, clock, task -> echo(echo.get(), task, clock)));
            environment = environment.with(
                    Variable.FLEXMETRY_TWILIO_BASE_URL, simulator.baseUrl().toString());
        }
        twilio = environment.origin(Variable.FLEXMETRY_TWILIO_BASE_URL).orElse(null);
        environment = environment
                .with(Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS, bootstrapServers)
                .with(
                        Variable.FLEXMETRY_STATE_DIR,
                        dataDir.resolve("processors").toString())
                .with(Variable.FLEXMETRY_SPOOL_DIR, dataDir.resolve("spool").toString())
                .withDefault(Variable.FLEXMETRY_INSTANCE_ID, INSTANCE);
        processors = add(Processors.start(environment));
        sink = add(Sink.start(environment, clock));
        ingest = add(Ingest.start(environment, () -> ingestClock.instant()));

        URI target = URI.create("http://127.0.0.1:" + ingest.port());
        sender = new WebhookSender(target, ingest.publicUrl().toString(), account.authToken());
        echo.set(sender);
        List.of(ingest, processors, sink).forEach(this::watch);
    }

    /**
     * Starts all parts.
     *
     * @param environment may name a Kafka cluster and another Twilio; what it names is not started here
     * @param dataDir where broker, stores and simulator keep what they have
     */
    public static LocalStack start(Environment environment, Path dataDir, InstantSource clock) throws Exception {
        return new LocalStack(environment, dataDir, clock);
    }

    public String bootstrapServers() {
        return bootstrapServers;
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

    /** Messages of the simulated Conversations. */
    public MessageStore messages() {
        return messages;
    }

    public Journal journal() {
        return journal;
    }

    /** Whether Twilio is simulated here. */
    public boolean isTwilioSimulated() {
        return simulated;
    }

    /** Ingest lives by that clock from now on: what arrives from the sample day arrives on that day. */
    public void setIngestClock(InstantSource clock) {
        ingestClock = clock;
    }

    /** Signs and sends webhooks to ingest. */
    public WebhookSender sender() {
        return sender;
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
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.atWarn()
                        .addKeyValue("part", part.getClass().getSimpleName())
                        .setCause(e)
                        .log("Could not close");
            }
        }
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    private void watch(Service service) {
        service.died().whenComplete((nothing, failure) -> {
            if (failure != null) {
                died.completeExceptionally(failure);
            }
        });
    }

    /** Twilio tells of every change of a task, also of those that we make ourselves. */
    @SuppressWarnings("FutureReturnValueIgnored") // whenComplete looks at the failure
    private void echo(@Nullable WebhookSender to, SimulatedTask task, InstantSource clock) {
        if (to == null) {
            return;
        }
        Map<String, String> form = new HashMap<>();
        form.put("EventType", "task.updated");
        form.put("Sid", SimulatedAccount.sid("EV", task.sid() + "/" + task.version()));
        form.put("AccountSid", account.accountSid());
        form.put("WorkspaceSid", account.workspaceSid());
        form.put("ResourceSid", task.sid());
        form.put("TimestampMs", Long.toString(clock.millis()));
        form.put("TaskSid", task.sid());
        form.put("TaskAttributes", task.attributes());
        form.put("TaskVersion", Integer.toString(task.version()));
        form.put("TaskChannelUniqueName", task.channel());
        form.put("TaskQueueName", task.queueName());
        to.sendAsync("/webhooks/taskrouter", form).whenComplete((status, failure) -> {
            if (failure != null) {
                // Twilio's own default is not to repeat it either
                LOG.atDebug().setCause(failure).log("An echo was not delivered");
            }
        });
    }
}
