package io.flexmetry.benchmarks.ingest;

import io.flexmetry.benchmarks.load.HttpLoad;
import java.time.Duration;
import java.util.List;

/**
 * Far more concurrent requests than ingest admits, for a minute: the excess is answered with 503, memory does not grow,
 * and afterwards the throughput is the same as before.
 */
final class OverloadBenchmark {

    private static final int USUAL = 64;

    /** Ingest admits about 13,000 concurrent requests of this size (64 MiB). */
    private static final int TOO_MANY = 18_000;

    private static final int FORMS = 4_096;
    private static final Duration PART = Duration.ofSeconds(10);
    private static final int PARTS = 6;

    private OverloadBenchmark() {}

    public static void main(String[] args) throws Exception {
        List<byte[]> requests = SignedForms.requests(FORMS);
        try (Setup setup = Setup.start("-Xmx512m")) {
            long accepted = 0;
            try (HttpLoad usual = new HttpLoad(setup.port(), USUAL, requests)) {
                accepted += usual.run(PART).count(204);
                HttpLoad.Result before = usual.run(PART);
                accepted += before.count(204);
                report(setup, "before", before);
                try (HttpLoad flood = new HttpLoad(setup.port(), TOO_MANY - USUAL, requests)) {
                    for (int part = 1; part <= PARTS; part++) {
                        HttpLoad.Result during = flood.run(PART);
                        accepted += during.count(204);
                        report(setup, "flood " + part, during);
                    }
                }
                HttpLoad.Result after = usual.run(PART);
                accepted += after.count(204);
                report(setup, "after", after);
                System.out.printf(
                        "after the flood %.2f of before; answered 204: %,d, records in Kafka: %,d, lost: %,d%n",
                        after.perSecond(204) / before.perSecond(204),
                        accepted,
                        setup.inKafka(),
                        Math.max(0, accepted - setup.inKafka()));
            }
        }
        System.exit(0);
    }

    private static void report(Setup setup, String name, HttpLoad.Result result) {
        System.out.printf(
                "%-8s  answers %s  204 %,7.0f/s  p99 %,.0f ms  memory of ingest %,d MiB%n",
                name,
                result.statuses(),
                result.perSecond(204),
                result.latency().getValueAtPercentile(99) / 1000.0,
                setup.ingest().residentMib());
    }
}
