package io.flexmetry.console;

import io.flexmetry.console.floor.FloorModel;
import io.flexmetry.console.floor.FloorView;
import io.flexmetry.console.topic.Follower;
import io.flexmetry.console.topic.Follower.Reader;
import io.flexmetry.console.topic.ProcessorsWatch;
import io.flexmetry.console.web.ConsoleServer;
import io.flexmetry.console.web.ConsoleServer.Explainer;
import io.flexmetry.console.web.PseudonymousExplainer;
import io.flexmetry.contract.service.Ports;
import io.flexmetry.contract.service.Query;
import io.flexmetry.contract.service.Service;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.PrivacyConfiguration.WorkerNames;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.contract.topic.Topics;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running console. Its state is in memory only; after a restart it reads the topics again. */
public final class Console implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final String RETRY_AFTER = "Retry-After";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How far behind processors may be before the page reports it: a rebalance takes less time. */
    private static final Duration TOLERATED = Duration.ofSeconds(15);

    private final Vertx vertx;
    private final Follower follower;
    private final ProcessorsWatch watch;
    private final ConsoleServer server;

    private Console(Vertx vertx, Follower follower, ProcessorsWatch watch, ConsoleServer server) {
        this.vertx = vertx;
        this.follower = follower;
        this.watch = watch;
        this.server = server;
    }

    /**
     * Validates all settings that {@link #start} needs, and starts nothing.
     *
     * @throws SettingsException if a setting is missing or wrong, or the port is in use
     */
    public static void check(Environment environment) {
        Ports.requireFree(
                Variable.FLEXMETRY_CONSOLE_PORT,
                ConsoleSettings.from(environment).port());
    }

    /** Starts the console with the settings of the environment. */
    public static Console start(Environment environment, InstantSource clock)
            throws InterruptedException, ExecutionException {
        return start(environment, clock, asking(ConsoleSettings.from(environment)));
    }

    /**
     * Starts the console with another source of explanations.
     *
     * @param clock the current time of the floor
     */
    public static Console start(Environment environment, InstantSource clock, Explainer explainer)
            throws InterruptedException, ExecutionException {
        ConsoleSettings settings = ConsoleSettings.from(environment);
        FloorModel model = new FloorModel(settings.workerNames());
        Follower follower = Follower.start(
                settings.kafka(),
                List.of(
                        new Reader<>(Topics.RESERVATION_METRICS, model::row),
                        new Reader<>(Topics.TASK_LEDGER, model::ledger),
                        new Reader<>(Topics.TASK_STATUS, model::task),
                        new Reader<>(Topics.WORKER_STATUS, model::worker)));
        ProcessorsWatch watch = ProcessorsWatch.start(settings.kafka(), TOLERATED);
        ConsoleServer server = new ConsoleServer(
                new ConsoleServer.Address(settings.host(), settings.port()),
                settings.access(),
                model,
                new FloorView(
                        model,
                        clock,
                        settings.zone(),
                        settings.targets(),
                        settings.calendar(),
                        settings.capacity(),
                        () -> problem(follower, watch)),
                () -> follower.isCaughtUp() ? Optional.empty() : follower.problem(),
                settings.workerNames() == WorkerNames.HIDDEN ? new PseudonymousExplainer(explainer) : explainer,
                settings.origins());
        Vertx vertx = Vertx.vertx();
        Console console = new Console(vertx, follower, watch, server);
        try {
            vertx.deployVerticle(server)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            console.close();
            if (e.getCause() instanceof BindException) {
                throw Ports.taken(Variable.FLEXMETRY_CONSOLE_PORT, settings.port());
            }
            throw e;
        }
        LOG.atInfo().addKeyValue("port", server.port()).log("Console is listening");
        return console;
    }

    private static Optional<String> problem(Follower follower, ProcessorsWatch watch) {
        return follower.problem().or(watch::problem);
    }

    private static Explainer asking(ConsoleSettings settings) {
        URI processors = settings.processors();
        if (processors == null) {
            return taskSid -> CompletableFuture.completedFuture(new Query.Answer(
                    501,
                    "{\"error\":\"Expected " + Variable.FLEXMETRY_PROCESSORS_URL
                            + " to be set: processors explain the numbers\"}"));
        }
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        return taskSid -> client.sendAsync(
                        HttpRequest.newBuilder(processors.resolve("/explain/" + taskSid))
                                .timeout(PATIENCE)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> new Query.Answer(
                        answer.statusCode(),
                        answer.body(),
                        answer.headers()
                                .firstValue(RETRY_AFTER)
                                .map(seconds -> Map.of(RETRY_AFTER, seconds))
                                .orElse(Map.of())));
    }

    /** The port that the console listens on. */
    public int port() {
        return server.port();
    }

    /** Never completes: every failure is retried. */
    @Override
    public CompletionStage<Void> died() {
        return new CompletableFuture<>();
    }

    @Override
    public boolean isReady() {
        return follower.isCaughtUp();
    }

    @Override
    public Optional<String> attention() {
        return problem(follower, watch);
    }

    @Override
    public void close() {
        watch.close();
        follower.close();
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().setCause(e).log("The web server did not close in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
