package io.flexmetry.local;

import io.flexmetry.console.Console;
import io.flexmetry.contract.service.Ending;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.local.day.DayPlayer;
import io.flexmetry.local.twilio.Journal;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./flexmetry local}. */
@Command(
        name = "./flexmetry local",
        description =
                "Starts broker, simulated Twilio, ingest, processors, sink and console in one process and plays a sample day.",
        mixinStandardHelpOptions = true)
public final class LocalCommand implements Callable<Integer> {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    @Option(names = "--no-demo", description = "Play nothing: wait for webhooks until Ctrl-C.")
    private boolean noDemo;

    @Option(names = "--once", description = "End after the sample day; exit code 1 if a number is not on its task.")
    private boolean once;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "Keep broker, state and simulator there; a restart with the same folder continues where it stopped."
                            + " Without it a temporary folder is used and removed.")
    private @Nullable Path dataDir;

    private final PrintStream out = System.out;
    private volatile boolean ready;
    private volatile @Nullable DataFolder taken;

    private LocalCommand() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new LocalCommand())
                .setExecutionExceptionHandler((e, line, parsed) -> Ending.report("local", e, System.err))
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        CompletableFuture<Void> signalled = new CompletableFuture<>();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        try {
            Environment environment = Environment.of(System.getenv());
            LocalSettings.check(environment, !noDemo);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(signalled, closed), "flexmetry-shutdown"));
            try (DataFolder folder = DataFolder.open(dataDir)) {
                taken = folder;
                return start(environment, folder, signalled);
            }
        } catch (Throwable e) {
            if (signalled.isDone()) {
                // during the shutdown many things cannot be started any more, not even some classes loaded
                return Ending.WELL;
            }
            throw e;
        } finally {
            closed.complete(null);
        }
    }

    /**
     * Mutes stderr if the start is not complete: components that are stopped while they start log long, useless errors.
     */
    private void stop(CompletableFuture<Void> signalled, CompletableFuture<Void> closed) {
        signalled.complete(null);
        if (ready) {
            closed.join();
            return;
        }
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try {
            closed.get(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // no orderly end is needed: the files survive a kill
            DataFolder folder = taken;
            if (folder != null) {
                folder.abandon();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int start(Environment given, DataFolder folder, CompletableFuture<Void> signalled) throws Exception {
        boolean demo = !noDemo;
        Environment environment = demo && given.find(Variable.FLEXMETRY_CONFIG).isEmpty()
                ? given.with(
                        Variable.FLEXMETRY_CONFIG,
                        SampleDayPolicy.writeTo(folder.path()).toString())
                : given;
        Configuration configuration = Configuration.from(environment);
        InstantSource system = InstantSource.system();
        // the clock stands still until the day begins or continues
        Function<Journal, InstantSource> eventClock =
                journal -> demo ? InstantSource.fixed(DayPlayer.clock(journal)) : system;
        try (LocalStack stack = LocalStack.start(environment, folder.path(), system, eventClock);
                Console console = LocalConsole.start(environment, stack)) {
            return run(stack, console, configuration, signalled);
        }
    }

    private int run(LocalStack stack, Console console, Configuration configuration, CompletableFuture<Void> signalled)
            throws Exception {
        CompletableFuture<Object> end =
                CompletableFuture.anyOf(signalled, stack.died().toCompletableFuture());
        try {
            if (!awaitReady(stack, end)) {
                return 0;
            }
            ready = true;
            out.println("console http://localhost:" + console.port() + "/");
            out.println("ready webhooks http://localhost:" + stack.port()
                    + "/webhooks/{taskrouter,conversations,voice,event-streams} kafka " + stack.bootstrapServers()
                    + " twilio " + stack.twilio());
            int code = 0;
            if (!noDemo && !end.isDone()) {
                code = new Demo(stack, configuration.metrics(), out, InstantSource.system()).play(end);
                out.println(once ? "" : "Webhooks are still accepted. Ctrl-C stops.");
            }
            if (noDemo || !once) {
                end.get();
            }
            return code;
        } catch (ExecutionException e) {
            return Ending.report("local", e, System.err);
        }
    }

    /** Returns false if the process was asked to stop before it was ready. */
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

    /** Whether the end came within this time. */
    static boolean await(CompletableFuture<Object> end, Duration time) throws InterruptedException, ExecutionException {
        try {
            end.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
