package io.flexmetry.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.PostMessage;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.FocusFact.Change;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.inactivity.InactivityStep;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.cases.CaseRouting;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When state expires, and that events of expired state do no harm. */
class ForgettingTest {

    private static final String NOTIFY = "inactivity: [{ steps: [{ after: PT8M, do: notify }] }]";
    private static final String WARN =
            "inactivity: [{ steps: [{ after: PT8M, do: warn, text: hello }, { after: PT10M, do: wrap-up }] }]";
    private static final String CHAT = "0 c: hello\n1 ag accepted\n10 ag: hi";

    @TempDir
    private Path stateDir;

    private TopologyTestDriver driver;
    private Instant now = Script.START;

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void shouldKeepATaskSmallThatIsOfferedToAThousandAgents() {
        start("");

        for (int agent = 0; agent < 1_000; agent++) {
            offer(agent);
        }

        assertThat(stored("tasks", "WT-1").length()).isLessThan(40_000);
        assertThat(stored("conversations", "CH-1").length()).isLessThan(40_000);
        assertThat(evicted()).isGreaterThanOrEqualTo(2 * 900.0);
    }

    @Test
    void shouldDoNothingWhenTheEventOfAnEvictedOfferIsRepeated() {
        start("");
        send(Script.of("0 ag accepted"));
        for (int agent = 0; agent < 200; agent++) {
            offer(agent);
        }
        assertThat(read(Topics.RESERVATION_METRICS))
                .extracting(ReservationMetrics::reservationSid)
                .containsOnly("WR-ag");
        read(Topics.TASK_COMMANDS);

        offer(0);

        assertThat(read(Topics.RESERVATION_METRICS)).isEmpty();
        assertThat(read(Topics.TASK_COMMANDS)).isEmpty();
    }

    @Test
    void shouldDoNothingWhenTheEventOfAnEvictedReservationIsRepeated() {
        start("");
        for (int agent = 0; agent < 120; agent++) {
            worked(agent);
        }
        read(Topics.RESERVATION_METRICS);
        read(Topics.TASK_COMMANDS);

        worked(3);

        assertThat(read(Topics.RESERVATION_METRICS)).isEmpty();
        assertThat(read(Topics.TASK_COMMANDS)).isEmpty();
    }

    @Test
    void shouldLeaveAttributesOutOfTheStateOfATask() {
        start("");
        Task task = new Task("WT-9", 1, "chat", "Support", null, null, null, null, Map.of("language", "de-secret"));

        pipe(
                Topics.TASK_EVENTS,
                "WT-9",
                new Event(
                        "EV9",
                        "reservation",
                        now,
                        now,
                        Source.TASKROUTER,
                        new ReservationFact(
                                ReservationFact.Change.ACCEPTED, "WR-9", task, new Worker("WK-9", "ana", "ana"))));

        assertThat(stored("tasks", "WT-9")).contains("WR-9").doesNotContain("de-secret");
    }

    @Test
    void shouldBoundTheMinuteOfABeaconThatNeverStops() {
        start("");

        for (int i = 0; i < 1_000; i++) {
            beacon(i, i % 2 == 0 ? Change.HEARTBEAT : Change.SELECT, Script.START.plusMillis(i));
        }

        assertThat(entries(CaseRouting.WORKER_STORE, "minutes").get(0).value.length())
                .isLessThan(60_000);
        assertThat(evicted()).isEqualTo(1_000.0 - 240);
    }

    @Test
    void shouldForgetTheMinutesOfAWorkerOfWhomNothingElseIsKnown() {
        start("");
        beacon(1, Change.HEARTBEAT, Script.START);
        assertThat(entries(CaseRouting.WORKER_STORE, "minutes")).hasSize(1);

        after(Duration.ofHours(37));

        assertThat(entries(CaseRouting.WORKER_STORE, "minutes")).isEmpty();
        after(Duration.ofDays(8));
        assertThat(entries(CaseRouting.WORKER_STORE, "workers")).isEmpty();
    }

    @Test
    void shouldKeepAConversationThatGoesOnForLongerThanTheRetention() {
        start("retention: PT4H\n" + NOTIFY);
        send(Script.of("0 ag accepted\n5 WT-1 completed"));
        after(Duration.ofHours(3));
        send(List.of(message(0)));

        after(Duration.ofHours(3));

        assertThat(entries(CaseRouting.CASE_STORE, "inactivity")).hasSize(1);
        after(Duration.ofHours(5));
        assertThat(entries(CaseRouting.CASE_STORE, "inactivity")).isEmpty();
    }

    @Test
    void shouldKeepTheCallsOfATaskForTheRetentionAfterItsLastEvent() {
        start("retention: PT4H\nvoiceQuality: { enabled: true }");
        call(ReservationFact.Change.ACCEPTED, 0);
        after(Duration.ofHours(3));
        call(ReservationFact.Change.COMPLETED, 3 * 3_600);

        after(Duration.ofHours(3));

        assertThat(entries(CaseRouting.TASK_STORE, "voice")).hasSize(1);
        after(Duration.ofHours(5));
        assertThat(entries(CaseRouting.TASK_STORE, "voice")).isEmpty();
    }

    @Test
    void shouldGiveUpAStepWithoutAnOutcome() {
        start(WARN);
        send(Script.of(CHAT));
        after(Duration.ofMinutes(9));
        assertThat(read(Topics.CONVERSATION_COMMANDS)).hasSize(1).first().isInstanceOf(PostMessage.class);

        after(Duration.ofHours(3));

        assertThat(read(Topics.INACTIVITY_STEPS))
                .extracting(InactivityStep::action, InactivityStep::result, InactivityStep::reason)
                .contains(tuple("warn", "gave-up", "no outcome within PT2H30M"))
                .hasSize(2);
        assertThat(read(Topics.TASK_COMMANDS))
                .noneMatch(command -> command.commandId().contains("wrapping"));
    }

    @Test
    void shouldTolerateAnOutcomeThatComesAfterItWasGivenUp() {
        start(WARN);
        send(Script.of(CHAT));
        after(Duration.ofMinutes(9));
        Command warning = read(Topics.CONVERSATION_COMMANDS).get(0);
        after(Duration.ofHours(3));
        read(Topics.INACTIVITY_STEPS);

        pipe(
                Topics.CONVERSATION_OUTCOMES,
                "CH-1",
                new ConversationOutcome(
                        warning.commandId(), "CH-1", now, 1, new ConversationOutcome.Posted((MessageFact)
                                message(2).fact())));
        after(Duration.ofHours(1));

        assertThat(read(Topics.INACTIVITY_STEPS)).isEmpty();
        assertThat(read(Topics.CONVERSATION_COMMANDS)).isEmpty();
    }

    @Test
    void shouldGiveUpARequestWhoseCommandIsNeverSettled() {
        start("inactivity: [{ steps: [{ after: PT8M, do: wrap-up }] }]");
        send(Script.of(CHAT));
        after(Duration.ofMinutes(9));
        assertThat(read(Topics.TASK_COMMANDS))
                .anyMatch(command -> command.commandId().endsWith("/wrapping"));

        after(Duration.ofMinutes(75));

        assertThat(read(Topics.INACTIVITY_STEPS))
                .extracting(InactivityStep::result, InactivityStep::reason)
                .contains(tuple("gave-up", "no outcome within PT1H10M"));
    }

    private void start(String yaml) {
        Configuration configuration = yaml.isEmpty() ? Configuration.defaults() : Configuration.parse("f", yaml);
        driver = TestTopology.driver(stateDir, configuration, now);
    }

    /** In steps, because a timer may set the next one. */
    private void after(Duration time) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            Duration step = Duration.between(now, end);
            Duration atMost = Duration.ofMinutes(20);
            step = step.compareTo(atMost) > 0 ? atMost : step;
            now = now.plus(step);
            driver.advanceWallClockTime(step);
        }
        driver.advanceWallClockTime(Duration.ofMillis(500));
        now = now.plusMillis(500);
    }

    private void offer(int agent) {
        send(Script.of(agent + " a" + agent + " created\n" + agent + " a" + agent + " rejected"));
    }

    private void worked(int agent) {
        int at = agent * 100;
        send(Script.of("%d a%d accepted\n%d a%d wrapup\n%d a%d completed"
                .formatted(at, agent, at + 20, agent, at + 40, agent)));
    }

    private void beacon(int sequence, Change change, Instant at) {
        pipe(
                Topics.FOCUS_EVENTS,
                "WK-1",
                new Event(
                        "EV" + sequence,
                        "focus",
                        at,
                        at,
                        Source.BEACON,
                        new FocusFact(change, "WK-1", "tab", sequence, "WR-1", "WT-1")));
    }

    private void call(ReservationFact.Change change, int second) {
        Instant at = Script.second(second);
        pipe(
                Topics.TASK_EVENTS,
                "WT-9",
                new Event(
                        "EV" + second,
                        "reservation",
                        at,
                        at,
                        Source.TASKROUTER,
                        new ReservationFact(
                                change,
                                "WR-9",
                                new Task("WT-9", 1, "voice", "Support", null, null, null, null, null),
                                new Worker("WK-9", "ana", "ana"),
                                "CA9")));
    }

    private Event message(long index) {
        MessageFact fact = new MessageFact(
                MessageFact.Change.ADDED, "CH-1", "IM-later-" + index, index, now, "c", "MB-c", 4, 0, null);
        return new Event("EV-later-" + index, "onMessageAdded", now, now, Source.CONVERSATIONS, fact);
    }

    private void send(List<Event> events) {
        for (Event event : events) {
            if (event.fact() instanceof MessageFact message) {
                pipe(Topics.CONVERSATION_EVENTS, message.conversationSid(), event);
            } else if (event.fact() instanceof ReservationFact reservation) {
                pipe(Topics.TASK_EVENTS, reservation.task().taskSid(), event);
            } else {
                pipe(Topics.TASK_EVENTS, ((TaskFact) event.fact()).task().taskSid(), event);
            }
        }
    }

    private <V> void pipe(Topic<String, V> topic, String key, V value) {
        TestTopology.pipe(driver, topic, key, value);
    }

    private <V> List<V> read(Topic<String, V> topic) {
        return driver.createOutputTopic(
                        topic.name(),
                        topic.keySerde().deserializer(),
                        topic.valueSerde().deserializer())
                .readValuesToList();
    }

    private String stored(String table, String key) {
        return entries(CaseRouting.CASE_STORE, table).stream()
                .filter(entry -> entry.key.equals(key))
                .map(entry -> entry.value)
                .findAny()
                .orElseThrow();
    }

    private List<KeyValue<String, String>> entries(String store, String table) {
        return Stored.in(driver, store, table);
    }

    private double evicted() {
        return driver.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("evicted-total"))
                .mapToDouble(metric -> (Double) metric.getValue().metricValue())
                .sum();
    }
}
