package io.flexmetry.processors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.metric.ReservationMetrics.Messages.End;
import io.flexmetry.contract.metric.ReservationMetrics.State;
import io.flexmetry.contract.metric.ReservationMetrics.WriteBack;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.identity.IdentityTopology;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole topology on Kafka's test driver. */
class ProcessorsTopologyTest {

    /** Contains the hash of the numbers of {@link #CHAT}. */
    private static final String WRITTEN = "WT-1/WR-ag/final/c5605cd3b6093a0a";

    private static final String RUNNING = "WT-1/WR-ag/running/e7a65c0a3e8a9230";

    private static final Path GOLDEN = Path.of("src/test/resources");
    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
    private static final String CHAT = """
            0 c: hello
            60 ag accepted
            70 ag: hi there
            80 c: abc
            100 ag: x
            150 ag wrapup
            160 ag completed
            160 WT-1 completed
            """;

    @TempDir
    Path stateDir;

    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        driver = TestTopology.driver(stateDir, Configuration.defaults(), NOW);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void shouldMeasureAChatAndCommandTheWriteAtWrapUp() {
        send(Script.of("0 c: hello\n60 ag accepted\n70 ag: hi there\n80 c: abc\n100 ag: x"));
        assertThat(commands()).isEmpty();

        send(Script.of(CHAT).subList(5, 6));

        assertThat(commands())
                .containsExactly(new WriteAttributes(
                        WRITTEN,
                        "WT-1",
                        "WR-ag",
                        NOW,
                        Script.second(150),
                        false,
                        Map.of(
                                "first_response_time", new BigDecimal("10"),
                                "average_response_time", new BigDecimal("20"),
                                "conversation_measure_2", new BigDecimal("2"),
                                "conversation_measure_3", new BigDecimal("2"),
                                "conversation_measure_4", new BigDecimal("4.5"),
                                "conversation_measure_6", new BigDecimal("4")),
                        List.of("focus_time"),
                        Map.of()));
        assertThat(rows().get("WR-ag")).satisfies(row -> {
            assertThat(row.state()).isEqualTo(State.FINAL);
            assertThat(row.workerName()).isEqualTo("ag@example.com");
            assertThat(row.wrapUpAt()).isEqualTo(Script.second(150));
            assertThat(row.values()).containsEntry(Metric.FIRST_RESPONSE_TIME, new BigDecimal("10"));
        });
    }

    @Test
    void shouldNotCommandAgainAtTheEndOrForDuplicates() {
        send(Script.of(CHAT));
        int before = commands().size();

        send(Script.of(CHAT));

        assertThat(before).isEqualTo(1);
        assertThat(commands()).isEmpty();
    }

    @Test
    void shouldComputeTheSameInReverseOrderAndWithDuplicates() {
        List<Event> reversed = new ArrayList<>(Script.of(CHAT));
        reversed.addAll(Script.of(CHAT));
        Collections.reverse(reversed);

        send(reversed);
        later();

        List<Command> commands = commands();
        assertThat(commands).last().isInstanceOfSatisfying(WriteAttributes.class, last -> assertThat(last.set())
                .containsEntry("first_response_time", new BigDecimal("10"))
                .containsEntry("average_response_time", new BigDecimal("20"))
                .containsEntry("conversation_measure_3", new BigDecimal("2")));
    }

    @Test
    void shouldCorrectARowWhenAMessageComesLate() {
        List<Event> late = new ArrayList<>(Script.of(CHAT));
        Event reply = late.remove(2);
        send(late);
        later();
        int revision = rows().get("WR-ag").revision();
        commands();

        send(List.of(reply));
        later();

        assertThat(rows().get("WR-ag").revision()).isGreaterThan(revision);
        assertThat(commands()).singleElement().isInstanceOfSatisfying(WriteAttributes.class, command -> {
            assertThat(command.commandId())
                    .as("the same numbers have the same id")
                    .isEqualTo(WRITTEN);
            assertThat(command.set()).containsEntry("first_response_time", new BigDecimal("10"));
        });
    }

    @Test
    void shouldGiveATransferTwoRowsAndTheTaskTheLastOne() {
        send(Script.of("""
                0 a accepted
                5 a: hi
                10 c: x
                15 a: y
                20 a completed
                25 c: hello?
                30 b accepted
                40 b: z
                50 b completed
                """));

        assertThat(rows().keySet()).containsExactlyInAnyOrder("WR-a", "WR-b");
        assertThat(commands()).last().isInstanceOfSatisfying(WriteAttributes.class, last -> {
            assertThat(last.reservationSid()).isEqualTo("WR-b");
            assertThat(last.set()).containsEntry("first_response_time", new BigDecimal("10"));
            assertThat(last.clear())
                    .as("a's value must not look like b's")
                    .containsExactly("focus_time", "average_response_time");
        });
    }

    @Test
    void shouldLeaveTheLastOnesNumbersWhenAnEarlierRowIsCorrected() {
        List<Event> events = new ArrayList<>(Script.of(
                "0 a accepted\n5 a: hi\n15 a: late\n20 a completed\n" + "30 b accepted\n40 b: z\n50 b completed"));
        Event late = events.remove(2);
        send(events);
        commands();

        send(List.of(late));
        later();

        assertThat(commands()).isEmpty();
        assertThat(rows().get("WR-a").values()).containsEntry(Metric.AGENT_MESSAGES, new BigDecimal("2"));
    }

    @Test
    void shouldMakeARowWithoutNumbersForAVoiceReservation() {
        List<Event> events = Script.of("60 ag accepted\n150 ag completed").stream()
                .map(ProcessorsTopologyTest::onVoice)
                .toList();

        send(events);

        assertThat(commands()).isEmpty();
        assertThat(rows().get("WR-ag")).satisfies(row -> {
            assertThat(row.state()).isEqualTo(State.FINAL);
            assertThat(row.values()).containsOnlyKeys(Metric.CONCURRENCY, Metric.ESTIMATED_FOCUS_TIME);
        });
    }

    @Test
    void shouldMakeNoRowForAReservationThatWasNeverAccepted() {
        send(Script.of("60 ag created\n80 ag timeout"));

        assertThat(rows()).isEmpty();
        assertThat(commands()).isEmpty();
    }

    @Test
    void shouldStayRunningUntilTheNumbersAreThere() {
        send(Script.of("60 ag accepted"));

        assertThat(rows().get("WR-ag").state()).isEqualTo(State.RUNNING);
    }

    @Test
    void shouldPutTheOutcomeIntoTheRowAndStartNothing() {
        send(Script.of(CHAT));
        commands();

        send(Topics.TASK_OUTCOMES, "WT-1", outcome(WRITTEN, NOW, new Result.Written("7", List.of())));
        send(Topics.TASK_OUTCOMES, "WT-1", outcome(WRITTEN, NOW.plusSeconds(5), new Result.Unchanged("7", List.of())));

        assertThat(rows().get("WR-ag").writeBack()).isEqualTo(new WriteBack("written", NOW, "7"));
        assertThat(commands()).isEmpty();
    }

    @Test
    void shouldIgnoreTheEventOfItsOwnWrite() {
        send(Script.of(CHAT));
        commands();
        rows();

        send(Script.of("170 WT-1 updated"));

        assertThat(commands()).isEmpty();
        assertThat(rows()).isEmpty();
    }

    @Test
    void shouldPublishRunningNumbersEveryTwoSecondsAtMost() {
        send(Script.of("60 ag accepted"));
        later();
        rows();

        send(Script.of("60 ag accepted\n70 ag: hi\n71 ag: ho\n72 c: x\n73 ag: y")
                .subList(1, 5));
        List<ReservationMetrics> atOnce = read(Topics.RESERVATION_METRICS);
        later();
        List<ReservationMetrics> afterwards = read(Topics.RESERVATION_METRICS);
        later();

        assertThat(atOnce).as("the first of a burst").hasSize(1);
        assertThat(afterwards).as("the rest of it together").singleElement().satisfies(row -> {
            assertThat(row.state()).isEqualTo(State.RUNNING);
            assertThat(row.values()).containsEntry(Metric.AGENT_MESSAGES, new BigDecimal("3"));
        });
        assertThat(rows()).as("nothing new").isEmpty();
        assertThat(commands()).isEmpty();
    }

    @Test
    void shouldSayWhichMessagesAreMissing() {
        List<Event> events = new ArrayList<>(Script.of("60 ag accepted\n70 c: a\n80 c: b\n90 ag: c\n100 ag wrapup"));
        Event lost = events.remove(2);
        send(events);

        assertThat(rows().get("WR-ag").messages())
                .isEqualTo(new ReservationMetrics.Messages(false, List.of(1L), null, End.TRUSTED));

        send(List.of(lost));
        later();

        assertThat(rows().get("WR-ag").messages())
                .isEqualTo(new ReservationMetrics.Messages(true, List.of(), null, End.TRUSTED));
    }

    @Test
    void shouldLookUpWhatIsMissingWhenAReservationEndsOnce() {
        List<Event> events =
                new ArrayList<>(Script.of("60 ag accepted\n70 c: a\n80 c: b\n85 sys: x\n90 ag: c\n100 ag wrapup"));
        MessageFact lost = (MessageFact) events.remove(2).fact();
        events.remove(2);
        send(events);
        send(events);

        ListMessages command = new ListMessages("CH-1/messages/1-2", Script.CONVERSATION, NOW, 1, 2, null);
        assertThat(read(Topics.CONVERSATION_COMMANDS)).containsExactly(command, newest("ag", 4));
        assertThat(rows().get("WR-ag").messages().complete()).isFalse();

        // the message of second 85 was removed meanwhile
        send(
                Topics.CONVERSATION_OUTCOMES,
                Script.CONVERSATION,
                new ConversationOutcome(
                        command.commandId(),
                        Script.CONVERSATION,
                        NOW,
                        1,
                        new ConversationOutcome.Listed(1, 2, List.of(lost))));
        later();

        ReservationMetrics row = rows().get("WR-ag");
        assertThat(row.messages().complete()).isTrue();
        assertThat(row.values()).containsEntry(Metric.CUSTOMER_MESSAGES, new BigDecimal("2"));
        driver.advanceWallClockTime(Duration.ofMinutes(5));
        assertThat(read(Topics.CONVERSATION_COMMANDS)).isEmpty();
    }

    @Test
    void shouldAskForTheNewestMessageWhenAReservationEndsOnce() {
        List<Event> events = new ArrayList<>(Script.of("60 ag accepted\n70 c: a\n80 ag: b\n90 c: c\n100 ag wrapup"));
        MessageFact lost = (MessageFact) events.remove(3).fact();
        send(events);
        send(events);

        ListMessages command = newest("ag", 2);
        assertThat(read(Topics.CONVERSATION_COMMANDS)).containsExactly(command);
        ReservationMetrics before = rows().get("WR-ag");
        assertThat(before.values()).containsEntry(Metric.CUSTOMER_MESSAGES, new BigDecimal("1"));
        assertThat(before.messages().end()).isEqualTo(End.TRUSTED);

        send(
                Topics.CONVERSATION_OUTCOMES,
                Script.CONVERSATION,
                new ConversationOutcome(
                        command.commandId(),
                        Script.CONVERSATION,
                        NOW,
                        1,
                        new ConversationOutcome.Listed(2, 2, List.of(lost))));

        ReservationMetrics after = rows().get("WR-ag");
        assertThat(after.messages())
                .isEqualTo(new ReservationMetrics.Messages(true, List.of(), Script.second(90), End.ASKED));
        assertThat(after.values()).containsEntry(Metric.CUSTOMER_MESSAGES, new BigDecimal("2"));
        send(Script.of("60 ag accepted\n70 c: a\n80 ag: b\n90 c: c\n100 ag wrapup\n110 ag completed"));
        assertThat(read(Topics.CONVERSATION_COMMANDS)).as("asked once").isEmpty();
    }

    private static ListMessages newest(String agent, long next) {
        return new ListMessages("CH-1/newest/WR-" + agent, Script.CONVERSATION, NOW, next, ListMessages.NEWEST, null);
    }

    @Test
    void shouldLookUpWhatIsMissingForAMinute() {
        List<Event> events = new ArrayList<>(Script.of("60 ag accepted\n70 c: a\n80 c: b\n90 ag: c\n91 ag: d"));
        events.remove(2);
        send(events);
        later();
        driver.advanceWallClockTime(Duration.ofSeconds(50));
        assertThat(read(Topics.CONVERSATION_COMMANDS)).isEmpty();

        driver.advanceWallClockTime(Duration.ofSeconds(20));

        assertThat(read(Topics.CONVERSATION_COMMANDS)).hasSize(1);
    }

    @Test
    void shouldStayIncompleteWhenTheConversationIsGone() {
        List<Event> events = new ArrayList<>(Script.of("60 ag accepted\n70 c: a\n80 c: b\n90 ag: c\n100 ag wrapup"));
        events.remove(2);
        send(events);

        send(
                Topics.CONVERSATION_OUTCOMES,
                Script.CONVERSATION,
                new ConversationOutcome(
                        "CH-1/messages/1-1", Script.CONVERSATION, NOW, 1, new ConversationOutcome.Gone()));
        driver.advanceWallClockTime(Duration.ofMinutes(5));

        assertThat(rows().get("WR-ag").messages().missing()).containsExactly(1L);
        assertThat(read(Topics.CONVERSATION_COMMANDS)).hasSize(2);
    }

    @Test
    void shouldSaySinceWhenTheCustomerWaits() {
        send(Script.of("60 ag accepted\n70 c: a\n80 c: b\n100 ag wrapup"));

        assertThat(rows().get("WR-ag").messages())
                .isEqualTo(new ReservationMetrics.Messages(true, List.of(), Script.second(70), End.TRUSTED));
    }

    /** A supervisor or an agent without a reservation here appears in other events only. */
    @ParameterizedTest
    @CsvSource({"true, guru", "false, guru", "false, h-0a1b2c"})
    void shouldKnowWorkersFromAnyEventWheneverItComes(boolean before, String identity) {
        Event worker = new Event(
                "EV-w",
                "worker.attributes.update",
                NOW,
                NOW,
                Source.TASKROUTER,
                new WorkerFact(new Worker("WK-guru", "guru@example.com", identity), "Available"));
        if (before) {
            send(Topics.WORKER_EVENTS, "WK-guru", worker);
        }
        send(Script.of("60 ag accepted\n70 c: a\n80 " + identity + ": let me help\n90 ag: c\n100 ag wrapup"));
        if (!before) {
            assertThat(rows().get("WR-ag").values()).containsEntry(Metric.CUSTOMER_MESSAGES, new BigDecimal("2"));
            send(Topics.WORKER_EVENTS, "WK-guru", worker);
        }
        later();

        assertThat(rows().get("WR-ag").values())
                .containsEntry(Metric.CUSTOMER_MESSAGES, BigDecimal.ONE)
                .doesNotContainKey(Metric.AVERAGE_RESPONSE_TIME);
    }

    @Test
    void shouldNotMeasureInternalChats() {
        send(
                Topics.CONVERSATION_EVENTS,
                Script.CONVERSATION,
                new Event(
                        "EV-i",
                        "onConversationAdded",
                        NOW,
                        NOW,
                        Source.CONVERSATIONS,
                        new ConversationFact(Script.CONVERSATION, null, Set.of("internalChat"), "active")));
        send(Script.of(CHAT));
        later();

        assertThat(rows().get("WR-ag").values()).isEmpty();
        assertThat(commands()).isEmpty();
    }

    @Test
    void shouldDeleteTheStateOfEndedTasksOnly() {
        send(Script.of(CHAT));
        later();
        assertThat(storedEntries()).isPositive();

        driver.advanceWallClockTime(Configuration.defaults().retention().minusHours(1));
        assertThat(Stored.in(driver, CaseRouting.CASE_STORE, "messages")).hasSize(4);
        driver.advanceWallClockTime(Duration.ofHours(2));

        assertThat(storedEntries()).isZero();
    }

    @Test
    void shouldKeepWhatSomebodyStillWorksOn() {
        send(Script.of("60 ag accepted\n70 c: a"));

        driver.advanceWallClockTime(Configuration.defaults().retention().plusHours(2));
        send(Script.of("60 ag accepted\n70 c: a\n80 ag: b\n90 ag wrapup").subList(2, 4));

        assertThat(rows().get("WR-ag").values()).containsEntry(Metric.AVERAGE_RESPONSE_TIME, BigDecimal.TEN);
    }

    @Test
    void shouldWriteRunningNumbersNowAndThenAndKeepTheLedger() {
        send(Script.of("60 ag accepted\n70 c: a\n80 ag: b"));
        driver.advanceWallClockTime(Duration.ofSeconds(29));
        assertThat(commands()).isEmpty();

        driver.advanceWallClockTime(Duration.ofSeconds(5));

        assertThat(commands()).singleElement().isInstanceOfSatisfying(WriteAttributes.class, command -> {
            assertThat(command.commandId()).isEqualTo(RUNNING);
            assertThat(command.dueBy()).isNull();
        });
        send(Topics.TASK_OUTCOMES, "WT-1", outcome(RUNNING, NOW, new Result.Written("7", List.of())));
        assertThat(read(Topics.TASK_LEDGER)).last().satisfies(ledger -> assertThat(ledger.entries())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.settlement().result()).isEqualTo("written");
                    assertThat(entry.settlement().revision()).isEqualTo("7");
                }));

        driver.advanceWallClockTime(Configuration.defaults().retention().multipliedBy(5));
        assertThat(driver.createOutputTopic(
                                Topics.TASK_LEDGER.name(),
                                Topics.TASK_LEDGER.keySerde().deserializer(),
                                Topics.TASK_LEDGER.valueSerde().deserializer())
                        .readKeyValuesToList())
                .as("forgotten with the task")
                .containsExactly(KeyValue.pair("WT-1", null));
    }

    /** Workers are not forgotten, nor where timers have got to. */
    private long storedEntries() {
        return Stored.types().keySet().stream()
                .filter(table -> !List.of(
                                IdentityTopology.STORE + "/workers",
                                CaseRouting.WORKER_STORE + "/workers",
                                CaseRouting.WORKER_STORE + "/timers")
                        .contains(table))
                .map(table -> table.split("/", 2))
                .flatMap(table -> Stored.in(driver, table[0], table[1]).stream())
                .filter(entry -> !entry.key.startsWith("!"))
                .count();
    }

    /** After delayed numbers were published. */
    private void later() {
        driver.advanceWallClockTime(Duration.ofSeconds(3));
    }

    @Test
    void shouldKeepAMessageForATaskThatComesLater() {
        send(Script.of("0 c: hello"));
        send(
                Topics.CONVERSATION_EVENTS,
                "CH-2",
                new Event("EV-x", "onX", NOW, NOW, Source.CONVERSATIONS, new UnrecognisedFact(Map.of())));

        send(Script.of(CHAT).subList(1, 6));

        assertThat(rows().get("WR-ag").values()).containsEntry(Metric.CUSTOMER_MESSAGES, new BigDecimal("2"));
    }

    @Test
    void shouldWriteADeadLetterForUnreadableRecordsAndGoOn() {
        TestInputTopic<String, byte[]> raw =
                driver.createInputTopic(Topics.TASK_EVENTS.name(), new StringSerializer(), new ByteArraySerializer());

        raw.pipeInput("WT-1", "{not json".getBytes(UTF_8));
        raw.pipeInput("WT-1", null);
        raw.pipeInput(null, "{not json".getBytes(UTF_8));
        send(Script.of(CHAT));

        assertThat(read(Topics.DEAD_LETTERS)).hasSize(2).first().satisfies((DeadLetter letter) -> {
            assertThat(letter.source()).startsWith(Topics.TASK_EVENTS.name() + "/");
            assertThat(letter.reason()).contains("Expected a Event");
            assertThat(letter.originalBytes()).isEqualTo("{not json".getBytes(UTF_8));
        });
        assertThat(commands()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"topology.txt, inactivity: none", "topology-inactivity.txt, inactivity: seed"})
    void shouldNotChangeTheTopologyUnintentionally(String file, String yaml) throws IOException {
        Path golden = GOLDEN.resolve(file);
        Topology topology = TestTopology.topology(stateDir, Configuration.parse("f", yaml));
        String described = topology.describe().toString();
        if (Boolean.getBoolean("golden.accept")) {
            Files.writeString(golden, described);
        }

        assertThat(described)
                .as("A running installation keeps its state under these names. If the change is meant:"
                        + " ./mvnw test -pl processors -am -Dgolden.accept=true")
                .isEqualTo(Files.readString(golden));
    }

    private static Event onVoice(Event event) {
        ReservationFact fact = (ReservationFact) event.fact();
        var task = new Task(fact.task().taskSid(), 1, "voice", "Support", null, null, null, null, null);
        return new Event(
                event.eventId(),
                event.type(),
                event.occurredAt(),
                event.receivedAt(),
                event.source(),
                new ReservationFact(fact.change(), fact.reservationSid(), task, fact.worker()));
    }

    private static Outcome outcome(String commandId, Instant at, Result result) {
        return new Outcome(commandId, "WT-1", "WR-ag", at, 1, result);
    }

    private void send(List<Event> events) {
        events.forEach(event -> {
            if (event.fact() instanceof ReservationFact fact) {
                send(Topics.TASK_EVENTS, fact.task().taskSid(), event);
            } else if (event.fact() instanceof TaskFact fact) {
                send(Topics.TASK_EVENTS, fact.task().taskSid(), event);
            } else if (event.fact() instanceof MessageFact
                    || event.fact() instanceof ParticipantFact
                    || event.fact() instanceof ConversationFact) {
                send(Topics.CONVERSATION_EVENTS, Script.CONVERSATION, event);
            }
        });
    }

    private <V> void send(Topic<String, V> topic, String key, V value) {
        TestTopology.pipe(driver, topic, key, value);
    }

    private List<Command> commands() {
        return read(Topics.TASK_COMMANDS);
    }

    private Map<String, ReservationMetrics> rows() {
        Map<String, ReservationMetrics> latest = new HashMap<>();
        read(Topics.RESERVATION_METRICS).forEach(row -> latest.put(row.reservationSid(), row));
        return latest;
    }

    private <V> List<V> read(Topic<String, V> topic) {
        return driver.createOutputTopic(
                        topic.name(),
                        topic.keySerde().deserializer(),
                        topic.valueSerde().deserializer())
                .readValuesToList();
    }
}
