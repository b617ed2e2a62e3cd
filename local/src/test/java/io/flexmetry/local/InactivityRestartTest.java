package io.flexmetry.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.PostMessage;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.TopicSettings;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.broker.EmbeddedBroker;
import io.flexmetry.processors.Processors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Timers over outages, rebalances and crashes, on a real broker. Commands are not executed here. */
@Tag("crash")
class InactivityRestartTest {

    private static final int PARTITIONS = 4;
    private static final int CHATS = 60;

    /** Records to read before it is known that a chat is not abandoned. */
    private static final int BACKLOG = 6_000;

    @TempDir
    Path folder;

    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-01-05T09:00:00Z"));
    private EmbeddedBroker broker;
    private KafkaProducer<String, Event> producer;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("kafka"));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            Topics.create(admin, new TopicSettings(PARTITIONS, null)).get();
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 20),
                Topics.TASK_EVENTS.keySerde().serializer(),
                Topics.TASK_EVENTS.valueSerde().serializer());
    }

    @AfterEach
    void stop() {
        producer.close();
        broker.close();
    }

    /**
     * An outage of ten minutes. Afterwards all chats look abandoned; but a third has messages behind a backlog, a third
     * has ended, as a record behind a backlog of the other input shows, and only the last third is abandoned.
     */
    @Test
    void shouldReadWhatWaitsBeforeItActs() throws Exception {
        try (Processors processors = processors("one")) {
            await().until(processors::isReady);
            IntStream.range(0, CHATS).forEach(this::chat);
            awaitRows(CHATS);
        }
        clock.updateAndGet(now -> now.plus(Duration.ofMinutes(10)));
        IntStream.range(0, BACKLOG).forEach(this::filler);
        IntStream.range(0, CHATS).filter(i -> i % 3 == 0).forEach(i -> say(i, 2, "customer"));
        IntStream.range(0, CHATS).filter(i -> i % 3 == 1).forEach(i -> reservation(i, ReservationFact.Change.WRAPUP));
        producer.flush();

        try (Processors processors = processors("one")) {
            await().until(processors::isReady);
            Set<String> abandoned = chats(i -> i % 3 == 2);
            await().untilAsserted(() -> assertThat(warned()).containsAll(abandoned));
            // another chat becomes inactive and is warned: then everything that was due before has been decided
            chat(CHATS);
            producer.flush();
            awaitRows(CHATS + 1);
            clock.updateAndGet(now -> now.plus(Duration.ofMinutes(9)));
            await().untilAsserted(() -> assertThat(warned()).contains(conversation(CHATS)));
            assertThat(new TreeSet<>(warned()))
                    .as("the customers of the others wait, or their chats have ended")
                    .isEqualTo(Stream.concat(abandoned.stream(), Stream.of(conversation(CHATS)))
                            .collect(Collectors.toCollection(TreeSet::new)));
            assertThat(warned()).doesNotHaveDuplicates();
        }
    }

    @Test
    void shouldWarnEachOnceWhileAnotherInstanceTakesOver() throws Exception {
        Processors first = processors("one");
        await().until(first::isReady);
        IntStream.range(0, CHATS).forEach(this::chat);
        producer.flush();
        awaitRows(CHATS);
        Processors second = processors("two");
        try {
            clock.updateAndGet(now -> now.plus(Duration.ofMinutes(9)));
            await().untilAsserted(() -> assertThat(warned()).hasSizeGreaterThanOrEqualTo(CHATS));
            clock.updateAndGet(now -> now.plus(Duration.ofHours(1)));
            await().until(() -> first.isReady() && second.isReady());
            chat(CHATS);
            producer.flush();
            awaitRows(CHATS + 1);
            clock.updateAndGet(now -> now.plus(Duration.ofMinutes(9)));
            await().untilAsserted(() -> assertThat(warned()).contains(conversation(CHATS)));
        } finally {
            first.close();
            second.close();
        }

        assertThat(warned()).hasSize(CHATS + 1).doesNotHaveDuplicates();
    }

    /** Killed while it posts warnings; with the real clock, because it is another process. */
    @Test
    void shouldWarnEachOnceThoughItIsKilled() throws Exception {
        Path yaml = yaml("PT3S");
        clock.set(Instant.now());
        IntStream.range(0, CHATS).forEach(this::chat);
        producer.flush();
        Process process = process(yaml);
        try {
            await().until(() -> !warned().isEmpty());
            process.destroyForcibly().waitFor();
            IntStream.range(CHATS, 2 * CHATS).forEach(this::chat);
            producer.flush();
            process = process(yaml);

            await().untilAsserted(() -> assertThat(warned()).hasSizeGreaterThanOrEqualTo(2 * CHATS));
            assertThat(warned()).hasSize(2 * CHATS).doesNotHaveDuplicates();
        } finally {
            process.destroyForcibly();
        }
    }

    private Processors processors(String instance) throws Exception {
        return Processors.start(Environment.of(environment(yaml("PT8M"), instance)), clock::get);
    }

    private Process process(Path yaml) throws IOException {
        return ServiceProcess.start(
                "io.flexmetry.processors.ProcessorsMain", folder.resolve("log"), environment(yaml, "process"));
    }

    private Map<String, String> environment(Path yaml, String instance) {
        return Map.of(
                "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                "FLEXMETRY_STATE_DIR", folder.resolve("state-" + instance).toString(),
                "FLEXMETRY_INSTANCE_ID", instance,
                "FLEXMETRY_CONFIG", yaml.toString());
    }

    private Path yaml(String after) throws IOException {
        return Files.writeString(
                folder.resolve(after + ".yaml"),
                "inactivity: [{ steps: [{ after: " + after + ", do: warn, text: Hello }] }]");
    }

    /** A chat that was accepted, asked and answered. */
    private void chat(int number) {
        reservation(number, ReservationFact.Change.ACCEPTED);
        say(number, 0, "customer");
        say(number, 1, "agent");
    }

    private void reservation(int number, ReservationFact.Change change) {
        Task task = new Task("WT" + number, 1, "chat", "Support", conversation(number), null, null, null, Map.of());
        Worker worker = new Worker("WK" + number, "agent@example.com", "agent");
        ReservationFact fact = new ReservationFact(change, "WR" + number, task, worker);
        send(Topics.TASK_EVENTS, task.taskSid(), "reservation." + change, fact);
        send(Topics.WORKER_EVENTS, worker.workerSid(), "reservation." + change, fact);
    }

    private void say(int number, long index, String author) {
        send(
                Topics.CONVERSATION_EVENTS,
                conversation(number),
                "onMessageAdded",
                message(conversation(number), index, author));
    }

    private MessageFact message(String conversationSid, long index, String author) {
        return new MessageFact(
                MessageFact.Change.ADDED,
                conversationSid,
                "IM" + conversationSid + index,
                index,
                clock.get(),
                author,
                "MB" + author,
                5,
                0,
                null);
    }

    /** Other records, on both inputs. */
    private void filler(int number) {
        String sid = "CHother" + number % 50;
        send(Topics.CONVERSATION_EVENTS, sid, "onMessageAdded", message(sid, number, "customer"));
        Task task = new Task("WTother" + number, 1, "chat", null, sid + number, null, null, null, Map.of());
        send(
                Topics.TASK_EVENTS,
                task.taskSid(),
                "reservation.created",
                new ReservationFact(
                        ReservationFact.Change.CREATED,
                        "WRother" + number,
                        task,
                        new Worker("WKother" + number, null, null)));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a lost record makes the test fail
    private void send(Topic<String, Event> topic, String key, String type, Fact fact) {
        Instant now = clock.get();
        Event event = new Event(type + "/" + key + "/" + fact.hashCode(), type, now, now, Source.TASKROUTER, fact);
        producer.send(new ProducerRecord<>(topic.name(), key, event));
    }

    private static String conversation(int number) {
        return "CH" + number;
    }

    private static Set<String> chats(java.util.function.IntPredicate which) {
        return IntStream.range(0, CHATS)
                .filter(which)
                .mapToObj(InactivityRestartTest::conversation)
                .collect(Collectors.toSet());
    }

    /** The warned conversations, once for each warning. */
    private List<String> warned() {
        return TopicReader.readAll(broker.bootstrapServers(), Topics.CONVERSATION_COMMANDS).stream()
                .filter(PostMessage.class::isInstance)
                .map(Command::subject)
                .toList();
    }

    /** Waits until all messages of the chats are counted. */
    private void awaitRows(int chats) {
        await().until(() -> TopicReader.readAll(broker.bootstrapServers(), Topics.RESERVATION_METRICS).stream()
                        .filter(row -> row.values().values().stream().anyMatch(value -> value.signum() > 0))
                        .map(ReservationMetrics::reservationSid)
                        .distinct()
                        .count()
                >= chats);
    }
}
