package io.flexmetry.benchmarks.sink;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Writes with 100 ms latency and 5 % conflicts, 64 in flight: requests per second, and the ratio to the ideal. */
public final class SinkBenchmark {

    private static final int IN_FLIGHT = 64;
    private static final Duration LATENCY = Duration.ofMillis(100);
    private static final int BARE_REQUESTS = 100;
    private static final int WRITES = 10_000;
    private static final SlowTwilio.Behaviour BEHAVIOUR = new SlowTwilio.Behaviour(LATENCY, 0.05, Integer.MAX_VALUE);

    private SinkBenchmark() {}

    public static void main(String[] args) throws Exception {
        double ideal = IN_FLIGHT * 1000.0 / LATENCY.toMillis();
        System.out.printf("%d in flight, %s latency: ideal %.0f requests/s%n", IN_FLIGHT, LATENCY, ideal);
        double bare = bare();
        System.out.printf("bare client  %.0f requests/s  %.2f of the ideal%n", bare, bare / ideal);
        double sink = sink();
        System.out.printf(
                "sink         %.0f requests/s  %.2f of the ideal  %.2f of the bare client%n",
                sink, sink / ideal, sink / bare);
    }

    /** One thread per task, each of which reads its task repeatedly. */
    private static double bare() throws Exception {
        try (SlowTwilio twilio = SlowTwilio.start(BEHAVIOUR, (task, written) -> {})) {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            ExecutorService threads = Executors.newFixedThreadPool(IN_FLIGHT);
            try {
                List<Callable<Void>> readers = IntStream.range(0, IN_FLIGHT)
                        .mapToObj(i -> reader(client, URI.create("http://127.0.0.1:" + twilio.port() + "/WT" + i)))
                        .toList();
                long start = System.nanoTime();
                for (Future<Void> reader : threads.invokeAll(readers)) {
                    reader.get();
                }
                return twilio.served() / ((System.nanoTime() - start) / 1e9);
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static Callable<Void> reader(HttpClient client, URI task) {
        HttpRequest request = HttpRequest.newBuilder(task).build();
        return () -> {
            for (int n = 0; n < BARE_REQUESTS; n++) {
                client.send(request, BodyHandlers.ofString());
            }
            return null;
        };
    }

    private static double sink() throws Exception {
        try (SlowTwilio twilio = SlowTwilio.start(BEHAVIOUR, (task, written) -> {});
                SinkSetup setup = SinkSetup.start(twilio)) {
            AtomicLong settled = new AtomicLong();
            // loads classes and opens connections
            for (int i = 0; i < WRITES / 10; i++) {
                setup.write(WRITES + i, Instant.EPOCH);
            }
            setup.awaitOutcomes(settled::get, WRITES / 10, outcome -> settled.incrementAndGet());
            settled.set(0);
            long before = twilio.served();
            long conflictsBefore = twilio.conflicts();
            long start = System.nanoTime();
            for (int i = 0; i < WRITES; i++) {
                setup.write(i, Instant.EPOCH);
            }
            setup.awaitOutcomes(settled::get, WRITES + WRITES / 10, outcome -> settled.incrementAndGet());
            double seconds = (System.nanoTime() - start) / 1e9;
            long requests = twilio.served() - before;
            System.out.printf(
                    "sink         %d writes in %.1f s, %d requests, %d conflicts%n",
                    WRITES, seconds, requests, twilio.conflicts() - conflictsBefore);
            return requests / seconds;
        }
    }
}
