package io.flexmetry.processors.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.CreateLinkedTask;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.TaskInput;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One task: seconds on the clock, inputs, and the commands, rows and ledger that they lead to. */
class WriteBackRulesTest {

    private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
    private static final String WORKFLOW = "WW00000000000000000000000000000001";

    private final List<Command> commands = new ArrayList<>();
    private final List<ReservationMetrics> rows = new ArrayList<>();
    private WriteBackRules rules = rules(Duration.ofSeconds(30), null);
    private TaskState state = TaskState.NEW;
    private TaskLedger ledger = TaskLedger.of("WT1");
    private int events;

    @Test
    void shouldWriteAnOpenReservationNowAndThen() {
        reservation(0, "a", "accepted");
        measured(2, "a", null, 1);
        due(31);
        assertThat(commands).isEmpty();

        due(32);
        assertThat(lastWrite()).satisfies(write -> {
            assertThat(write.dueBy()).isNull();
            assertThat(write.set()).containsEntry("conversation_measure_2", new BigDecimal("1"));
        });
        measured(40, "a", null, 2);
        measured(50, "a", null, 3);
        due(69);
        assertThat(commands).hasSize(1);
        due(70);

        assertThat(commands).hasSize(2);
        assertThat(lastWrite().set()).containsEntry("conversation_measure_2", new BigDecimal("3"));
        due(500);
        assertThat(commands).as("nothing new").hasSize(2);
    }

    @Test
    void shouldNotWriteAnOpenReservationWhenConfiguredSo() {
        rules = rules(null, null);
        reservation(0, "a", "accepted");
        measured(2, "a", null, 1);
        due(500);

        assertThat(commands).isEmpty();
        assertThat(state.writeAt()).isNull();
    }

    @Test
    void shouldWriteAtWrapUpAtOnceAlsoWhatWasWrittenBefore() {
        reservation(0, "a", "accepted");
        measured(2, "a", null, 1);
        due(32);
        reservation(40, "a", "wrapup");
        measured(40, "a", at(40), 1);

        assertThat(commands).hasSize(2);
        assertThat(lastWrite().dueBy()).isEqualTo(at(40));
        assertThat(lastWrite().over()).isFalse();

        reservation(60, "a", "completed");
        assertThat(commands).as("it stands there already").hasSize(2);
    }

    @Test
    void shouldSayThatItIsOverWhenThereWasNoWrapUp() {
        reservation(0, "a", "accepted");
        reservation(60, "a", "completed");
        measured(60, "a", at(60), 1);

        assertThat(lastWrite().over()).isTrue();
        assertThat(lastWrite().dueBy()).isEqualTo(at(60 + 300));
    }

    /** A wraps up while B has the task already: A may complete at any moment, B not yet. */
    @Test
    void shouldPutTheOneInWrapUpBeforeTheOpenOne() {
        reservation(0, "a", "accepted");
        reservation(10, "b", "accepted");
        measured(12, "b", null, 7);
        reservation(20, "a", "wrapup");
        measured(20, "a", at(20), 1);
        assertThat(lastWrite().reservationSid()).isEqualTo("WR-a");
        due(60);
        assertThat(commands).hasSize(1);

        reservation(70, "a", "completed");
        due(100);

        assertThat(lastWrite().reservationSid()).isEqualTo("WR-b");
        assertThat(lastWrite().set()).containsEntry("conversation_measure_2", new BigDecimal("7"));
    }

    @Test
    void shouldSupersedeTheNumbersOfAnAgentWhoLeftWithoutWrapUpWhileAnotherWorksOnTheTask() {
        rules = rules(null, WORKFLOW);
        reservation(0, "a", "accepted");
        reservation(10, "b", "accepted");
        measured(12, "b", null, 7);
        reservation(20, "a", "completed");
        measured(20, "a", at(20), 1);
        measured(21, "a", at(20), 1);

        assertThat(commands).singleElement().isInstanceOfSatisfying(CreateLinkedTask.class, link -> assertThat(
                        link.set())
                .containsEntry("conversation_measure_2", new BigDecimal("1")));
        assertThat(ledger.entries().get(0).settlement().result()).isEqualTo("late");
    }

    @Test
    void shouldLinkWhatWasLateOnceAndEndItAtOnce() {
        rules = rules(null, WORKFLOW);
        reservation(0, "a", "accepted");
        reservation(60, "a", "completed");
        measured(60, "a", at(60), 1);
        Outcome late = settled(61, write(1), new Result.Late("5", List.of()));
        settle(61, late);

        assertThat(commands.get(1))
                .isEqualTo(new CreateLinkedTask(
                        "WR-a/linked",
                        "WT1",
                        "WR-a",
                        at(61),
                        WORKFLOW,
                        "KD1",
                        lastWrite().set(),
                        Map.of()));

        settle(62, late);
        assertThat(commands).hasSize(2);

        Outcome linked = settled(63, "WR-a/linked", new Result.Linked("WT2"));
        settle(63, linked);
        settle(64, linked);
        assertThat(commands).hasSize(3);
        assertThat(commands.get(2)).isInstanceOfSatisfying(ChangeTask.class, end -> {
            assertThat(end.changedTaskSid()).isEqualTo("WT2");
            assertThat(end.status()).isEqualTo(ChangeTask.Status.CANCELED);
        });
        settle(65, settled(65, "WR-a/end-linked", new Result.Changed()));

        assertThat(ledger.entries())
                .extracting(entry -> entry.action() + " " + entry.settlement().result())
                .containsExactly("write late", "link linked", "end-linked changed");
        assertThat(lastRow("WR-a").writeBack().status()).isEqualTo("linked");
    }

    /** Agents complete before Twilio has measured: only what is late goes to a task of its own, and counts once. */
    @Test
    void shouldLinkNothingButTheScoreWhenTheRestWasInTime() {
        endedInTime(WORKFLOW);
        assertThat(commands).hasSize(1);

        scored(170, "a", at(60), "4.25");
        assertThat(lastWrite().over()).isTrue();
        assertThat(lastWrite().set()).containsEntry("conversation_measure_5", new BigDecimal("4.25"));
        settle(171, settled(171, write(2), new Result.Late("3", List.of())));

        assertThat(commands).last().isInstanceOfSatisfying(CreateLinkedTask.class, link -> assertThat(link.set())
                .isEqualTo(Map.of("conversation_measure_5", new BigDecimal("4.25"))));
        settle(172, settled(172, "WR-a/linked", new Result.Linked("WT2")));
        scored(1800, "a", at(60), "4.2");
        settle(1801, settled(1801, write(3), new Result.Gone()));
        assertThat(commands.stream().filter(CreateLinkedTask.class::isInstance))
                .as("a better one corrects the row, and makes no second task")
                .hasSize(1);
        assertThat(lastRow("WR-a").values()).containsEntry(Metric.MOS, new BigDecimal("4.2"));
    }

    /** The sink was killed between the write and its outcome: after the restart it finds the write done, and no time of it. */
    @Test
    void shouldLinkTheScoreAlsoWhenItStoodThereAlready() {
        endedInTime(WORKFLOW);
        scored(170, "a", at(60), "4.25");

        settle(171, settled(171, write(2), new Result.Unchanged("3", List.of())));

        assertThat(commands).last().isInstanceOf(CreateLinkedTask.class);
    }

    @Test
    void shouldWaitForTheScoreBeforeItLinksWhatIsLateAnyway() {
        rules = rules(null, WORKFLOW);
        voice(0, "a", "accepted");
        voice(60, "a", "completed");
        focused(60, "a", at(60));
        settle(61, settled(61, write(1), new Result.Late("2", List.of())));
        assertThat(commands).noneMatch(CreateLinkedTask.class::isInstance);

        scored(170, "a", at(60), "4.25");
        settle(171, settled(171, write(2), new Result.Late("3", List.of())));

        assertThat(commands).last().isInstanceOfSatisfying(CreateLinkedTask.class, link -> assertThat(link.set())
                .containsOnlyKeys("focus_time", "conversation_measure_5"));
    }

    @Test
    void shouldLinkNothingWithoutAScore() {
        endedInTime(WORKFLOW);

        scored(170, "a", at(60), null);

        assertThat(commands).noneMatch(CreateLinkedTask.class::isInstance);
        assertThat(lastRow("WR-a").voice().reason()).isEqualTo("no-samples");
    }

    /** A's score comes while B is on the call: the task has only room for B's. */
    @Test
    void shouldLinkTheScoreOfAnAgentWhoHasGoneWhileAnotherTalks() {
        endedInTime(WORKFLOW);
        voice(90, "b", "accepted");

        scored(170, "a", at(60), "4.25");

        assertThat(commands).last().isInstanceOfSatisfying(CreateLinkedTask.class, link -> {
            assertThat(link.reservationSid()).isEqualTo("WR-a");
            assertThat(link.set()).containsOnlyKeys("conversation_measure_5");
        });
    }

    @Test
    void shouldPutTheSamplesKeysWithTheSamplesPreset() {
        endedInTime(WORKFLOW + " }\nmetrics: { preset: seed");
        scored(170, "a", at(60), "4.25");
        settle(171, settled(171, write(2), new Result.Gone()));

        assertThat(commands).last().isInstanceOfSatisfying(CreateLinkedTask.class, link -> {
            assertThat(link.set())
                    .containsOnlyKeys("conversation_measure_5", "conversation_attribute_5")
                    .containsValue(new BigDecimal("4.25"));
            assertThat(link.texts()).isEqualTo(Map.of("conversation_label_5", "mos_score", "channel", "mos_score"));
        });
    }

    @Test
    void shouldNotTouchTheKeyOfTheScoreOnAChat() {
        reservation(0, "a", "accepted");
        reservation(60, "a", "wrapup");
        measured(60, "a", at(60), 1);

        assertThat(lastWrite().clear()).doesNotContain("conversation_measure_5");
    }

    @Test
    void shouldLinkWhatFoundItsTaskGone() {
        rules = rules(null, WORKFLOW);
        reservation(0, "a", "accepted");
        reservation(60, "a", "completed");
        measured(60, "a", at(60), 1);
        settle(500, settled(500, write(1), new Result.Gone()));

        assertThat(commands).last().isInstanceOf(CreateLinkedTask.class);
    }

    @Test
    void shouldNotLinkWhereThatIsNotConfigured() {
        reservation(0, "a", "accepted");
        reservation(60, "a", "completed");
        measured(60, "a", at(60), 1);
        settle(61, settled(61, write(1), new Result.Late("5", List.of())));
        assertThat(commands).hasSize(1);
    }

    @Test
    void shouldNotLinkWhatWasInTime() {
        rules = rules(null, WORKFLOW);
        reservation(0, "a", "accepted");
        reservation(60, "a", "wrapup");
        measured(60, "a", at(60), 1);
        reservation(70, "a", "completed");
        settle(71, settled(71, write(1), new Result.Written("5", List.of())));

        assertThat(commands).hasSize(1);
    }

    @Test
    void shouldSayInTheLedgerHowLongAfterWrapUpOrWhyNot() {
        reservation(0, "a", "accepted");
        reservation(60, "a", "wrapup");
        measured(60, "a", at(60), 1);
        assertThat(ledger.entries()).singleElement().satisfies(entry -> assertThat(entry.settlement())
                .isNull());

        settle(62, settled(62, write(1), new Result.Written("5", List.of("conversation_measure_3"))));

        assertThat(ledger.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.dueBy()).isEqualTo(at(60));
            assertThat(entry.settlement())
                    .isEqualTo(new TaskLedger.Settlement(
                            "written", at(62), 1, new BigDecimal("2"), "5", List.of("conversation_measure_3"), null));
        });
        measured(70, "a", at(60), 2);
        settle(71, settled(71, write(2), new Result.Refused("no JSON")));
        assertThat(ledger.entries().get(1).settlement().detail()).isEqualTo("no JSON");
    }

    /** A call without a beacon has numbers on its row, but none with a key. */
    @Test
    void shouldSayNothingOfWhatIsNotToBeWritten() {
        rules = rules(null, WORKFLOW);
        reservation(0, "a", "accepted");
        reservation(60, "a", "completed");
        decide(
                60,
                new TaskInput.Measured(new Contribution(
                        Contribution.Feature.FOCUS,
                        "WT1",
                        "WR-a",
                        at(60),
                        Map.of(Metric.CONCURRENCY, BigDecimal.ONE),
                        null)));
        decide(
                60,
                new TaskInput.Measured(new Contribution(
                        Contribution.Feature.CONVERSATION,
                        "WT1",
                        "WR-a",
                        at(60),
                        Map.of(Metric.BOT_MESSAGES, BigDecimal.ONE),
                        null)));

        assertThat(lastRow("WR-a").values()).hasSize(2);
        assertThat(commands).isEmpty();
        assertThat(ledger.entries()).isEmpty();
        assertThat(lastRow("WR-a").writeBack()).isNull();
    }

    @Test
    void shouldPublishOneRowForANumberAndTheEventThatLedToIt() {
        reservation(0, "a", "accepted");
        rows.clear();

        measured(60, "a", at(60), 1);
        assertThat(rows).as("the event of second 60 follows").isEmpty();
        reservation(60, "a", "wrapup");

        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.state()).isEqualTo(ReservationMetrics.State.FINAL);
            assertThat(row.values()).containsEntry(Metric.AGENT_MESSAGES, BigDecimal.ONE);
            assertThat(row.revision()).isEqualTo(2);
        });
    }

    @Test
    void shouldPublishTheWrapUpThoughFocusIsStillToCome() {
        reservation(0, "a", "accepted");
        messages(60, "a", at(60), 1);
        rows.clear();

        reservation(60, "a", "wrapup");

        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.state()).isEqualTo(ReservationMetrics.State.RUNNING);
            assertThat(row.wrapUpAt()).isEqualTo(at(60));
        });
    }

    @Test
    void shouldPublishACorrectionOfClosedNumbersAtOnce() {
        reservation(0, "a", "accepted");
        reservation(60, "a", "wrapup");
        measured(60, "a", at(60), 1);
        rows.clear();

        messages(70, "a", at(60), 2);

        assertThat(rows).singleElement().satisfies(row -> assertThat(row.values())
                .containsEntry(Metric.AGENT_MESSAGES, BigDecimal.valueOf(2)));
    }

    @Test
    void shouldLeaveTheStateAsItIsWhenAContributionHasNoContent() {
        reservation(0, "a", "accepted");
        TaskState before = state;

        decide(
                1,
                new TaskInput.Measured(
                        new Contribution(Contribution.Feature.FOCUS, "WT1", "WR-a", null, Map.of(), null)));

        assertThat(state).isEqualTo(before);
    }

    @Test
    void shouldPublishNoRowOfItsOwnForTheOutcomeOfAnotherRunningWrite() {
        reservation(0, "a", "accepted");
        measured(2, "a", null, 1);
        due(32);
        settle(33, settled(33, write(1), new Result.Written("1", List.of())));
        assertThat(lastRow("WR-a").writeBack().at()).isEqualTo(at(33));
        messages(34, "a", null, 2);
        due(64);
        rows.clear();

        settle(65, settled(65, write(2), new Result.Written("2", List.of())));
        assertThat(rows).isEmpty();
        reservation(70, "a", "wrapup");
        assertThat(lastRow("WR-a").writeBack().at()).isEqualTo(at(65));

        measured(70, "a", at(70), 2);
        settle(71, settled(71, write(3), new Result.Written("3", List.of())));
        assertThat(lastRow("WR-a").writeBack().at()).isEqualTo(at(71));
    }

    /** The row says at once that its numbers are late, and not only with the next input. */
    @Test
    void shouldPublishThatNumbersAreSuperseded() {
        reservation(0, "a", "accepted");
        reservation(10, "b", "accepted");
        reservation(20, "a", "completed");

        measured(20, "a", at(20), 1);

        assertThat(lastRow("WR-a").writeBack().status()).isEqualTo("late");
    }

    @Test
    void shouldPutTheImportantFirst() {
        rules = rules("writeBack: { running: none, priority: [customerMessages, agentMessages] }");
        reservation(0, "a", "accepted");
        reservation(60, "a", "wrapup");
        measured(60, "a", at(60), 1);

        assertThat(lastWrite().set().keySet()).containsExactly("conversation_measure_3", "conversation_measure_2");
    }

    private static WriteBackRules rules(Duration running, String workflow) {
        return rules("writeBack: { running: " + (running == null ? "none" : running)
                + (workflow == null ? "" : ", lateWorkflow: " + workflow) + " }");
    }

    private static WriteBackRules rules(String yaml) {
        return new WriteBackRules(Configuration.parse("test", yaml));
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }

    private void reservation(int second, String agent, String change) {
        ReservationFact fact = new ReservationFact(
                ReservationFact.Change.valueOf(change.toUpperCase(Locale.ROOT)),
                "WR-" + agent,
                new Task("WT1", 1, "chat", "Support", "CH1", "KD1", null, null, null),
                new Worker("WK-" + agent, agent, agent));
        decide(
                second,
                new TaskInput.Happened(new Event(
                        "EV" + events++, "reservation." + change, at(second), at(second), Source.TASKROUTER, fact)));
    }

    private void measured(int second, String agent, Instant until, int messages) {
        decide(
                second,
                new TaskInput.Measured(
                        new Contribution(Contribution.Feature.FOCUS, "WT1", "WR-" + agent, until, Map.of(), null)));
        messages(second, agent, until, messages);
    }

    private void messages(int second, String agent, Instant until, int messages) {
        decide(
                second,
                new TaskInput.Measured(new Contribution(
                        Contribution.Feature.CONVERSATION,
                        "WT1",
                        "WR-" + agent,
                        until,
                        Map.of(
                                Metric.AGENT_MESSAGES,
                                BigDecimal.valueOf(messages),
                                Metric.CUSTOMER_MESSAGES,
                                BigDecimal.valueOf(messages)),
                        null)));
    }

    /** A call whose numbers but the score stood on the task when the agent completed. */
    private void endedInTime(String workflow) {
        rules = rules(null, workflow);
        voice(0, "a", "accepted");
        scored(1, "a", null, null);
        voice(60, "a", "wrapup");
        focused(60, "a", at(60));
        settle(61, settled(61, lastWrite().commandId(), new Result.Written("2", List.of())));
        voice(80, "a", "completed");
    }

    private void voice(int second, String agent, String change) {
        decide(
                second,
                new TaskInput.Happened(new Event(
                        "EV" + events++,
                        "reservation." + change,
                        at(second),
                        at(second),
                        Source.TASKROUTER,
                        new ReservationFact(
                                ReservationFact.Change.valueOf(change.toUpperCase(Locale.ROOT)),
                                "WR-" + agent,
                                new Task("WT1", 1, "voice", "Phone", null, null, null, null, null),
                                new Worker("WK-" + agent, agent, agent),
                                "CA-" + agent))));
    }

    private void focused(int second, String agent, Instant until) {
        decide(
                second,
                new TaskInput.Measured(new Contribution(
                        Contribution.Feature.FOCUS,
                        "WT1",
                        "WR-" + agent,
                        until,
                        Map.of(Metric.FOCUS_TIME, BigDecimal.TEN),
                        null)));
    }

    private void scored(int second, String agent, Instant until, String mos) {
        decide(
                second,
                new TaskInput.Measured(new Contribution(
                        Contribution.Feature.VOICE,
                        "WT1",
                        "WR-" + agent,
                        until,
                        mos == null ? Map.of() : Map.of(Metric.MOS, new BigDecimal(mos)),
                        null,
                        new ReservationMetrics.Voice(
                                "CA-" + agent,
                                null,
                                null,
                                null,
                                mos == null ? null : at(second),
                                mos == null && until != null ? "no-samples" : null,
                                null),
                        1)));
    }

    private void due(int second) {
        decide(second, new TaskInput.Due());
    }

    private void settle(int second, Outcome outcome) {
        decide(second, new TaskInput.Settled(outcome));
    }

    private static Outcome settled(int second, String commandId, Result result) {
        return new Outcome(commandId, "WT1", "WR-a", at(second), 1, result);
    }

    private void decide(int second, TaskInput input) {
        WriteBackRules.Decision decision = rules.decide(state, input, at(second));
        state = decision.next();
        for (TaskOutput output : decision.outputs()) {
            if (output instanceof TaskOutput.Do command) {
                commands.add(command.command());
            } else if (output instanceof TaskOutput.Row row) {
                rows.add(row.metrics());
            } else if (output instanceof TaskOutput.Enter enter) {
                ledger = ledger.with(enter.entry());
            } else if (output instanceof TaskOutput.Settle settle) {
                ledger = ledger.settled(settle.commandId(), settle.settlement());
            }
        }
    }

    private ReservationMetrics lastRow(String reservationSid) {
        return rows.stream()
                .filter(row -> row.reservationSid().equals(reservationSid))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** The id of that write, counted from 1. */
    private String write(int number) {
        return commands.stream()
                .filter(WriteAttributes.class::isInstance)
                .skip(number - 1L)
                .findFirst()
                .orElseThrow()
                .commandId();
    }

    private WriteAttributes lastWrite() {
        return commands.stream()
                .filter(WriteAttributes.class::isInstance)
                .map(WriteAttributes.class::cast)
                .reduce((first, second) -> second)
                .orElseThrow();
    }
}
