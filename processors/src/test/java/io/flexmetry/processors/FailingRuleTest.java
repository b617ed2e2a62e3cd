package io.flexmetry.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole topology, in which a rule fails for some messages. */
class FailingRuleTest {

    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
    private static final String CHAT = "0 c: hello\n60 ag accepted\n70 ag: hi there\n75 %s: x\n80 c: abc\n"
            + "100 ag: x\n150 ag wrapup\n160 ag completed";

    @TempDir
    Path stateDir;

    private Instant now = NOW;
    private final DeadLetters deadLetters = new DeadLetters(() -> now);
    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        driver = TestTopology.driver(
                stateDir,
                Configuration.defaults(),
                NOW,
                deadLetters,
                Map.of(StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG, Failing.class));
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void shouldWriteADeadLetterWhenARuleFailsAndGoOn() {
        send(Script.of(CHAT.formatted("bug")));

        List<DeadLetter> letters = read(Topics.DEAD_LETTERS);
        assertThat(letters).hasSize(1);
        DeadLetter letter = letters.get(0);
        assertThat(letter.source()).startsWith(Topics.CONVERSATION_EVENTS.name() + "/0/");
        assertThat(letter.key()).isEqualTo(Script.CONVERSATION);
        assertThat(letter.reason()).isEqualTo("a bug");
        assertThat(letter.stack()).contains("IllegalStateException: a bug", "Failing.java:");
        assertThat(event(letter).fact())
                .isInstanceOfSatisfying(MessageFact.class, message -> assertThat(message.author())
                        .isEqualTo("bug"));
        assertThat(read(Topics.RESERVATION_METRICS)).last().satisfies((ReservationMetrics row) -> {
            assertThat(row.state()).isEqualTo(ReservationMetrics.State.FINAL);
            assertThat(row.values()).containsEntry(Metric.AGENT_MESSAGES, new BigDecimal("2"));
        });
    }

    @Test
    void shouldCountDeadLettersAndReportRecentOnes() {
        assertThat(deadLetters.attention()).isEmpty();

        send(Script.of("75 bug: x"));

        assertThat(deadLetters.count(DeadLetters.Kind.PROCESSING)).isEqualTo(1);
        assertThat(deadLetters.count(DeadLetters.Kind.DESERIALIZATION)).isZero();
        assertThat(deadLetters.attention()).hasValueSatisfying(reason -> assertThat(reason)
                .startsWith("dead letters since the start: 1, the last one at 2026-01-05T10:00:00Z (processing) from "
                        + Topics.CONVERSATION_EVENTS.name()));
        now = NOW.plus(Duration.ofMinutes(61));
        assertThat(deadLetters.attention()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"disk", "broker"})
    void shouldStopWhenTheEnvironmentFails(String author) {
        assertThatThrownBy(() -> send(Script.of("75 " + author + ": x"))).hasRootCauseMessage(author + " is away");

        assertThat(read(Topics.DEAD_LETTERS)).isEmpty();
    }

    @Test
    void shouldNameTheTimerThatFailedAndGoOn() {
        send(Script.of("60 ag accepted\n70 ag: hi there"));
        send(Script.of("75 late-bug: x"));

        pass(Duration.ofSeconds(3));

        assertThat(read(Topics.DEAD_LETTERS)).hasSize(1).first().satisfies((DeadLetter letter) -> {
            assertThat(letter.source()).isEqualTo("timer/conversation-timers/publish/" + Script.CONVERSATION);
            assertThat(letter.key()).isEqualTo(Script.CONVERSATION);
            assertThat(letter.reason()).contains("a late bug");
            assertThat(letter.stack())
                    .contains(
                            "TimerFailedException",
                            "caused by java.lang.IllegalStateException: a late bug",
                            "Failing.java:");
        });
        assertThat(deadLetters.count(DeadLetters.Kind.TIMER)).isEqualTo(1);
        send(Script.of("60 ag accepted\n70 ag: hi there\n150 ag wrapup").subList(2, 3));
        assertThat(read(Topics.RESERVATION_METRICS)).last().satisfies((ReservationMetrics row) -> assertThat(
                        row.state())
                .isEqualTo(ReservationMetrics.State.FINAL));
    }

    @Test
    void shouldWriteADeadLetterWhenAResultIsTooLarge() {
        send(Script.of(CHAT.formatted("large")));

        assertThat(read(Topics.DEAD_LETTERS)).hasSize(1).first().satisfies((DeadLetter letter) -> {
            assertThat(letter.reason()).contains("Expected a IdentityInput for ", " bytes at most but it has ");
            assertThat(letter.source()).as("what led to it").startsWith(Topics.TASK_EVENTS.name() + "/routed/0/");
            assertThat(letter.key()).isEqualTo("WT-1");
            assertThat(event(letter).type()).startsWith("reservation.");
        });
        assertThat(deadLetters.count(DeadLetters.Kind.PRODUCTION)).isEqualTo(1);
        assertThat(read(Topics.RESERVATION_METRICS)).last().satisfies((ReservationMetrics row) -> assertThat(
                        row.state())
                .isEqualTo(ReservationMetrics.State.FINAL));
    }

    @Test
    void shouldWriteADeadLetterWhenStateGetsTooLarge() {
        List<Event> chat = Script.of(CHAT.formatted("c"));
        Event event = chat.get(3);
        MessageFact fact = (MessageFact) event.fact();
        MessageFact large = new MessageFact(
                fact.change(),
                fact.conversationSid(),
                fact.messageSid(),
                fact.index(),
                fact.createdAt(),
                "x".repeat(7 << 20),
                null,
                1,
                0,
                null);
        chat.set(3, new Event("EV", event.type(), event.occurredAt(), event.receivedAt(), event.source(), large));

        send(chat.subList(0, 3));
        // so that numbers are published at once
        pass(Duration.ofSeconds(6));
        send(chat.subList(3, chat.size()));
        pass(Duration.ofSeconds(3));

        assertThat(read(Topics.DEAD_LETTERS))
                .as("it is not in the way of the others")
                .hasSize(1)
                .first()
                .satisfies((DeadLetter letter) ->
                        assertThat(letter.reason()).contains("Expected a Progress for ", " bytes at most but it has "));
        assertThat(read(Topics.RESERVATION_METRICS)).last().satisfies((ReservationMetrics row) -> {
            assertThat(row.state()).isEqualTo(ReservationMetrics.State.FINAL);
            assertThat(row.values()).containsEntry(Metric.AGENT_MESSAGES, new BigDecimal("2"));
        });
    }

    private static Event event(DeadLetter letter) {
        Topic<String, Event> topic = Topics.CONVERSATION_EVENTS;
        return topic.valueSerde().deserializer().deserialize(topic.name(), letter.originalBytes());
    }

    private void send(List<Event> events) {
        for (Event event : events) {
            boolean message = event.fact() instanceof MessageFact;
            Topic<String, Event> topic = message ? Topics.CONVERSATION_EVENTS : Topics.TASK_EVENTS;
            TestTopology.pipe(driver, topic, message ? Script.CONVERSATION : "WT-1", event);
        }
    }

    private void pass(Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plusMillis(250)) {
            driver.advanceWallClockTime(Duration.ofMillis(250));
        }
    }

    private <V> List<V> read(Topic<String, V> topic) {
        return driver.createOutputTopic(
                        topic.name(),
                        topic.keySerde().deserializer(),
                        topic.valueSerde().deserializer())
                .readValuesToList();
    }
}
