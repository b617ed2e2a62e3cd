package io.flexmetry.benchmarks.console;

import io.flexmetry.benchmarks.load.Processor;
import io.flexmetry.benchmarks.load.Scratch;
import io.flexmetry.console.Console;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.broker.EmbeddedBroker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The start of a console with 100,000 rows, as a ratio to a consumer that only reads them; then 200 open pages, while a
 * thousand agents and their rows change. Broker, load and pages share cores and process.
 */
final class ConsoleBenchmark {

    private static final int ROWS = Integer.getInteger("rows", 100_000);
    private static final int PAGES = Integer.getInteger("pages", 200);
    private static final int PER_SECOND = Integer.getInteger("perSecond", 2_000);
    private static final int ROUNDS = Integer.getInteger("rounds", 3);
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("warmUp", 30));
    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("measured", 30));
    private static final Duration READY = Duration.ofMinutes(5);

    private ConsoleBenchmark() {}

    public static void main(String[] args) throws Exception {
        try (Scratch folder = Scratch.create();
                EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"))) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                Topics.create(admin).get();
            }
            try (LargeFloor floor = new LargeFloor(broker.bootstrapServers())) {
                Instant now = Instant.now();
                for (int i = 0; i < ROWS; i++) {
                    floor.row(i, now);
                }
                for (int i = 0; i < LargeFloor.AGENTS; i++) {
                    floor.agent(i, "Available", now);
                }
                floor.flush();
                for (int round = 1; round <= ROUNDS; round++) {
                    start(broker.bootstrapServers(), round);
                }
                pages(broker.bootstrapServers(), floor);
            }
        }
        System.exit(0);
    }

    private static void start(String servers, int round) throws Exception {
        double bare = read(servers);
        long begin = System.nanoTime();
        try (Console console = console(servers)) {
            double ready = awaitReady(console, begin);
            System.out.printf(
                    "round %d  reading alone %.1f s  console ready %.1f s before %,d rows  ratio %.2f  heap after collection %d MB%n",
                    round, bare, ready, ROWS, ready / bare, heap());
        }
    }

    private static void pages(String servers, LargeFloor floor) throws Exception {
        try (Console console = console(servers)) {
            awaitReady(console, System.nanoTime());
            try (OpenPages pages = new OpenPages(console.port(), PAGES)) {
                change(floor, WARM_UP);
                pages.count();
                long before = Processor.ofProcess();
                long begin = System.nanoTime();
                long changed = change(floor, MEASURED);
                double seconds = (System.nanoTime() - begin) / 1e9;
                Histogram micros = pages.micros();
                System.out.printf(
                        "%d pages, %,d agents, %,.0f changes/s: %,d seen by pages after p50 %.0f ms, p99 %.0f ms, most %.0f ms; %.1f MB/s to all pages;"
                                + " broker, load, console and pages kept %.2f cores busy%n",
                        PAGES,
                        LargeFloor.AGENTS,
                        changed / seconds,
                        micros.getTotalCount(),
                        micros.getValueAtPercentile(50) / 1e3,
                        micros.getValueAtPercentile(99) / 1e3,
                        micros.getMaxValue() / 1e3,
                        pages.bytes() / seconds / 1e6,
                        (Processor.ofProcess() - before) / seconds / 1e9);
            }
        }
    }

    /** Half of the changes are agents, half are rows. */
    private static long change(LargeFloor floor, Duration time) {
        long begin = System.nanoTime();
        long done = 0;
        while (System.nanoTime() - begin < time.toNanos()) {
            long due = (System.nanoTime() - begin) * PER_SECOND / TimeUnit.SECONDS.toNanos(1);
            for (; done < due; done++) {
                int number = (int) (done / 2 % LargeFloor.AGENTS);
                if (done % 2 == 0) {
                    floor.agent(number, OpenPages.BEGAN + System.nanoTime(), Instant.now());
                } else {
                    floor.row(number, Instant.now());
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        return done;
    }

    private static Console console(String servers) throws Exception {
        return Console.start(
                Environment.of(Map.of("FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", servers, "FLEXMETRY_CONSOLE_PORT", "0")),
                InstantSource.system(),
                taskSid -> CompletableFuture.failedFuture(new IllegalStateException("nobody explains here")));
    }

    private static double awaitReady(Console console, long begin) throws InterruptedException {
        while (!console.isReady()) {
            if (System.nanoTime() - begin > READY.toNanos()) {
                throw new IllegalStateException("Expected to be ready within " + READY + ": " + console.attention());
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Only reads the rows from the topic. */
    private static double read(String servers) {
        long begin = System.nanoTime();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.RESERVATION_METRICS.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> left = new HashMap<>(consumer.endOffsets(partitions));
            while (!left.isEmpty()) {
                consumer.poll(Duration.ofMillis(100));
                left.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            }
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private static long heap() {
        System.gc();
        return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20;
    }
}
