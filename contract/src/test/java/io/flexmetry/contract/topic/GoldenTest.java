package io.flexmetry.contract.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.CloseConversation;
import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.CreateLinkedTask;
import io.flexmetry.contract.command.ListCallMetrics;
import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.command.PostMessage;
import io.flexmetry.contract.command.Silence;
import io.flexmetry.contract.command.SwitchTaskChannel;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.event.AuthorFact;
import io.flexmetry.contract.event.CallFact;
import io.flexmetry.contract.event.CallSampleFact;
import io.flexmetry.contract.event.CallSummaryFact;
import io.flexmetry.contract.event.ConferenceFact;
import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.NewestMessageFact;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.StepFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.floor.Stage;
import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.inactivity.InactivityStep;
import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.outcome.CallOutcome;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.voice.CallDescription;
import io.flexmetry.contract.voice.CallMeans;
import io.flexmetry.contract.voice.CallSample;
import io.flexmetry.contract.voice.LowQuality;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the JSON of every record type in a topic with a golden file, in both directions. */
class GoldenTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final ObjectMapper PLAIN = new ObjectMapper();
    private static final Instant AT = Instant.parse("2026-01-05T09:00:00.123Z");
    private static final Task TASK = new Task(
            "WT0001",
            2,
            "chat",
            "Support",
            "CH0001",
            "KD0001",
            "Anyone",
            new Task.Interaction("KD0001", "UO0001"),
            Map.of("language", "de"));
    private static final CallSample SAMPLE =
            new CallSample(AT, "both", new BigDecimal("4.39"), BigDecimal.valueOf(9), BigDecimal.valueOf(81), 0L, 500L);
    private static final Worker WORKER = new Worker("WK0001", "ana@example.com", "ana_40example_2Ecom");

    static Stream<Arguments> values() {
        return Stream.of(
                event(
                        "reservation",
                        new ReservationFact(ReservationFact.Change.ACCEPTED, "WR0001", TASK, WORKER, "CA0001")),
                event("task", new TaskFact(TaskFact.Change.SYSTEM_DELETED, TASK)),
                event("worker", new WorkerFact(WORKER, "Available")),
                event(
                        "message",
                        new MessageFact(
                                MessageFact.Change.ADDED, "CH0001", "IM0001", 7, AT, "ana", "MB0001", 5, 0, null)),
                event(
                        "message-media-only",
                        new MessageFact(
                                MessageFact.Change.UPDATED,
                                "CH0001",
                                "IM0002",
                                8,
                                AT,
                                "+15550100",
                                null,
                                null,
                                2,
                                null)),
                event(
                        "participant",
                        new ParticipantFact(
                                ParticipantFact.Change.ADDED,
                                "CH0001",
                                "MB0001",
                                null,
                                "+15550100",
                                "customer",
                                true,
                                "IS0001")),
                event(
                        "conversation",
                        new ConversationFact("CH0001", null, Set.of("internalChat"), "inactive", "IS0001")),
                event(
                        "message-with-text",
                        new MessageFact(
                                MessageFact.Change.ADDED,
                                "CH0001",
                                "IM0001",
                                7,
                                AT,
                                "ana",
                                "MB0001",
                                5,
                                0,
                                "hello",
                                "IS0001")),
                event("call", new CallFact("CA0001", "completed", "CA0002", "CF0001", 61)),
                event(
                        "conference",
                        new ConferenceFact("CF0001", "participant-leave", "WT0001", "CA0001", "worker", "hung up")),
                event("call-sample", new CallSampleFact("CA0001", "sdk_edge", SAMPLE)),
                event(
                        "call-summary",
                        new CallSummaryFact(
                                "CA0001",
                                new CallDescription("client", 61, true, null),
                                new CallMeans(new BigDecimal("4.2"), null, new BigDecimal("0.01")))),
                event("focus", new FocusFact(FocusFact.Change.SELECT, "WK0001", "tab-1", 4, "WR0001", "WT0001")),
                event("author", new AuthorFact("CH0001", "ana@example.com", "WK0001")),
                event("newest-message", new NewestMessageFact("CH0001", "WR0001")),
                event("unrecognised", new UnrecognisedFact(Map.of("EventType", "workflow.entered"))),
                argumentSet("command.write-attributes", "command.write-attributes", Topics.TASK_COMMANDS, (Command)
                        new WriteAttributes(
                                "WT0001/WR0001/final/0123456789abcdef",
                                "WT0001",
                                "WR0001",
                                AT,
                                AT.plusSeconds(5),
                                false,
                                Map.of("average_response_time", new BigDecimal("2.75")),
                                List.of("first_response_time"),
                                Map.of("outcome", "Inactivity: customer silent for PT10M"))),
                argumentSet("command.create-linked-task", "command.create-linked-task", Topics.TASK_COMMANDS, (Command)
                        new CreateLinkedTask(
                                "WR0001/linked",
                                "WT0001",
                                "WR0001",
                                AT,
                                "WW0001",
                                "KD0001",
                                Map.of("average_response_time", new BigDecimal("2.75")),
                                Map.of("channel", "mos_score"))),
                argumentSet("command.list-call-metrics", "command.list-call-metrics", Topics.CALL_COMMANDS, (Command)
                        new ListCallMetrics("CA0001/metrics/1", "CA0001", AT, "sdk_edge")),
                call(
                        "outcome.measured",
                        new CallOutcome.Measured(List.of(SAMPLE), new CallDescription("client", 61, true, "us1"))),
                call("outcome.not-enabled", new CallOutcome.NotEnabled("Twilio answered 403 code 20403")),
                argumentSet(
                        "low-quality",
                        "low-quality",
                        Topics.LOW_QUALITY,
                        new LowQuality(
                                "CA0001", "WT0001", "WR0001", "WK0001", AT, AT.plusSeconds(30), new BigDecimal("3.2"))),
                argumentSet(
                        "command.change-task", "command.change-task", Topics.TASK_COMMANDS, (Command) new ChangeTask(
                                "WR0001/end-linked",
                                "WT0001",
                                "WR0001",
                                AT,
                                "WT0002",
                                ChangeTask.Status.CANCELED,
                                "carries late values",
                                new Silence("CH0001", 7, "IS0001"))),
                argumentSet(
                        "command.switch-task-channel", "command.switch-task-channel", Topics.TASK_COMMANDS, (Command)
                                new SwitchTaskChannel(
                                        "CH0001/m7@7/1-park/WT0001/channel", "WT0001", "WR0001", AT, "parked", null)),
                argumentSet("command.post-message", "command.post-message", Topics.CONVERSATION_COMMANDS, (Command)
                        new PostMessage("CH0001/m7@7/0-warn", "CH0001", AT, "Are you still there?", 7, "IS0001")),
                argumentSet(
                        "command.close-conversation",
                        "command.close-conversation",
                        Topics.CONVERSATION_COMMANDS,
                        (Command) new CloseConversation(
                                "CH0001/m7@8/2-close",
                                "CH0001",
                                AT,
                                new Task.Interaction("KD0001", "UO0001"),
                                8,
                                "IS0001")),
                argumentSet(
                        "outcome.posted",
                        "outcome.posted",
                        Topics.CONVERSATION_OUTCOMES,
                        new ConversationOutcome(
                                "CH0001/m7@7/0-warn", "CH0001", AT, 1, new ConversationOutcome.Posted(message(8)))),
                argumentSet(
                        "outcome.conversation-overtaken",
                        "outcome.conversation-overtaken",
                        Topics.CONVERSATION_OUTCOMES,
                        new ConversationOutcome(
                                "CH0001/m7@7/0-warn",
                                "CH0001",
                                AT,
                                1,
                                new ConversationOutcome.Overtaken(List.of(message(8))))),
                argumentSet(
                        "outcome.closed",
                        "outcome.closed",
                        Topics.CONVERSATION_OUTCOMES,
                        new ConversationOutcome(
                                "CH0001/m7@8/2-close", "CH0001", AT, 1, new ConversationOutcome.Closed())),
                outcome("overtaken", new Result.Overtaken(List.of(message(8)))),
                event("marker", new MarkerFact("3/1767600000000/1", 5, "marker-4")),
                event("step", new StepFact("CH0001", "CH0001/m7@7/0-warn", "CH0001", "posted", 8L, null)),
                argumentSet(
                        "inactivity-step",
                        "inactivity-step",
                        Topics.INACTIVITY_STEPS,
                        new InactivityStep(
                                "CH0001/m7@7/0-warn",
                                "CH0001",
                                "policy 1",
                                "warn",
                                Duration.ofMinutes(8),
                                AT,
                                AT.plusSeconds(480),
                                List.of("WT0001"),
                                "posted",
                                null)),
                outcome("written", new Result.Written("3", List.of())),
                outcome("unchanged", new Result.Unchanged("3", List.of("measure"))),
                outcome("late", new Result.Late("3", List.of())),
                outcome("linked", new Result.Linked("WT0002")),
                outcome("changed", new Result.Changed()),
                outcome("gave-up", new Result.GaveUp("Twilio answered 500")),
                outcome("gone", new Result.Gone()),
                outcome("refused", new Result.Refused("attributes are not a JSON object")),
                argumentSet("command.list-messages", "command.list-messages", Topics.CONVERSATION_COMMANDS, (Command)
                        new ListMessages("CH0001/messages/3-4", "CH0001", AT, 3, 4, "IS0001")),
                argumentSet(
                        "outcome.messages",
                        "outcome.messages",
                        Topics.CONVERSATION_OUTCOMES,
                        new ConversationOutcome(
                                "CH0001/messages/3-4",
                                "CH0001",
                                AT,
                                1,
                                new ConversationOutcome.Listed(
                                        3,
                                        4,
                                        List.of(new MessageFact(
                                                MessageFact.Change.ADDED,
                                                "CH0001",
                                                "IM0003",
                                                3,
                                                AT,
                                                "ana",
                                                null,
                                                5,
                                                0,
                                                null))))),
                argumentSet("row", "row", Topics.RESERVATION_METRICS, row()),
                argumentSet("ledger", "ledger", Topics.TASK_LEDGER, ledger()),
                argumentSet(
                        "task-status",
                        "task-status",
                        Topics.TASK_STATUS,
                        new TaskStatus(
                                "WT0001",
                                Stage.OFFERED,
                                AT.plusSeconds(40),
                                AT,
                                AT.plusSeconds(20),
                                "WK0001",
                                "chat",
                                "Support",
                                "Anyone",
                                "CH0001")),
                argumentSet(
                        "task-status-waiting",
                        "task-status-waiting",
                        Topics.TASK_STATUS,
                        new TaskStatus("WT0001", Stage.WAITING, AT, null, null, null, null, null, null, null)),
                argumentSet(
                        "worker-status",
                        "worker-status",
                        Topics.WORKER_STATUS,
                        new WorkerStatus(
                                "WK0001",
                                "ana@example.com",
                                "Available",
                                AT,
                                List.of(
                                        new WorkerStatus.Held(
                                                "WR0001", "WT0001", Stage.ASSIGNED, AT, "chat", "Support"),
                                        new WorkerStatus.Held("WR0002", "WT0002", Stage.WRAPPING, AT, null, null)),
                                new WorkerStatus.Focus("WR0001", AT.plusSeconds(3)))),
                argumentSet(
                        "worker-status-unknown",
                        "worker-status-unknown",
                        Topics.WORKER_STATUS,
                        new WorkerStatus("WK0001", null, null, null, List.of(), null)),
                argumentSet(
                        "dead-letter",
                        "dead-letter",
                        Topics.DEAD_LETTERS,
                        DeadLetter.ofRecord("Expected X", "flexmetry.x/0/7", AT, "WT0001", "a=b".getBytes(UTF_8))));
    }

    @ParameterizedTest
    @MethodSource("values")
    <V> void shouldWriteAndReadTheGoldenJson(String name, Topic<String, V> topic, V value) throws IOException {
        byte[] written = topic.valueSerde().serializer().serialize(topic.name(), value);
        Path file = GOLDEN.resolve(name + ".json");
        if (Boolean.getBoolean("golden.accept")) {
            Files.writeString(
                    file, PLAIN.writerWithDefaultPrettyPrinter().writeValueAsString(PLAIN.readTree(written)) + "\n");
        }
        byte[] golden = Files.readAllBytes(file);

        V read = topic.valueSerde().deserializer().deserialize(topic.name(), golden);

        assertThat(PLAIN.readTree(written))
                .as("%s; if the change is meant: ./mvnw test -pl contract -Dgolden.accept=true", file)
                .isEqualTo(PLAIN.readTree(golden));
        assertThat(read).isEqualTo(value);
    }

    private static MessageFact message(long index) {
        return new MessageFact(MessageFact.Change.ADDED, "CH0001", "IM0008", index, AT, "system", null, 20, 0, null);
    }

    private static Arguments event(String name, Fact fact) {
        return argumentSet(
                name,
                "event." + name,
                Topics.TASK_EVENTS,
                new Event("EV0001", "some.type", AT, AT.plusMillis(40), Source.TASKROUTER, fact));
    }

    private static Arguments outcome(String name, Result result) {
        return argumentSet(
                name,
                "outcome." + name,
                Topics.TASK_OUTCOMES,
                new Outcome("WT0001/WR0001/final/0123456789abcdef", "WT0001", "WR0001", AT, 1, result));
    }

    private static Arguments call(String name, CallOutcome.Ending found) {
        return argumentSet(
                name, name, Topics.CALL_OUTCOMES, new CallOutcome("CA0001/metrics/1", "CA0001", AT, 2, found));
    }

    private static TaskLedger ledger() {
        return TaskLedger.of("WT0001")
                .with(new TaskLedger.Entry(
                        "WT0001/WR0001/final/0123456789abcdef",
                        "WR0001",
                        "write",
                        AT,
                        AT.plusSeconds(1),
                        Map.of("average_response_time", new BigDecimal("2.75")),
                        List.of("first_response_time"),
                        null))
                .settled(
                        "WT0001/WR0001/final/0123456789abcdef",
                        new TaskLedger.Settlement(
                                "written", AT, 2, new BigDecimal("0.25"), "3", List.of("measure"), null));
    }

    private static ReservationMetrics row() {
        return new ReservationMetrics(
                "WR0001",
                "WT0001",
                2,
                ReservationMetrics.State.FINAL,
                "WK0001",
                "ana@example.com",
                "chat",
                "Support",
                "CH0001",
                AT,
                AT.plusSeconds(60),
                null,
                Map.of(Metric.FIRST_RESPONSE_TIME, BigDecimal.TEN),
                new ReservationMetrics.Messages(
                        false, List.of(3L, 7L), AT.plusSeconds(50), ReservationMetrics.Messages.End.ASKED),
                new ReservationMetrics.WriteBack("written", AT.plusSeconds(61), "3"),
                "customer silent for PT10M",
                new ReservationMetrics.Voice("CA0001", "sdk_edge", "us1", "metrics", AT.plusSeconds(161), null, null));
    }
}
