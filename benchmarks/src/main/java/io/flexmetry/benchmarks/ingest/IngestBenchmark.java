package io.flexmetry.benchmarks.ingest;

import io.flexmetry.benchmarks.load.Child;
import io.flexmetry.benchmarks.load.HttpLoad;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Signed TaskRouter forms, durable in Kafka, from 64 connections; as a ratio to the same web server that only reads the
 * body and answers 204. Both alternate, so that noise affects both. Broker and load share the cores.
 */
final class IngestBenchmark {

    private static final int CONNECTIONS = 64;
    private static final int FORMS = 4_096;
    private static final int WARM_UP_ROUNDS = Integer.getInteger("warmUp", 6);
    private static final int ROUNDS = Integer.getInteger("rounds", 5);
    private static final Duration ROUND = Duration.ofSeconds(5);

    private IngestBenchmark() {}

    public static void main(String[] args) throws Exception {
        List<byte[]> requests = SignedForms.requests(FORMS);
        int barePort = Child.freePort();
        try (Setup setup = Setup.start();
                Child bare = Child.start(BareServer.class, Map.of(BareServer.PORT, Integer.toString(barePort)));
                HttpLoad ingestLoad = new HttpLoad(setup.port(), CONNECTIONS, requests)) {
            bare.awaitReady(barePort, "/health/ready", "up");
            try (HttpLoad bareLoad = new HttpLoad(barePort, CONNECTIONS, requests)) {
                measure(setup, ingestLoad, bareLoad, requests.get(0).length);
            }
        }
        System.exit(0);
    }

    private static void measure(Setup setup, HttpLoad ingestLoad, HttpLoad bareLoad, int size) throws IOException {
        long accepted = 0;
        long other = 0;
        List<Double> ratios = new ArrayList<>();
        System.out.printf(
                "%d connections, requests of %d bytes, %d cores%n",
                CONNECTIONS, size, Runtime.getRuntime().availableProcessors());
        for (int round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round++) {
            HttpLoad.Result baseline = bareLoad.run(ROUND);
            HttpLoad.Result ingest = ingestLoad.run(ROUND);
            accepted += ingest.count(204);
            other += ingest.latency().getTotalCount() - ingest.count(204);
            double ratio = ingest.perSecond(204) / baseline.perSecond(204);
            System.out.printf(
                    "%s  bare %,7.0f/s  ingest %,7.0f/s  ratio %.2f  p50 %.1f ms  p99 %.1f ms  p99.9 %.1f ms%n",
                    round > 0 ? "round " + round : "warm-up",
                    baseline.perSecond(204),
                    ingest.perSecond(204),
                    ratio,
                    ingest.latency().getValueAtPercentile(50) / 1000.0,
                    ingest.latency().getValueAtPercentile(99) / 1000.0,
                    ingest.latency().getValueAtPercentile(99.9) / 1000.0);
            if (round > 0) {
                ratios.add(ratio);
            }
        }
        ratios.sort(null);
        System.out.printf("median ratio to the bare server: %.2f%n", ratios.get(ratios.size() / 2));
        System.out.printf(
                "answered 204: %,d, other answers: %,d, records in Kafka: %,d, lost: %,d%n",
                accepted, other, setup.inKafka(), Math.max(0, accepted - setup.inKafka()));
    }
}
