package io.flexmetry.processors;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.CloseConversation;
import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.command.PostMessage;
import io.flexmetry.contract.command.Silence;
import io.flexmetry.contract.command.SwitchTaskChannel;
import io.flexmetry.contract.command.TaskCommand;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.StepFact;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.inactivity.InactivityStep;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.outcome.ConversationOutcome;
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
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inactivity in the whole topology, with a clock that tests advance. */
class InactivityTopologyTest {

    private static final String LADDER = "inactivity: [{ steps: ["
            + "{ after: PT8M, do: warn, text: 'Are you still there?' }, { after: PT10M, do: wrap-up }] }]";
    private static final String CHAT = "0 ag accepted\n5 c: hi\n10 ag: hello";
    private static final Duration TICK = Duration.ofSeconds(1);

    @TempDir
    Path stateDir;

    private TopologyTestDriver driver;
    private Instant now = Script.START;

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void shouldWarnThenWriteTheNumbersThenWrapUp() {
        start(LADDER);
        send(Script.of(CHAT));
        at(8, 5);
        assertThat(conversationCommands()).as("seven minutes and 55 seconds").isEmpty();

        at(8, 11);
        assertThat(conversationCommands())
                .containsExactly(new PostMessage("CH-1/m1@1/0-warn", "CH-1", now, "Are you still there?", 1, null));
        posted("CH-1/m1@1/0-warn", 2);
        taskCommands();

        at(10, 11);
        assertThat(conversationCommands()).isEmpty();
        List<TaskCommand> ended = taskCommands();
        assertThat(ended).hasSize(1);
        assertThat(ended.get(0))
                .isEqualTo(new ChangeTask(
                        "CH-1/m1@2/1-wrap-up/WT-1/wrapping",
                        "WT-1",
                        "WR-ag",
                        now,
                        "WT-1",
                        ChangeTask.Status.WRAPPING,
                        "customer silent for PT10M",
                        new Silence("CH-1", 2, null)));
        settle(ended.get(0), new Result.Changed());
        send(Script.of("612 ag wrapup"));

        assertThat(taskCommands()).last().isInstanceOfSatisfying(WriteAttributes.class, write -> assertThat(
                        write.texts())
                .containsEntry("outcome", "Inactivity: customer silent for PT10M"));
        assertThat(rows()).last().satisfies(row -> {
            assertThat(row.closedBy()).isEqualTo("customer silent for PT10M");
            assertThat(row.values())
                    .containsEntry(Metric.INACTIVITY_WARNINGS, BigDecimal.ONE)
                    .containsEntry(Metric.CUSTOMER_IDLE_TIME, new BigDecimal("602"))
                    .containsEntry(Metric.AGENT_IDLE_TIME, new BigDecimal("5"));
            assertThat(row.writeBack()).as("the wrap-up is no write").isNull();
        });
        assertThat(steps())
                .extracting(step -> step.action() + " " + step.result())
                .containsExactly("warn null", "warn posted", "wrap-up null", "wrap-up changed");
        at(60, 0);
        assertThat(conversationCommands()).isEmpty();
    }

    @Test
    void shouldWriteTheCurrentNumbersBeforeItWrapsUp() {
        start("writeBack: { running: none }\n" + LADDER.replace("warn, text: 'Are you still there?'", "notify"));
        send(Script.of(CHAT));
        at(8, 11);

        at(10, 11);

        List<TaskCommand> commands = taskCommands();
        assertThat(commands).hasSize(2);
        assertThat(commands.get(0)).isInstanceOfSatisfying(WriteAttributes.class, write -> {
            assertThat(write.set()).containsEntry("first_response_time", BigDecimal.TEN);
            assertThat(write.texts()).as("nothing has ended yet").isEmpty();
        });
        assertThat(commands.get(1)).isInstanceOf(ChangeTask.class);
    }

    @Test
    void shouldActOnceWhenEventsAreDuplicated() {
        start(LADDER);
        send(Script.of(CHAT));
        send(Script.of(CHAT));
        at(8, 11);
        send(Script.of(CHAT));
        posted("CH-1/m1@1/0-warn", 2);
        posted("CH-1/m1@1/0-warn", 2);
        at(9, 0);
        assertThat(conversationCommands()).hasSize(1);
        at(10, 11);
        at(10, 20);
        taskCommands().forEach(command -> {
            settle(command, new Result.Changed());
            settle(command, new Result.Changed());
        });
        send(Script.of("612 ag wrapup"));
        send(Script.of("612 ag wrapup"));
        at(30, 0);

        assertThat(conversationCommands()).isEmpty();
        assertThat(taskCommands()).noneMatch(ChangeTask.class::isInstance);
        assertThat(steps()).hasSize(4);
        assertThat(rows()).last().satisfies(row -> assertThat(row.values())
                .containsEntry(Metric.INACTIVITY_WARNINGS, BigDecimal.ONE));
    }

    @Test
    void shouldStartAgainWhenTheCustomerWroteBeforeTheWarning() {
        start(LADDER);
        send(Script.of(CHAT));
        at(8, 11);
        overtaken("CH-1/m1@1/0-warn", message(2, "c", "MB-c", 8 * 60 + 10));

        at(30, 0);
        assertThat(conversationCommands())
                .as("only the first one; then the customer waits")
                .hasSize(1);
        assertThat(steps()).extracting(InactivityStep::result).containsExactly(null, "overtaken");
        send(List.of(event(message(3, "ag", "MB-ag", 30 * 60))));
        at(38, 1);
        assertThat(conversationCommands()).singleElement().isInstanceOfSatisfying(PostMessage.class, post -> assertThat(
                        post.lastIndex())
                .isEqualTo(3));
    }

    @Test
    void shouldRetryWhenOnlyTheSystemHadWritten() {
        start(LADDER);
        send(Script.of(CHAT));
        at(8, 11);
        overtaken("CH-1/m1@1/0-warn", message(2, "system", null, 300));

        assertThat(conversationCommands())
                .extracting(Command::commandId)
                .containsExactly("CH-1/m1@1/0-warn", "CH-1/m1@2/0-warn");
        posted("CH-1/m1@2/0-warn", 3);
        at(10, 11);
        assertThat(taskCommands()).anyMatch(ChangeTask.class::isInstance);
    }

    @Test
    void shouldNotWrapUpWhenTheCustomerWroteBefore() {
        start(LADDER);
        send(Script.of(CHAT));
        at(8, 11);
        posted("CH-1/m1@1/0-warn", 2);
        at(10, 11);
        TaskCommand wrapUp = last(taskCommands());

        settle(wrapUp, new Result.Overtaken(List.of(message(3, "c", "MB-c", 611))));
        at(60, 0);

        assertThat(taskCommands()).noneMatch(ChangeTask.class::isInstance);
        assertThat(rows()).last().satisfies(row -> {
            assertThat(row.closedBy()).isNull();
            assertThat(row.values()).containsEntry(Metric.CUSTOMER_MESSAGES, new BigDecimal("2"));
        });
        assertThat(last(steps()).result()).isEqualTo("overtaken");
    }

    @Test
    void shouldStopWhenAWarningIsRefused() {
        start(LADDER);
        send(Script.of(CHAT));
        at(8, 11);
        send(
                Topics.CONVERSATION_OUTCOMES,
                "CH-1",
                new ConversationOutcome("CH-1/m1@1/0-warn", "CH-1", now, 1, new ConversationOutcome.Refused("no")));
        at(60, 0);

        assertThat(taskCommands()).as("nobody is wrapped up without a warning").noneMatch(ChangeTask.class::isInstance);
        assertThat(last(steps())).satisfies(step -> {
            assertThat(step.result()).isEqualTo("refused");
            assertThat(step.reason()).isEqualTo("no");
        });
    }

    @Test
    void shouldCompleteOnlyAfterTheFinalNumbersAreWritten() {
        start("inactivity: [{ steps: [{ after: PT10M, do: complete }] }]");
        send(Script.of(CHAT));
        at(10, 11);
        TaskCommand wrapping = last(taskCommands());
        assertThat(wrapping.commandId()).endsWith("/wrapping");
        settle(wrapping, new Result.Changed());
        assertThat(taskCommands()).as("the outcome, before the webhook came").hasSize(1);

        send(Script.of("612 ag wrapup"));

        List<TaskCommand> commands = taskCommands();
        assertThat(commands)
                .extracting(command -> command.getClass().getSimpleName())
                .containsExactly("WriteAttributes", "ChangeTask");
        assertThat(commands.get(1)).isInstanceOfSatisfying(ChangeTask.class, change -> {
            assertThat(change.status()).isEqualTo(ChangeTask.Status.COMPLETED);
            assertThat(change.silence()).isEqualTo(new Silence("CH-1", 1, null));
        });
        settle(wrapping, new Result.Changed());
        assertThat(taskCommands()).as("duplicate").isEmpty();
        settle(commands.get(1), new Result.Changed());
        assertThat(last(steps()).result()).isEqualTo("changed");
    }

    @Test
    void shouldCompleteWhenTheWebhookOfTheWrapUpIsLost() {
        start("inactivity: [{ steps: [{ after: PT10M, do: complete }] }]");
        send(Script.of(CHAT));
        at(10, 11);
        settle(last(taskCommands()), new Result.Changed());
        taskCommands();
        at(10, 14);
        assertThat(taskCommands()).isEmpty();

        at(10, 17);

        assertThat(last(taskCommands()).commandId()).endsWith("/completed");
    }

    @Test
    void shouldTakeTheStepsOfTheSampleInOrder() {
        start("inactivity: seed");
        send(Script.of(CHAT));
        at(1, 11);
        assertThat(conversationCommands()).isEmpty();
        settle(last(taskCommands()), new Result.Changed());
        send(Script.of("72 ag wrapup"));
        assertThat(conversationCommands()).isEmpty();
        settle(last(taskCommands()), new Result.Changed());
        send(Script.of("73 ag completed\n73 WT-1 completed"));

        List<Command> notice = conversationCommands();
        assertThat(notice).singleElement().isInstanceOf(PostMessage.class);
        posted(notice.get(0).commandId(), 2);
        List<Command> close = conversationCommands();
        assertThat(close).containsExactly(new CloseConversation("CH-1/m1@2/2-close", "CH-1", now, null, 2, null));
        send(
                Topics.CONVERSATION_OUTCOMES,
                "CH-1",
                new ConversationOutcome(close.get(0).commandId(), "CH-1", now, 1, new ConversationOutcome.Closed()));
        assertThat(steps())
                .extracting(step -> step.action() + " " + step.result())
                .containsExactly(
                        "complete null", "complete changed", "warn null", "warn posted", "close null", "close closed");
    }

    @Test
    void shouldActOnBothTasksOfAConversation() {
        start("inactivity: [{ steps: [{ after: PT10M, do: wrap-up }] }]");
        send(Script.of("0 ag accepted\n1 ag accepted WT-2\n5 c: hi\n10 ag: hello"));
        at(10, 11);

        List<TaskCommand> commands =
                taskCommands().stream().filter(ChangeTask.class::isInstance).toList();
        assertThat(commands).extracting(TaskCommand::taskSid).containsExactlyInAnyOrder("WT-1", "WT-2");
        settle(commands.get(0), new Result.Changed());
        assertThat(last(steps()).result()).as("one is not settled").isNull();
        settle(commands.get(1), new Result.Gone());
        assertThat(last(steps()).result()).isEqualTo("gone");
    }

    @Test
    void shouldParkAndReturnOnAReply() {
        start("inactivity: [{ steps: [{ after: PT5M, do: park, channel: parked }] }]");
        send(Script.of(CHAT));
        at(5, 11);
        SwitchTaskChannel park = (SwitchTaskChannel) last(taskCommands());
        assertThat(park.channel()).isEqualTo("parked");
        assertThat(park.silence()).isEqualTo(new Silence("CH-1", 1, null));
        settle(park, new Result.Changed());
        at(20, 0);
        assertThat(taskCommands()).noneMatch(SwitchTaskChannel.class::isInstance);

        send(List.of(event(message(2, "c", "MB-c", 1200))));

        SwitchTaskChannel back = (SwitchTaskChannel) last(taskCommands());
        assertThat(back.channel()).isEqualTo("chat");
        assertThat(back.silence()).isNull();
        settle(back, new Result.Changed());
        at(40, 0);
        assertThat(taskCommands()).as("the customer waits").noneMatch(SwitchTaskChannel.class::isInstance);
    }

    @Test
    void shouldLeaveInternalChatsAndDryRunsAlone() {
        start(LADDER.replace("{ steps", "{ dryRun: true, steps"));
        send(Script.of(CHAT));
        at(8, 11);
        at(10, 11);
        assertThat(steps()).extracting(InactivityStep::result).containsExactly("dry-run", "dry-run");
        assertThat(conversationCommands()).isEmpty();
        driver.close();

        now = Script.START;
        start(LADDER);
        send(Script.of(CHAT));
        send(
                Topics.CONVERSATION_EVENTS,
                "CH-1",
                new Event(
                        "EV-internal",
                        "onConversationUpdated",
                        now,
                        now,
                        Source.CONVERSATIONS,
                        new ConversationFact("CH-1", null, Set.of("internalChat"), null)));
        at(30, 0);
        assertThat(conversationCommands()).isEmpty();
        assertThat(steps()).isEmpty();
    }

    @Test
    void shouldDelayLaterStepsWhenTheWarningWasLate() {
        start(LADDER);
        send(Script.of(CHAT));
        at(9, 30);
        assertThat(conversationCommands()).hasSize(1);
        posted("CH-1/m1@1/0-warn", 2);

        at(11, 29);
        assertThat(taskCommands()).noneMatch(ChangeTask.class::isInstance);
        at(11, 31);
        assertThat(taskCommands()).anyMatch(ChangeTask.class::isInstance);
    }

    /** Timers have milliseconds. A timer that fires too early finds nothing due, and no other one follows. */
    @Test
    void shouldNotFireAFractionOfAMillisecondTooEarly() {
        start(LADDER);
        List<Event> chat = new ArrayList<>(Script.of(CHAT));
        MessageFact answer = (MessageFact) chat.remove(2).fact();
        chat.add(event(new MessageFact(
                answer.change(),
                answer.conversationSid(),
                answer.messageSid(),
                answer.index(),
                answer.createdAt().plusNanos(400_000),
                answer.author(),
                answer.participantSid(),
                answer.textLength(),
                0,
                null)));
        send(chat);
        at(8, 10);
        assertThat(conversationCommands()).isEmpty();

        at(8, 11);

        assertThat(conversationCommands()).hasSize(1);
    }

    @Test
    void shouldKeepAChatThatLastsLongerThanTheRetention() {
        start("retention: PT4H\ninactivity: [{ steps: [{ after: PT8M, do: notify }] }]");
        send(Script.of(CHAT));
        at(8, 11);
        assertThat(steps()).hasSize(1);
        at(5 * 60, 0);

        send(List.of(event(message(2, "c", "MB-c", 5 * 3600 - 10)), event(message(3, "ag", "MB-ag", 5 * 3600))));
        at(5 * 60 + 9, 0);

        assertThat(steps()).hasSize(1);
    }

    @Test
    void shouldReadEveryPartitionBeforeItActs() {
        start(LADDER);
        send(Script.of(CHAT));
        at(8, 11);

        List<MarkerFact> markers = read(Topics.TASK_EVENTS).stream()
                .map(event -> (MarkerFact) event.fact())
                .toList();
        assertThat(markers)
                .hasSize(Topics.TASK_EVENTS.partitions())
                .extracting(MarkerFact::via)
                .doesNotHaveDuplicates();
    }

    /** The outcome is read before the events of the task, which pass another topic. */
    @Test
    void shouldContinueAfterTheWarningWhenItsStateWasDropped() {
        start(LADDER);
        send(Script.of(CHAT));
        at(8, 11);
        assertThat(conversationCommands()).hasSize(1);
        driver.close();

        start(LADDER);
        posted("CH-1/m1@1/0-warn", 2);
        send(Script.of(CHAT));
        at(10, 5);
        assertThat(conversationCommands()).as("each step once in a silence").isEmpty();
        at(10, 11);

        assertThat(taskCommands().stream().filter(ChangeTask.class::isInstance).map(Command::commandId))
                .containsExactly("CH-1/m1@2/1-wrap-up/WT-1/wrapping");
    }

    /** All within a minute, and in the other order. */
    @Test
    void shouldContinueAfterTheWarningWhenItsOutcomeIsReadLate() {
        start(LADDER);
        send(Script.of(CHAT));
        at(8, 11);
        assertThat(conversationCommands()).hasSize(1);
        driver.close();

        start(LADDER);
        pipe(Script.of(CHAT));
        posted("CH-1/m1@1/0-warn", 2);
        at(10, 5);
        assertThat(conversationCommands()).as("each step once in a silence").isEmpty();
        at(10, 11);

        assertThat(taskCommands().stream().filter(ChangeTask.class::isInstance).map(Command::commandId))
                .containsExactly("CH-1/m1@2/1-wrap-up/WT-1/wrapping");
    }

    @Test
    void shouldNotActOnAConversationThatWasClosedBeforeItsTaskIsKnown() {
        start(LADDER);
        send(
                Topics.CONVERSATION_EVENTS,
                "CH-1",
                new Event(
                        "EV-closed",
                        "onConversationStateUpdated",
                        now,
                        now,
                        Source.CONVERSATIONS,
                        new ConversationFact("CH-1", null, Set.of(), "closed")));
        send(Script.of(CHAT));

        at(30, 0);

        assertThat(conversationCommands()).isEmpty();
    }

    /** Parked, returned because somebody wrote, and parked again: the return must not be repeated. */
    @Test
    void shouldNotReturnAParkedTaskWhenOldEventsAreReplayed() {
        String yaml = "inactivity: [{ steps: [{ after: PT5M, do: park, channel: parked }] }]";
        start(yaml);
        send(Script.of(CHAT));
        at(5, 11);
        settle(last(taskCommands()), new Result.Changed());
        List<Event> later = List.of(event(message(2, "c", "MB-c", 400)), event(message(3, "ag", "MB-ag", 410)));
        send(later);
        settle(last(taskCommands()), new Result.Changed());
        at(12, 0);
        TaskCommand again = last(taskCommands());
        assertThat(again.commandId()).isEqualTo("CH-1/m3@3/0-park/WT-1/channel");
        settle(again, new Result.Changed());
        List<Event> steps = read(Topics.CONVERSATION_EVENTS).stream()
                .filter(event -> event.fact() instanceof StepFact)
                .toList();
        assertThat(steps).hasSize(2);
        driver.close();

        start(yaml);
        send(Topics.TASK_EVENTS, "WT-1", Script.of(CHAT).get(0), Script.START);
        send(Topics.CONVERSATION_EVENTS, "CH-1", steps.get(0), Script.second(320));
        later.forEach(event -> send(Topics.CONVERSATION_EVENTS, "CH-1", event, Script.second(400)));
        send(Topics.CONVERSATION_EVENTS, "CH-1", steps.get(1), Script.second(720));
        at(60, 0);

        assertThat(taskCommands()).noneMatch(SwitchTaskChannel.class::isInstance);
    }

    private void start(String yaml) {
        driver = TestTopology.driver(
                stateDir.resolve(Integer.toString(yaml.hashCode())), Configuration.parse("f", yaml), now);
    }

    /** Advances the clock to a moment after that time. */
    private void at(int minutes, int seconds) {
        Instant then = Script.START.plusSeconds(minutes * 60L + seconds);
        driver.advanceWallClockTime(Duration.between(now, then));
        now = then;
    }

    private void send(List<Event> events) {
        pipe(events);
        later();
    }

    private void pipe(List<Event> events) {
        for (Event event : events) {
            if (event.fact() instanceof MessageFact message) {
                send(Topics.CONVERSATION_EVENTS, message.conversationSid(), event);
            } else if (event.fact() instanceof ReservationFact reservation) {
                send(Topics.TASK_EVENTS, reservation.task().taskSid(), event);
            } else {
                send(Topics.TASK_EVENTS, ((TaskFact) event.fact()).task().taskSid(), event);
            }
        }
    }

    /** Numbers are published every two seconds at most. */
    private void later() {
        driver.advanceWallClockTime(TICK.plus(TICK));
        now = now.plus(TICK.plus(TICK));
    }

    private <V> void send(Topic<String, V> topic, String key, V value, Instant at) {
        TestTopology.pipe(driver, topic, key, value, at);
    }

    private <V> void send(Topic<String, V> topic, String key, V value) {
        TestTopology.pipe(driver, topic, key, value);
    }

    private void settle(TaskCommand command, Result result) {
        send(
                Topics.TASK_OUTCOMES,
                command.taskSid(),
                new Outcome(command.commandId(), command.taskSid(), command.reservationSid(), now, 1, result));
    }

    private void posted(String commandId, long index) {
        send(
                Topics.CONVERSATION_OUTCOMES,
                "CH-1",
                new ConversationOutcome(
                        commandId,
                        "CH-1",
                        now,
                        1,
                        new ConversationOutcome.Posted(message(index, "system", null, 481))));
    }

    private void overtaken(String commandId, MessageFact message) {
        send(
                Topics.CONVERSATION_OUTCOMES,
                "CH-1",
                new ConversationOutcome(
                        commandId, "CH-1", now, 1, new ConversationOutcome.Overtaken(List.of(message))));
    }

    private static MessageFact message(long index, String author, String participantSid, int second) {
        return new MessageFact(
                MessageFact.Change.ADDED,
                "CH-1",
                "IM-later-" + index,
                index,
                Script.second(second),
                author,
                participantSid,
                4,
                0,
                null);
    }

    private static Event event(MessageFact message) {
        return new Event(
                "EV-" + message.messageSid(),
                "onMessageAdded",
                message.createdAt(),
                message.createdAt(),
                Source.CONVERSATIONS,
                message);
    }

    /** All but look-ups. */
    private List<Command> conversationCommands() {
        return read(Topics.CONVERSATION_COMMANDS).stream()
                .filter(command -> !(command instanceof ListMessages))
                .toList();
    }

    private List<TaskCommand> taskCommands() {
        return read(Topics.TASK_COMMANDS).stream().map(TaskCommand.class::cast).toList();
    }

    private List<InactivityStep> steps() {
        return read(Topics.INACTIVITY_STEPS);
    }

    private List<ReservationMetrics> rows() {
        return read(Topics.RESERVATION_METRICS);
    }

    private <V> List<V> read(Topic<String, V> topic) {
        return new ArrayList<>(driver.createOutputTopic(
                        topic.name(),
                        topic.keySerde().deserializer(),
                        topic.valueSerde().deserializer())
                .readValuesToList());
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }
}
