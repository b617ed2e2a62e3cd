package io.flexmetry.benchmarks.processors;

import io.flexmetry.benchmarks.load.Child;
import io.flexmetry.benchmarks.load.Scratch;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.broker.EmbeddedBroker;
import io.flexmetry.processors.ProcessorsMain;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * One backlog through a Flink job that computes six message metrics, and through Flexmetry's processors, started like
 * {@code ./flexmetry processors}. The processors do more: they read the workers' events too, compute all other metrics,
 * and write rows of open reservations, commands and the ledger.
 *
 * <p>Both run one after the other, in processes with the same heap, each with a new broker in this process. The time is
 * from the commit of the backlog until the last final row can be read with read_committed. Fails if the rows differ.
 */
final class FlinkBenchmark {

    private static final int WARM_UP_CHATS = Integer.getInteger("warmUp", 10_000);
    private static final int CHATS = Integer.getInteger("chats", 20_000);
    private static final int ROUNDS = Integer.getInteger("rounds", 3);
    private static final String HEAP = "-Xmx1g";
    /** The launcher's for processors. The Flink job gets it too, so that both pay the same for their objects. */
    private static final String COLLECTOR = "-XX:+UseParallelGC";

    private static final String QUIET =
            "-Dlogback.configurationFile=" + FlinkBenchmark.class.getResource("/logback-benchmarks.xml");

    private FlinkBenchmark() {}

    public static void main(String[] args) throws Exception {
        System.out.printf(
                "%,d chats of %d messages, all in Kafka before the clock starts, after %,d to warm up%n",
                CHATS, Traffic.MESSAGES, WARM_UP_CHATS);
        System.out.printf(
                "flink: exactly once, a checkpoint every 1000 ms; flexmetry: exactly once, a commit every 100 ms; both: RocksDB,"
                        + " %d cores with the broker%n",
                Runtime.getRuntime().availableProcessors());
        System.out.println("in brackets: processor time for each event, application + broker");
        List<Double> ratios = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            Run flink = run(FlinkBenchmark::flink);
            Run flexmetry = run(FlinkBenchmark::flexmetry);
            double ratio = flexmetry.perSecond() / flink.perSecond();
            System.out.printf("round %d  flink %s  flexmetry %s  ratio %.2f%n", round, flink, flexmetry, ratio);
            ratios.add(ratio);
            Optional<String> difference = difference(flink, flexmetry);
            if (difference.isPresent()) {
                System.out.println("rows differ: " + difference.get());
                System.exit(1);
            }
        }
        ratios.sort(null);
        System.out.printf(
                "median ratio to the Flink job: %.2f; all %,d rows equal%n", ratios.get(ratios.size() / 2), CHATS);
        System.exit(0);
    }

    @FunctionalInterface
    private interface Application {
        Child start(String servers, Scratch folder) throws IOException;
    }

    private static Child flink(String servers, Scratch folder) throws IOException {
        return Child.start(
                Map.of(),
                List.of(
                        HEAP,
                        COLLECTOR,
                        QUIET,
                        "-cp",
                        System.getProperty("flink.classPath"),
                        "io.flexmetry.benchmarks.flink.FlinkJob",
                        servers,
                        folder.resolve("flink").toString()));
    }

    private static Child flexmetry(String servers, Scratch folder) throws IOException {
        return Child.start(
                ProcessorsMain.class,
                Map.of(
                        "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS",
                        servers,
                        "FLEXMETRY_STATE_DIR",
                        folder.resolve("flexmetry").toString()),
                HEAP,
                COLLECTOR,
                QUIET);
    }

    private static Run run(Application application) throws Exception {
        try (Scratch folder = Scratch.create();
                EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"))) {
            String servers = broker.bootstrapServers();
            try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers))) {
                Topics.create(admin).get();
            }
            Traffic warmUp = new Traffic(0, WARM_UP_CHATS);
            Traffic measured = warmUp.next(CHATS);
            try (Child child = application.start(servers, folder);
                    FinalRows rows = new FinalRows(servers, child)) {
                Traffic.write(servers, warmUp.events());
                rows.await(warmUp.reservations());
                List<Event> events = measured.events();
                long start = Traffic.write(servers, events);
                FinalRows.Moment before = rows.now();
                FinalRows.Moment last = rows.await(measured.reservations());
                Map<String, Map<Metric, BigDecimal>> values = new LinkedHashMap<>();
                measured.reservations().forEach(sid -> values.put(sid, rows.of(sid)));
                return new Run(
                        events.size() / ((last.nanos() - start) / 1e9),
                        (last.application() - before.application()) / 1e3 / events.size(),
                        (last.broker() - before.broker()) / 1e3 / events.size(),
                        values);
            }
        }
    }

    /**
     * The result of a run.
     *
     * @param perSecond messages, acceptances and wrap-ups; copies in the workers' topic do not count
     * @param applicationMicros processor time of the application per event
     * @param brokerMicros processor time of this process per event
     * @param values the six numbers by reservation; empty without a final row
     */
    private record Run(
            double perSecond,
            double applicationMicros,
            double brokerMicros,
            Map<String, Map<Metric, BigDecimal>> values) {

        @Override
        public String toString() {
            return "%,7.0f/s (%.0f + %.0f µs)".formatted(perSecond, applicationMicros, brokerMicros);
        }
    }

    /** The first reservation without a row, or with other numbers. */
    private static Optional<String> difference(Run flink, Run flexmetry) {
        return flink.values().entrySet().stream()
                .filter(row -> row.getValue().isEmpty()
                        || !row.getValue().equals(flexmetry.values().get(row.getKey())))
                .map(row -> row.getKey() + ": flink " + row.getValue() + ", flexmetry "
                        + flexmetry.values().get(row.getKey()))
                .findFirst();
    }
}
