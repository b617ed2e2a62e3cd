package io.flexmetry.local;

import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.local.day.DayPlayer;
import io.flexmetry.local.twilio.Journal;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./flexmetry local}. */
@Command(
        name = "./flexmetry local",
        description =
                "Starts broker, simulated Twilio, ingest, processors and sink in one process and plays a sample day.",
        mixinStandardHelpOptions = true)
public final class LocalCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(LocalCommand.class);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
    private static final int BAD_SETTINGS = 2;

    @Option(names = "--no-demo", description = "Play nothing: wait for webhooks until Ctrl-C.")
    private boolean noDemo;

    @Option(names = "--once", description = "End after the sample day; exit code 1 if a number is not on its task.")
    private boolean once;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "Keep broker, state and simulator there; a restart on the same folder goes on where it stopped."
                            + " Without it a temporary folder is used and removed.")
    private @Nullable Path dataDir;

    private final PrintStream out = System.out;

    private LocalCommand() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new LocalCommand()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        boolean temporary = dataDir == null;
        Path folder = dataDir == null ? Files.createTempDirectory("flexmetry-") : dataDir;
        CompletableFuture<Void> signalled = new CompletableFuture<>();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            signalled.complete(null);
                            closed.join();
                        },
                        "flexmetry-shutdown"));
        try {
            Environment environment = Environment.of(System.getenv());
            if (!noDemo && environment.find(Variable.FLEXMETRY_TWILIO_BASE_URL).isPresent()) {
                throw new SettingsException("Expected --no-demo together with " + Variable.FLEXMETRY_TWILIO_BASE_URL
                        + ": the tasks of the sample day exist only in the simulator");
            }
            boolean demo = !noDemo;
            if (demo && environment.find(Variable.FLEXMETRY_CONFIG).isEmpty()) {
                environment = environment.with(
                        Variable.FLEXMETRY_CONFIG,
                        SampleDayPolicy.writeTo(folder).toString());
            }
            Configuration configuration = Configuration.from(environment);
            InstantSource system = InstantSource.system();
            // time stands still until the day begins, or goes on
            Function<Journal, InstantSource> life =
                    journal -> demo ? InstantSource.fixed(DayPlayer.clock(journal)) : system;
            try (LocalStack stack = LocalStack.start(environment, folder, system, life)) {
                return run(stack, configuration, signalled);
            }
        } catch (SettingsException e) {
            System.err.println("local: " + e.getMessage());
            return BAD_SETTINGS;
        } finally {
            if (temporary) {
                delete(folder);
            }
            closed.complete(null);
        }
    }

    private int run(LocalStack stack, Configuration configuration, CompletableFuture<Void> signalled) throws Exception {
        CompletableFuture<Object> end =
                CompletableFuture.anyOf(signalled, stack.died().toCompletableFuture());
        try {
            if (!awaitReady(stack, end)) {
                return 0;
            }
            out.println("ready webhooks http://localhost:" + stack.port()
                    + "/webhooks/{taskrouter,conversations,voice,event-streams} kafka " + stack.bootstrapServers()
                    + " twilio " + stack.twilio());
            int code = 0;
            if (!noDemo && !end.isDone()) {
                code = new Demo(stack, configuration.metrics(), out, InstantSource.system()).play(end);
                out.println(once ? "" : "Webhooks are still accepted. Ctrl-C ends it.");
            }
            if (noDemo || !once) {
                end.get();
            }
            return code;
        } catch (ExecutionException e) {
            LOG.atError().setCause(e.getCause()).log("Died");
            return 1;
        }
    }

    /** Whether it got ready before it was asked to stop. */
    private static boolean awaitReady(LocalStack stack, CompletableFuture<Object> end)
            throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!stack.isReady()) {
            if (await(end, Duration.ofMillis(50))) {
                return false;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "Expected to be ready within " + START_TIMEOUT + " but was not: " + stack.describeReadiness());
            }
        }
        return true;
    }

    /** Whether the end came within that time. */
    static boolean await(CompletableFuture<Object> end, Duration time) throws InterruptedException, ExecutionException {
        try {
            end.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
