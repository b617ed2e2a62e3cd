package io.flexmetry.processors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.flexmetry.contract.command.CallCommand;
import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.ConversationCommand;
import io.flexmetry.contract.command.TaskCommand;
import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random days through the whole topology, with restarts. The number in a test's name is the seed of its day. There are more days
 * with {@code -Pfuzz}.
 */
class RandomDaysTest {

    private static final int DAYS = 2 * Integer.getInteger("flexmetry.fuzz.factor", 1);
    private static final int RECORDS = 400;
    private static final Configuration EVERYTHING = Configuration.parse("everything", """
            writeBack: { lateWorkflow: WW00000000000000000000000000000001 }
            inactivity:
              - match: { channel: chat }
                steps:
                  - { after: PT2M, do: warn, text: "Are you still there?" }
                  - { after: PT4M, do: park, channel: parked }
                  - { after: PT6M, do: wrap-up }
                  - { after: PT6M, do: complete }
                  - { after: PT6M, do: close }
              - match: { channel: sms }
                silence: anyone
                steps: [{ after: PT3M, do: notify }, { after: PT5M, do: close }]
            """);

    @TempDir
    Path folder;

    private final List<String> letters = new ArrayList<>();
    private final DeadLetters deadLetters = new DeadLetters(InstantSource.system());
    private Instant now = Script.START;
    private TopologyTestDriver driver;
    private int starts;

    static LongStream seeds() {
        return LongStream.range(0, DAYS);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldUseEveryRecordThatIsLegal(long seed) {
        Random random = new Random(seed);
        RandomRecords records = new RandomRecords(random);
        driver = open();

        for (int i = 0; i < RECORDS; i++) {
            send(records.valid(now));
            live(random, records);
        }

        pass(random, records, 40);
        assertThat(letters).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldWriteADeadLetterForUnusableRecordsAndGoOn(long seed) {
        Random random = new Random(seed);
        RandomRecords records = new RandomRecords(random);
        driver = open();

        for (int i = 0; i < RECORDS; i++) {
            send(random.nextBoolean() ? records.valid(now) : records.mutated(now));
            live(random, records);
        }

        pass(random, records, 40);
        assertThat(letters).isNotEmpty().noneMatch(source -> source.startsWith("timer/"));
        assertThat(rowOf(Script.of("0 c: hi\n60 ag accepted\n70 ag: hi\n90 ag wrapup\n99 ag completed")))
                .isEqualTo(ReservationMetrics.State.FINAL);
    }

    private void live(Random random, RandomRecords records) {
        if (random.nextInt(3) == 0) {
            pass(random, records, 1);
        }
        if (random.nextInt(100) == 0) {
            restart();
        }
    }

    private void pass(Random random, RandomRecords records, int times) {
        for (int i = 0; i < times; i++) {
            Duration time =
                    switch (random.nextInt(40)) {
                        case 0 -> Duration.ofDays(1 + random.nextInt(30));
                        case 1, 2 -> Duration.ofHours(1 + random.nextInt(20));
                        case 3, 4, 5, 6, 7, 8, 9, 10 -> Duration.ofMinutes(1 + random.nextInt(5));
                        default -> Duration.ofMillis(random.nextInt(2_000));
                    };
            now = now.plus(time);
            driver.advanceWallClockTime(time);
            // older timers replace each other
            for (int tick = 0; tick < 3; tick++) {
                now = now.plusMillis(250);
                driver.advanceWallClockTime(Duration.ofMillis(250));
            }
            answer(random, records);
        }
    }

    /** Reads all outputs as their consumers do, and answers most commands. */
    private void answer(Random random, RandomRecords records) {
        List<RandomRecords.Input> answers = new ArrayList<>();
        for (Topic<?, ?> topic : Topics.ALL) {
            for (TestRecord<String, ?> written : written(topic)) {
                if (written.value() instanceof DeadLetter letter) {
                    letters.add(letter.source() + " " + letter.reason() + "\n" + letter.stack() + "\n" + letter.key()
                            + " " + shown(letter));
                }
                if (written.value() instanceof Command command && random.nextInt(4) > 0) {
                    answers.add(answer(command, records));
                    if (random.nextInt(10) == 0) {
                        answers.add(answer(command, records));
                    }
                }
            }
        }
        answers.forEach(this::send);
    }

    private static String shown(DeadLetter letter) {
        String text = new String(letter.originalBytes(), UTF_8);
        return text.substring(0, Math.min(400, text.length()));
    }

    private RandomRecords.Input answer(Command command, RandomRecords records) {
        if (command instanceof TaskCommand task) {
            return records.of(
                    Topics.TASK_OUTCOMES,
                    task.taskSid(),
                    records.outcome(task.commandId(), task.taskSid(), task.reservationSid(), now));
        }
        if (command instanceof ConversationCommand conversation) {
            return records.of(
                    Topics.CONVERSATION_OUTCOMES,
                    conversation.conversationSid(),
                    records.conversationOutcome(conversation.commandId(), conversation.conversationSid(), now));
        }
        CallCommand call = (CallCommand) command;
        return records.of(
                Topics.CALL_OUTCOMES, call.callSid(), records.callOutcome(call.commandId(), call.callSid(), now));
    }

    private <V> List<TestRecord<String, V>> written(Topic<?, V> topic) {
        var output = driver.createOutputTopic(topic.name(), new StringDeserializer(), new ByteArrayDeserializer());
        List<TestRecord<String, V>> read = new ArrayList<>();
        output.readRecordsToList().forEach(record -> {
            byte[] value = record.value();
            assertThat(value == null ? 0 : value.length).isLessThan(Topics.MOST_RECORD_BYTES);
            assertThatCode(() -> read.add(new TestRecord<>(
                            record.key(), topic.valueSerde().deserializer().deserialize(topic.name(), value))))
                    .doesNotThrowAnyException();
        });
        return read;
    }

    private void send(RandomRecords.Input input) {
        driver.createInputTopic(input.topic(), new StringSerializer(), new StringSerializer())
                .pipeInput(input.key(), input.value());
    }

    private ReservationMetrics.State rowOf(List<Event> events) {
        for (Event event : events) {
            boolean message = event.fact() instanceof MessageFact;
            TestTopology.pipe(
                    driver,
                    message ? Topics.CONVERSATION_EVENTS : Topics.TASK_EVENTS,
                    message ? Script.CONVERSATION : "WT-1",
                    event);
        }
        List<TestRecord<String, ReservationMetrics>> rows = written(Topics.RESERVATION_METRICS);
        return rows.get(rows.size() - 1).value().state();
    }

    private TopologyTestDriver open() {
        return TestTopology.driver(folder.resolve("start-" + starts++), EVERYTHING, now, deadLetters, Map.of());
    }

    /** A new process with the same stores and empty memory. */
    private void restart() {
        Map<String, List<KeyValue<Object, Object>>> kept = new TreeMap<>();
        driver.getAllStateStores().forEach((name, store) -> kept.put(name, contents(store)));
        answerNothing();
        driver.close();
        driver = open();
        kept.forEach((name, entries) -> {
            KeyValueStore<Object, Object> store = driver.getKeyValueStore(name);
            entries.forEach(entry -> store.put(entry.key, entry.value));
        });
    }

    /** Reads the outputs before the driver is closed. */
    private void answerNothing() {
        answer(new Random(0), new RandomRecords(new Random(0)));
    }

    @SuppressWarnings("unchecked") // all stores of ours are of that kind
    private static List<KeyValue<Object, Object>> contents(StateStore store) {
        List<KeyValue<Object, Object>> entries = new ArrayList<>();
        try (KeyValueIterator<Object, Object> all = ((KeyValueStore<Object, Object>) store).all()) {
            all.forEachRemaining(entries::add);
        }
        return entries;
    }
}
