package io.flexmetry.processors.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.CreateLinkedTask;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.ReservationFact.Change;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.Contribution.Feature;
import io.flexmetry.processors.cases.TaskInput;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The state of a task is dropped, and a second incarnation of it reads the inputs again. Events and outcomes are in Kafka. Numbers
 * are computed again from other topics, so they come later.
 */
class WriteBackReplayTest {

    private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
    private static final String TASK = "WT1";
    private static final WriteBackRules LINKING = new WriteBackRules(
            Configuration.parse("test", "writeBack: {lateWorkflow: WW00000000000000000000000000000001}"));
    private static final WriteBackRules NOT_LINKING = new WriteBackRules(Configuration.defaults());

    @Test
    void shouldNotLinkAgainWhatStoodOnTheTaskInTime() {
        Incarnation first = new Incarnation();
        first.reservation("a", Change.ACCEPTED);
        first.reservation("a", Change.WRAPUP);
        first.numbers("a", 1);
        first.settleAll();
        first.reservation("a", Change.COMPLETED);

        assertThat(replayed(first, 0).commands).isEmpty();
    }

    @Test
    void shouldNotWriteFewerFactsOverTheNumbersOfAll() {
        Incarnation first = new Incarnation();
        first.reservation("a", Change.ACCEPTED);
        first.reservation("a", Change.WRAPUP);
        first.numbers("a", 5);
        first.settleAll();
        Incarnation second = replayed(first, 0, input -> !(input instanceof TaskInput.Measured));
        second.numbers("a", 3);
        second.numbers("a", 5);
        second.reservation("a", Change.COMPLETED);

        assertThat(second.commands).isEmpty();
    }

    @Test
    void shouldWriteNewNumbersAfterTheOthersAreReconciled() {
        Incarnation first = new Incarnation();
        first.reservation("a", Change.ACCEPTED);
        first.reservation("a", Change.WRAPUP);
        first.numbers("a", 5);
        first.numbers("a", 6);
        first.numbers("a", 5);
        first.settleAll();
        Incarnation second = replayed(first, 0);
        assertThat(second.commands).isEmpty();

        second.numbers("a", 6);
        assertThat(second.commands).as("what was corrected then").isEmpty();
        second.numbers("a", 7);
        second.numbers("a", 5);

        assertThat(second.commands).hasSize(2).allSatisfy(command -> assertThat(command)
                .isInstanceOf(WriteAttributes.class));
        assertThat(first.ids()).as("each decision has its own id").doesNotContainAnyElementsOf(second.ids());
    }

    @Test
    void shouldComputeTheSameIdsWhenNoOutcomeIsReplayed() {
        Incarnation first = new Incarnation();
        first.reservation("a", Change.ACCEPTED);
        first.reservation("a", Change.WRAPUP);
        first.numbers("a", 5);
        first.settleAll();

        Incarnation second = replayed(first, 0, input -> !(input instanceof TaskInput.Settled));

        assertThat(second.ids()).isEqualTo(first.ids());
    }

    @Test
    void shouldWriteToAnOpenReservationOnlyWhatDoesNotStandThere() {
        Incarnation first = new Incarnation();
        first.reservation("a", Change.ACCEPTED);
        first.running("a", 1);
        first.due();
        first.settleAll();
        assertThat(first.commands).hasSize(1);
        Incarnation second = replayed(first, 0);
        second.due();
        assertThat(second.commands).isEmpty();

        second.running("a", 2);
        second.due();

        assertThat(second.commands).hasSize(1);
        assertThat(first.ids()).doesNotContainAnyElementsOf(second.ids());
    }

    @Test
    void shouldNotWriteFewerFactsOfAnOpenReservationWhileItCatchesUp() {
        Incarnation first = new Incarnation();
        first.reservation("a", Change.ACCEPTED);
        first.running("a", 3);
        first.due();
        first.settleAll();
        Incarnation second = replayed(first, 0, input -> !(input instanceof TaskInput.Measured));
        second.running("a", 1);
        second.due();
        assertThat(second.commands).isEmpty();

        for (int minute = 0; minute < 5; minute++) {
            second.due();
        }

        assertThat(second.commands).as("but not for ever").hasSize(1);
    }

    /** Conversations are read on another way than outcomes, and may be faster. */
    @Test
    void shouldNotWriteFewerFactsOfAnOpenReservationThatWereThereBeforeTheOutcome() {
        Incarnation first = new Incarnation();
        first.reservation("a", Change.ACCEPTED);
        first.running("a", 3);
        first.due();
        first.settleAll();
        Incarnation second = replayed(first, 0, TaskInput.Happened.class::isInstance);
        second.running("a", 1);

        first.outcomes().forEach(second::decide);
        second.due();
        second.running("a", 3);
        second.due();

        assertThat(second.commands).isEmpty();
    }

    @Test
    void shouldReconcileEachOfTheNumbersThatWereOnTheTask() {
        Incarnation first = new Incarnation();
        first.reservation("a", Change.ACCEPTED);
        for (int messages = 1; messages <= 3; messages++) {
            first.running("a", messages);
            first.due();
            first.settleAll();
        }
        Incarnation second = replayed(first, 0, TaskInput.Happened.class::isInstance);
        second.decide(first.outcomes().get(0));
        second.running("a", 1);

        second.decide(first.outcomes().get(1));
        second.decide(first.outcomes().get(2));
        second.running("a", 2);
        second.due();
        second.running("a", 3);
        second.due();

        assertThat(second.commands).isEmpty();
    }

    /** The outcome of a wrap-up of ours is read again before its webhook, and before the numbers. */
    @Test
    void shouldNotWriteFewerFactsBecauseAWrapUpOfOursIsReadAgain() {
        Incarnation first = new Incarnation();
        first.reservation("a", Change.ACCEPTED);
        first.running("a", 3);
        first.due();
        first.settleAll();
        Incarnation second = replayed(first, 0, input -> !(input instanceof TaskInput.Measured));
        second.running("a", 1);

        second.decide(new TaskInput.Settled(
                new Outcome("CH1/m1@1/0-wrap-up/" + TASK + "/wrapping", TASK, "WR-a", START, 1, new Result.Changed())));

        assertThat(second.commands).isEmpty();
    }

    /** Ids of an earlier version say nothing but that something was written. */
    @Test
    void shouldNotWriteAgainWhatAnEarlierVersionHasWritten() {
        Incarnation first = new Incarnation();
        first.reservation("a", Change.ACCEPTED);
        first.reservation("a", Change.WRAPUP);
        first.numbers("a", 5);
        first.reservation("a", Change.COMPLETED);
        Incarnation second = replayed(first, 0, input -> !(input instanceof TaskInput.Measured));
        second.decide(new TaskInput.Settled(
                new Outcome(TASK + "/7", TASK, "WR-a", first.now(), 1, new Result.Written("7", List.of()))));

        second.numbers("a", 5);

        assertThat(second.commands).isEmpty();
    }

    @Test
    void shouldWriteFinalNumbersThoughAnEarlierVersionHadWrittenRunningOnes() {
        Incarnation first = new Incarnation();
        first.reservation("a", Change.ACCEPTED);
        Incarnation second = replayed(first, 0);
        second.decide(new TaskInput.Settled(
                new Outcome(TASK + "/7", TASK, "WR-a", second.now(), 1, new Result.Written("7", List.of()))));
        second.reservation("a", Change.WRAPUP);

        second.numbers("a", 5);

        assertThat(second.ids()).singleElement().asString().startsWith("WT1/WR-a/final/");
    }

    @Property(tries = 2_000)
    void shouldCommandNothingInAReplay(@ForAll long seed) {
        Random random = new Random(seed);
        Incarnation first = new Incarnation();
        first.rules = random.nextBoolean() ? LINKING : NOT_LINKING;
        first.play(random);

        Incarnation second = replayed(first, 0);

        assertThat(second.commands)
                .as(
                        "only the end of a linked task may be commanded before its outcome is read; first incarnation: %s",
                        first)
                .allMatch(
                        command -> command instanceof ChangeTask && first.ids().contains(command.commandId()));
    }

    @Property(tries = 2_000)
    void shouldCommandNothingWhenOnlyTheEndIsReadAgain(@ForAll long seed) {
        Random random = new Random(seed);
        Incarnation first = new Incarnation();
        first.rules = random.nextBoolean() ? LINKING : NOT_LINKING;
        first.play(random);

        Incarnation second = replayed(first, first.somewhere(random));

        assertThat(second.commands)
                .as("first incarnation: %s", first)
                .allMatch(
                        command -> command instanceof ChangeTask && first.ids().contains(command.commandId()));
    }

    @Property(tries = 2_000)
    void shouldCommandNothingWhenTheEndIsReadASecondTime(@ForAll long seed) {
        Random random = new Random(seed);
        Incarnation run = new Incarnation();
        run.play(random);
        List<TaskInput> inputs = List.copyOf(run.inputs);
        int commands = run.commands.size();

        inputs.subList(random.nextInt(inputs.size()), inputs.size()).stream()
                .filter(input -> !(input instanceof TaskInput.Measured || input instanceof TaskInput.Due))
                .forEach(run::decide);

        assertThat(run.commands).hasSize(commands);
    }

    /** More writes may be in flight than the state keeps, and outcomes may be duplicates. */
    @Property(tries = 2_000)
    void shouldHaveTheLastNumbersOnTheTaskInTheEnd(@ForAll long seed) {
        Random random = new Random(seed);
        Incarnation run = new Incarnation();
        run.rules = NOT_LINKING;
        run.repeats = random;

        run.play(random, List.of("a"));

        assertThat(run.onTask).as("inputs: %s", run).isEqualTo(run.last);
    }

    private static Incarnation replayed(Incarnation first, int from) {
        return replayed(first, from, input -> true);
    }

    private static Incarnation replayed(Incarnation first, int from, Predicate<TaskInput> which) {
        Incarnation second = new Incarnation();
        second.rules = first.rules;
        second.second = 100_000;
        second.closedAt.putAll(first.closedAt);
        List<TaskInput> inputs = first.inputs.subList(from, first.inputs.size()).stream()
                .filter(input -> !(input instanceof TaskInput.Due))
                .filter(which)
                .toList();
        inputs.stream().filter(input -> !(input instanceof TaskInput.Measured)).forEach(second::decide);
        inputs.stream().filter(TaskInput.Measured.class::isInstance).forEach(second::decide);
        return second;
    }

    /** One incarnation of the state: its inputs and its commands. */
    private static final class Incarnation {
        private final List<TaskInput> inputs = new ArrayList<>();
        private final List<Command> commands = new ArrayList<>();
        private final List<Command> unsettled = new ArrayList<>();
        private final Map<String, Instant> closedAt = new HashMap<>();
        private WriteBackRules rules = LINKING;
        private TaskState state = TaskState.NEW;
        private int second;
        private @Nullable Random repeats;
        private @Nullable BigDecimal last;
        private @Nullable BigDecimal onTask;

        /** One agent or two, one after the other; numbers that are corrected, go back, and come late. */
        private void play(Random random) {
            play(random, random.nextBoolean() ? List.of("a") : List.of("a", "b"));
        }

        private void play(Random random, List<String> agents) {
            for (String agent : agents) {
                reservation(agent, Change.ACCEPTED);
                while (random.nextInt(3) > 0) {
                    running(agent, random.nextInt(3));
                    maybe(random);
                }
                boolean wrapsUp = random.nextInt(4) > 0;
                if (wrapsUp) {
                    reservation(agent, Change.WRAPUP);
                    for (int i = random.nextInt(4); i > 0; i--) {
                        numbers(agent, random.nextInt(3));
                        maybe(random);
                    }
                }
                // the next agent accepts when the one before is done: a replay cannot tell two at once apart
                if (!wrapsUp || agents.size() == 1 || agent.equals("b") || random.nextBoolean()) {
                    reservation(agent, Change.COMPLETED);
                    for (int i = random.nextInt(4); i > 0; i--) {
                        numbers(agent, random.nextInt(3));
                        maybe(random);
                    }
                }
                numbers(agent, random.nextInt(3));
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                numbers(agents.get(random.nextInt(agents.size())), random.nextInt(3));
                maybe(random);
            }
            while (!unsettled.isEmpty()) {
                settleAll();
            }
        }

        private void maybe(Random random) {
            if (random.nextBoolean()) {
                due();
            }
            if (random.nextBoolean()) {
                settleAll();
            }
        }

        private void reservation(String agent, Change change) {
            Instant at = tick();
            if (change != Change.ACCEPTED) {
                closedAt.putIfAbsent(agent, at);
            }
            decide(new TaskInput.Happened(new Event(
                    "EV" + second,
                    "reservation",
                    at,
                    at,
                    Source.TASKROUTER,
                    new ReservationFact(
                            change,
                            "WR-" + agent,
                            new Task(TASK, 1, "sms", null, null, null, null, null, null),
                            new Worker("WK-" + agent, agent, agent),
                            null))));
        }

        /**
         * Not between two agents who have the task at once: no outcome reports superseded numbers, nor those that superseded
         * them.
         */
        private int somewhere(Random random) {
            List<Integer> accepted = IntStream.range(0, inputs.size())
                    .filter(i -> inputs.get(i) instanceof TaskInput.Happened happened
                            && happened.event().fact() instanceof ReservationFact fact
                            && fact.change() == Change.ACCEPTED)
                    .boxed()
                    .toList();
            int from = random.nextInt(inputs.size());
            boolean between = accepted.size() > 1 && from > accepted.get(0) && from <= accepted.get(1);
            return between ? accepted.get(0) : from;
        }

        private void running(String agent, int messages) {
            measured(agent, messages, null);
        }

        private void numbers(String agent, int messages) {
            measured(agent, messages, closedAt.get(agent));
            decide(new TaskInput.Measured(
                    new Contribution(Feature.FOCUS, TASK, "WR-" + agent, closedAt.get(agent), Map.of(), null)));
        }

        private void measured(String agent, int messages, Instant until) {
            last = BigDecimal.valueOf(messages);
            decide(new TaskInput.Measured(new Contribution(
                    Feature.CONVERSATION,
                    TASK,
                    "WR-" + agent,
                    until,
                    Map.of(Metric.AGENT_MESSAGES, BigDecimal.valueOf(messages)),
                    null)));
        }

        private void due() {
            second += 60;
            decide(new TaskInput.Due());
        }

        /** As the sink does it, in order. */
        private void settleAll() {
            List<Command> now = List.copyOf(unsettled);
            unsettled.clear();
            now.forEach(command -> decide(new TaskInput.Settled(outcome(command))));
            if (repeats != null) {
                Random random = repeats;
                List<TaskInput> settled = inputs.stream()
                        .filter(TaskInput.Settled.class::isInstance)
                        .toList();
                settled.stream().filter(input -> random.nextInt(4) == 0).forEach(this::decide);
            }
        }

        private Outcome outcome(Command command) {
            Instant at = tick();
            if (command instanceof WriteAttributes write) {
                onTask = write.set().get("conversation_measure_2");
                Result result = write.over() ? new Result.Late("1", List.of()) : new Result.Written("1", List.of());
                return new Outcome(write.commandId(), TASK, write.reservationSid(), at, 1, result);
            }
            if (command instanceof CreateLinkedTask create) {
                Result result = new Result.Linked("WT-of-" + create.reservationSid());
                return new Outcome(create.commandId(), TASK, create.reservationSid(), at, 1, result);
            }
            ChangeTask change = (ChangeTask) command;
            return new Outcome(change.commandId(), TASK, change.reservationSid(), at, 1, new Result.Changed());
        }

        private void decide(TaskInput input) {
            inputs.add(input);
            WriteBackRules.Decision decision = rules.decide(state, input, tick());
            state = decision.next();
            for (TaskOutput output : decision.outputs()) {
                if (output instanceof TaskOutput.Do command) {
                    commands.add(command.command());
                    unsettled.add(command.command());
                }
            }
        }

        @Override
        public String toString() {
            return inputs.stream().map(Incarnation::brief).collect(Collectors.joining(", "));
        }

        private static String brief(TaskInput input) {
            if (input instanceof TaskInput.Happened happened
                    && happened.event().fact() instanceof ReservationFact fact) {
                return fact.reservationSid() + " " + fact.change();
            }
            if (input instanceof TaskInput.Measured measured) {
                Contribution measures = measured.contribution();
                return measures.reservationSid() + " " + measures.feature() + measures.values()
                        + (measures.until() == null ? "…" : ".");
            }
            return input instanceof TaskInput.Settled settled
                    ? settled.outcome().commandId() + " "
                            + settled.outcome().result().label()
                    : "due";
        }

        private List<TaskInput> outcomes() {
            return inputs.stream().filter(TaskInput.Settled.class::isInstance).toList();
        }

        private List<String> ids() {
            return commands.stream().map(Command::commandId).toList();
        }

        private Instant tick() {
            return START.plusSeconds(second++);
        }

        private Instant now() {
            return START.plusSeconds(second);
        }
    }
}
