package io.flexmetry.benchmarks.processors;

import io.flexmetry.benchmarks.load.Processor;
import io.flexmetry.benchmarks.load.Scratch;
import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.PostMessage;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.broker.EmbeddedBroker;
import io.flexmetry.local.report.Lag;
import io.flexmetry.processors.Processors;
import io.flexmetry.processors.cases.CaseRouting;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Timers in the whole topology on one instance. It measures the cost to arm a timer, to cancel one by a message, and to
 * fire one; the delay of ten thousand timers that are due within one second while half a million are open and events
 * continue, both soon after the acceptances and later; and how many records remain of a million timers that were armed
 * and canceled. The baseline, which alternates with it in the same run, is the topology without policies.
 *
 * <p>Costs are processor time of the stream threads, because broker and load share the machine and would distort
 * elapsed time.
 */
final class InactivityBenchmark {

    private static final int OPEN = Integer.getInteger("open", 500_000);
    private static final int MESSAGES = Integer.getInteger("messages", 1_000_000);
    private static final int ROUNDS = Integer.getInteger("rounds", 3);
    private static final int WARM_UP = 2_000;
    private static final int ROUND_ACCEPTED = 20_000;
    private static final int ROUND_MESSAGES = 100_000;
    private static final int WRITTEN_OF = 100_000;
    private static final int WRITTEN_IN = 10_000;
    private static final int DUE = 10_000;
    private static final int EVENTS_PER_SECOND = 1_000;
    private static final int OPEN_OF_A_WORKER = 3;
    private static final Duration AFTER = Duration.ofHours(1);
    private static final Duration QUIET = Duration.ofSeconds(40);
    private static final Duration AHEAD = Duration.ofSeconds(20);
    private static final String STATE = "flexmetry-processors-" + CaseRouting.CASE_STORE + "-changelog";
    private static final String WITHOUT = "inactivity: none";
    private static final String WITH = "inactivity:\n"
            + "  - { match: { queue: Due }, steps: [{ after: " + AFTER + ", do: warn, text: x }] }\n"
            + "  - { steps: [{ after: PT24H, do: warn, text: x }] }";

    private final EmbeddedBroker broker;
    private final Admin admin;
    private final KafkaProducer<String, Event> producer;
    private int written;

    private InactivityBenchmark(EmbeddedBroker broker, Admin admin) {
        this.broker = broker;
        this.admin = admin;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 20),
                Topics.TASK_EVENTS.keySerde().serializer(),
                Topics.TASK_EVENTS.valueSerde().serializer());
    }

    /** A measurement with a separate topology and broker. */
    @FunctionalInterface
    private interface Measured<T> {
        T with(InactivityBenchmark benchmark) throws Exception;
    }

    /** Microseconds per acceptance, and per message. */
    private record Costs(double accepted, double message) {}

    public static void main(String[] args) throws Exception {
        List<Double> arming = new ArrayList<>();
        List<Double> message = new ArrayList<>();
        for (int round = 0; round <= ROUNDS; round++) {
            Costs without = run(WITHOUT, InactivityBenchmark::costs);
            Costs with = run(WITH, InactivityBenchmark::costs);
            System.out.printf(
                    "%s  acceptance %.0f µs without policies, %.0f µs with: arms a timer; message %.0f µs without, %.0f µs with: arms or cancels%n",
                    round > 0 ? "round " + round : "warm-up",
                    without.accepted,
                    with.accepted,
                    without.message,
                    with.message);
            if (round > 0) {
                arming.add(with.accepted / without.accepted);
                message.add(with.message / without.message);
            }
        }
        System.out.printf(
                "median ratio to the topology without policies: acceptance %.2f, message %.2f%n",
                median(arming), median(message));
        run(WITH, benchmark -> {
            benchmark.accept(0, Math.min(OPEN, WRITTEN_OF), "Open");
            benchmark.settle();
            benchmark.write(MESSAGES);
            benchmark.settle();
            benchmark.reportStore("after " + MESSAGES + " messages that cancelled or armed a timer");
            benchmark.accept(Math.min(OPEN, WRITTEN_OF), OPEN, "Open");
            benchmark.settle();
            benchmark.fire("while the first numbers of all are written", OPEN);
            benchmark.rest();
            benchmark.fire("at rest", OPEN + DUE);
            return benchmark.reportStore("at the end");
        });
        System.exit(0);
    }

    private static double median(List<Double> values) {
        return values.isEmpty() ? Double.NaN : values.stream().sorted().toList().get(values.size() / 2);
    }

    private static <T> T run(String yaml, Measured<T> measured) throws Exception {
        try (Scratch folder = Scratch.create();
                EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"));
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                Processors processors = Processors.start(Environment.of(Map.of(
                        "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                        "FLEXMETRY_STATE_DIR", folder.resolve("state").toString(),
                        "FLEXMETRY_CONFIG",
                                Files.writeString(folder.resolve("flexmetry.yaml"), yaml)
                                        .toString())))) {
            while (!processors.isReady()) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            InactivityBenchmark benchmark = new InactivityBenchmark(broker, admin);
            T result = measured.with(benchmark);
            benchmark.producer.close();
            return result;
        }
    }

    private Costs costs() throws Exception {
        accept(0, WARM_UP, "Open");
        settle();
        double accepted = cpu(ROUND_ACCEPTED, () -> accept(WARM_UP, WARM_UP + ROUND_ACCEPTED, "Open"));
        return new Costs(accepted, cpu(ROUND_MESSAGES, () -> write(ROUND_MESSAGES)));
    }

    private double cpu(int events, Runnable send) throws Exception {
        long before = Processor.ofStreamThreads();
        send.run();
        settle();
        return (Processor.ofStreamThreads() - before) / 1e3 / events;
    }

    private void settle() throws Exception {
        producer.flush();
        while (Lag.of(admin) > 0) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Waits until the numbers of all open reservations are written, some time after the acceptances. */
    private void rest() throws Exception {
        long known = -1;
        for (long now = commands(); now != known; now = commands()) {
            known = now;
            TimeUnit.NANOSECONDS.sleep(QUIET.toNanos());
        }
    }

    private long commands() throws Exception {
        Map<TopicPartition, OffsetSpec> partitions = IntStream.range(0, Topics.TASK_COMMANDS.partitions())
                .mapToObj(partition -> new TopicPartition(Topics.TASK_COMMANDS.name(), partition))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return admin.listOffsets(partitions).all().get().values().stream()
                .mapToLong(ListOffsetsResultInfo::offset)
                .sum();
    }

    private void accept(int from, int to, String queue) {
        IntStream.range(from, to).forEach(number -> accept(number, queue, Instant.now()));
    }

    private void accept(int number, String queue, Instant at) {
        ReservationFact fact = new ReservationFact(
                ReservationFact.Change.ACCEPTED,
                "WR" + number,
                new Task("WT" + number, 1, "chat", queue, "CH" + number, null, null, null, null),
                new Worker("WK" + number / OPEN_OF_A_WORKER, "agent" + number / OPEN_OF_A_WORKER, null));
        send(Topics.TASK_EVENTS, "WT" + number, "reservation.accepted", at, fact);
        send(Topics.WORKER_EVENTS, fact.worker().workerSid(), "reservation.accepted", at, fact);
    }

    /** Customer and agent alternate: a customer's message cancels a timer, an agent's message arms one. */
    private void write(int messages) {
        for (int i = 0; i < messages; i++) {
            writeOne();
        }
    }

    private void writeOne() {
        say(written % WRITTEN_IN, written / WRITTEN_IN, Instant.now());
        written++;
    }

    private void say(int number, long index, Instant at) {
        boolean agent = index % 2 == 1;
        MessageFact fact = new MessageFact(
                MessageFact.Change.ADDED,
                "CH" + number,
                "IM" + number + "/" + index,
                index,
                at,
                agent ? "agent" + number / OPEN_OF_A_WORKER : "guest",
                agent ? "MBa" : "MBc",
                40,
                0,
                null);
        send(Topics.CONVERSATION_EVENTS, "CH" + number, "onMessageAdded", at, fact);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a lost record would make settle() wait forever
    private void send(
            Topic<String, Event> topic, String key, String type, Instant at, io.flexmetry.contract.event.Fact fact) {
        producer.send(new ProducerRecord<>(
                topic.name(), key, new Event(type + "/" + key + "/" + at, type, at, at, Source.TASKROUTER, fact)));
    }

    /** Ten thousand timers are due within a second, while messages continue. */
    private void fire(String name, int from) throws Exception {
        Instant due = Instant.now().plus(AHEAD);
        Map<String, Instant> dues = new HashMap<>();
        for (int i = 0; i < DUE; i++) {
            Instant at = due.plusNanos(i * (1_000_000_000L / DUE));
            dues.put("CH" + (from + i), at);
            accept(from + i, "Due", at.minus(AFTER));
        }
        settle();
        long cpu = 0;
        Thread load = new Thread(this::load, "load");
        load.setDaemon(true);
        load.start();
        Histogram late = new Histogram(3);
        Instant first = Instant.MAX;
        Instant last = Instant.MIN;
        try (KafkaConsumer<String, Command> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                Topics.CONVERSATION_COMMANDS.valueSerde().deserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, Topics.CONVERSATION_COMMANDS.partitions())
                    .mapToObj(partition -> new TopicPartition(Topics.CONVERSATION_COMMANDS.name(), partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (late.getTotalCount() < DUE) {
                if (cpu == 0 && !Instant.now().isBefore(due)) {
                    cpu = Processor.ofStreamThreads();
                }
                for (var record : consumer.poll(Duration.ofMillis(10))) {
                    Instant seen = Instant.now();
                    Instant wanted = dues.get(record.key());
                    if (record.value() instanceof PostMessage && wanted != null) {
                        late.recordValue(
                                Math.max(0, Duration.between(wanted, seen).toMillis()));
                        first = seen.isBefore(first) ? seen : first;
                        last = seen.isAfter(last) ? seen : last;
                    }
                }
            }
        }
        load.interrupt();
        load.join();
        System.out.printf(
                "%s  %,d open, %,d due in one second, %,d events/s beside: lateness of the command in Kafka p50 %,d ms, p99 %,d ms, most %,d ms; fired in %.1f s, %.0f µs of the stream threads for each, the events beside included%n",
                name,
                OPEN,
                DUE,
                EVENTS_PER_SECOND,
                late.getValueAtPercentile(50),
                late.getValueAtPercentile(99),
                late.getMaxValue(),
                Duration.between(first, last).toMillis() / 1e3,
                (Processor.ofStreamThreads() - cpu) / 1e3 / DUE);
    }

    private void load() {
        long start = System.nanoTime();
        try {
            for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                writeOne();
                long ahead = start + (i + 1) * (1_000_000_000L / EVENTS_PER_SECOND) - System.nanoTime();
                if (ahead > 0) {
                    TimeUnit.NANOSECONDS.sleep(ahead);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The table of timers, as a restart with an empty disk would read it. */
    private int reportStore(String when) {
        Map<String, Integer> sizes = new HashMap<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(STATE).stream()
                    .map(info -> new TopicPartition(STATE, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (!record.key().startsWith("inactivity-timers/")) {
                        return;
                    }
                    if (record.value() == null) {
                        sizes.remove(record.key());
                    } else {
                        sizes.put(record.key(), record.key().length());
                    }
                });
            }
        }
        System.out.printf(
                "timers in the table %s: %,d with %,d bytes, of them %,d to forget what is over%n",
                when,
                sizes.size(),
                Stream.of(sizes.values().toArray(Integer[]::new))
                        .mapToLong(Integer::longValue)
                        .sum(),
                sizes.keySet().stream().filter(key -> key.contains("/forget/")).count());
        return sizes.size();
    }
}
