package io.flexmetry.processors;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiFunction;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task belongs to the first real conversation that an event of it or its reservations names. */
class LateConversationTest {

    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
    private static final String PLACEHOLDER = "CH00000000000000000000000000000000";
    private static final List<Event> CHAT = Script.of("""
            0 c: hello
            60 ag created
            60 ag accepted
            70 ag: hi there
            80 c: abc
            100 ag: x
            150 ag wrapup
            160 ag completed
            160 WT-1 completed
            """);

    @TempDir
    private Path folder;

    /** The results after all events. */
    private record Published(ReservationMetrics row, WriteAttributes write) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldCountFromTheAcceptanceWhenTheConversationIsNamedLater(long seed) {
        Published wanted = published(CHAT);
        List<Event> late = named((event, fact) -> null);
        late.add(update("EV-named", 68, Script.CONVERSATION));
        if (seed > 1) {
            Collections.shuffle(late, new Random(seed));
        }

        Published found = published(late);

        assertThat(found.row()).isEqualTo(wanted.row());
        assertThat(found.write().set()).isEqualTo(wanted.write().set());
        assertThat(found.write().commandId()).isEqualTo(wanted.write().commandId());
    }

    /** The task's own case writes the focus time as final numbers, before the messages of the conversation count. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldWriteAllNumbersWhenTheConversationIsNamedAfterTheFirstFinalWrite(boolean settledBefore) {
        Published wanted = published(CHAT);
        List<Event> events = named((event, fact) -> null);

        try (TopologyTestDriver driver = TestTopology.driver(folder.resolve("state"), Configuration.defaults(), NOW)) {
            sendFocus(driver);
            events.forEach(event -> send(driver, event));
            List<Command> own = read(driver, Topics.TASK_COMMANDS);
            assertThat(own).isNotEmpty();
            if (settledBefore) {
                own.forEach(command -> settle(driver, command));
            }
            send(driver, update("EV-named", 170, Script.CONVERSATION));
            if (!settledBefore) {
                own.forEach(command -> settle(driver, command));
            }
            driver.advanceWallClockTime(Duration.ofSeconds(3));

            assertThat(read(driver, Topics.TASK_COMMANDS))
                    .last()
                    .isInstanceOfSatisfying(WriteAttributes.class, write -> assertThat(write.set())
                            .containsAllEntriesOf(wanted.write().set())
                            .containsEntry("focus_time", BigDecimal.TEN));
        }
    }

    /** All events and outcomes come before the numbers of the focus, as when topics are read again from the beginning. */
    @Test
    void shouldCommandNothingNewWhenAllIsReadAgain() {
        List<Event> events = named((event, fact) -> null);
        Event naming = update("EV-named", 170, Script.CONVERSATION);
        List<Command> before;
        try (TopologyTestDriver driver = TestTopology.driver(folder.resolve("a"), Configuration.defaults(), NOW)) {
            sendFocus(driver);
            events.forEach(event -> send(driver, event));
            before = new ArrayList<>(read(driver, Topics.TASK_COMMANDS));
            before.forEach(command -> settle(driver, command));
            send(driver, naming);
            List<Command> later = read(driver, Topics.TASK_COMMANDS);
            later.forEach(command -> settle(driver, command));
            before.addAll(later);
        }
        assertThat(before).hasSizeGreaterThan(1);

        try (TopologyTestDriver driver = TestTopology.driver(folder.resolve("b"), Configuration.defaults(), NOW)) {
            events.forEach(event -> send(driver, event));
            settle(driver, before.get(0));
            send(driver, naming);
            before.stream().skip(1).forEach(command -> settle(driver, command));
            sendFocus(driver);
            driver.advanceWallClockTime(Duration.ofSeconds(3));

            assertThat(read(driver, Topics.TASK_COMMANDS))
                    .extracting(Command::commandId)
                    .isSubsetOf(before.stream().map(Command::commandId).toList());
        }
    }

    private static void sendFocus(TopologyTestDriver driver) {
        List.of(
                        Script.focus("WR-ag", FocusFact.Change.SELECT, 1, 65),
                        Script.focus("WR-ag", FocusFact.Change.DESELECT, 2, 75))
                .forEach(event -> TestTopology.pipe(driver, Topics.FOCUS_EVENTS, "WK-ag", event));
    }

    private static void settle(TopologyTestDriver driver, Command command) {
        WriteAttributes write = (WriteAttributes) command;
        Outcome outcome = new Outcome(
                write.commandId(),
                write.taskSid(),
                write.reservationSid(),
                write.issuedAt(),
                1,
                new Result.Written("3", List.of()));
        TestTopology.pipe(driver, Topics.TASK_OUTCOMES, write.taskSid(), outcome);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldIgnoreAPlaceholder(long seed) {
        Published wanted = published(CHAT);
        List<Event> replaced = named(
                (event, fact) -> event.occurredAt().isBefore(Script.second(150)) ? Script.CONVERSATION : PLACEHOLDER);
        replaced.add(update("EV-placeholder", 149, PLACEHOLDER));
        if (seed > 1) {
            Collections.shuffle(replaced, new Random(seed));
        }

        Published found = published(replaced);

        assertThat(found.row()).isEqualTo(wanted.row());
        assertThat(found.write().set()).isEqualTo(wanted.write().set());
    }

    @Test
    void shouldKeepTheFirstConversation() {
        Published wanted = published(CHAT);
        List<Event> other =
                named((event, fact) -> event.occurredAt().isBefore(Script.second(150)) ? Script.CONVERSATION : "CH-2");

        assertThat(published(other).row()).isEqualTo(wanted.row());
    }

    /** The events, where those of the task name another conversation, or none. */
    private static List<Event> named(BiFunction<Event, Fact, @Nullable String> naming) {
        List<Event> renamed = new ArrayList<>();
        for (Event event : CHAT) {
            Fact fact = event.fact();
            if (fact instanceof ReservationFact reservation) {
                renamed.add(with(
                        event,
                        new ReservationFact(
                                reservation.change(),
                                reservation.reservationSid(),
                                reservation.task().about(naming.apply(event, fact)),
                                reservation.worker())));
            } else if (fact instanceof TaskFact task) {
                renamed.add(with(event, new TaskFact(task.change(), task.task().about(naming.apply(event, fact)))));
            } else {
                renamed.add(event);
            }
        }
        return renamed;
    }

    private static Event with(Event event, Fact fact) {
        return new Event(event.eventId(), event.type(), event.occurredAt(), event.receivedAt(), event.source(), fact);
    }

    private static Event update(String id, double second, String conversationSid) {
        Task task = new Task("WT-1", 2, "chat", "Support", conversationSid, null, null, null, null);
        Instant at = Script.second(second);
        return new Event(id, "task.updated", at, at, Source.TASKROUTER, new TaskFact(TaskFact.Change.UPDATED, task));
    }

    private Published published(List<Event> events) {
        Path stateDir = folder.resolve(Integer.toString(Objects.hash(events)));
        try (TopologyTestDriver driver = TestTopology.driver(stateDir, Configuration.defaults(), NOW)) {
            events.forEach(event -> send(driver, event));
            driver.advanceWallClockTime(Duration.ofSeconds(3));
            List<ReservationMetrics> rows = read(driver, Topics.RESERVATION_METRICS);
            List<Command> commands = read(driver, Topics.TASK_COMMANDS);
            return new Published(
                    rows.get(rows.size() - 1).withRevision(0), (WriteAttributes) commands.get(commands.size() - 1));
        }
    }

    private static void send(TopologyTestDriver driver, Event event) {
        boolean ofTask = event.fact() instanceof ReservationFact || event.fact() instanceof TaskFact;
        TestTopology.pipe(
                driver,
                ofTask ? Topics.TASK_EVENTS : Topics.CONVERSATION_EVENTS,
                ofTask ? "WT-1" : Script.CONVERSATION,
                event);
    }

    private static <V> List<V> read(TopologyTestDriver driver, Topic<String, V> topic) {
        return driver.createOutputTopic(
                        topic.name(),
                        topic.keySerde().deserializer(),
                        topic.valueSerde().deserializer())
                .readValuesToList();
    }
}
