package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.RoutedInput;
import io.flexmetry.processors.cases.TaskActionRequest;
import io.flexmetry.processors.cases.TaskInput;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.timer.Timers;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.jspecify.annotations.Nullable;

/**
 * Rows and write-back.
 *
 * <pre>
 * what is told of the case's tasks ──────┐
 * contributions of the case's features ──┼─▶ decide ─┬─▶ rows (key ReservationSid)
 * requests of theirs ────────────────────┘           ├─▶ commands (key TaskSid)
 *                                                    └─▶ ledger (key TaskSid)
 * </pre>
 */
public final class WriteBackTopology {

    static final Table.Definition<TaskState> TASKS =
            new Table.Definition<>(CaseRouting.CASE_STORE, "tasks", Json.state(TaskState.class));

    /** Beside the state, which changes with every message and is read and written as a whole. */
    static final Table.Definition<TaskLedger> LEDGERS =
            new Table.Definition<>(CaseRouting.CASE_STORE, "ledgers", Json.state(TaskLedger.class));

    static final Table.Definition<String> TIMERS = Timers.table(CaseRouting.CASE_STORE, "task-timers");

    private WriteBackTopology() {}

    /**
     * Adds the feature.
     *
     * @param tasks what is told of the case's tasks, key the case
     * @param contributions numbers of the case's features, key TaskSid
     * @param requests what a feature of the case wants done, key TaskSid; absent where none wants anything
     */
    public static void addTo(
            KStream<String, RoutedInput> tasks,
            KStream<String, Contribution> contributions,
            @Nullable KStream<String, TaskActionRequest> requests,
            Configuration configuration) {
        // numbers before the event that led to them: then one decision has both
        KStream<String, TaskInput> measured =
                contributions.mapValues(TaskInput.Measured::new, Named.as("writeback-measured"));
        KStream<String, TaskInput> ofFeatures = requests == null
                ? measured
                : measured.merge(
                        requests.mapValues(TaskInput.Requested::new, Named.as("writeback-requested")),
                        Named.as("writeback-of-features"));
        KStream<String, TaskOutput> outputs = ofFeatures
                .merge(
                        tasks.filter((caseSid, routed) -> !isMarker(routed.input()), Named.as("writeback-of-tasks"))
                                .map(
                                        (caseSid, routed) -> KeyValue.pair(routed.taskSid(), routed.input()),
                                        Named.as("writeback-task-key")),
                        Named.as("writeback-input"))
                .process(
                        () -> new WriteBackProcessor(new WriteBackRules(configuration), configuration.retention()),
                        Named.as("writeback"),
                        CaseRouting.CASE_STORE);

        outputs.filter((taskSid, output) -> output instanceof TaskOutput.Row, Named.as("writeback-rows"))
                .map(WriteBackTopology::row, Named.as("writeback-row-key"))
                .to(
                        Topics.RESERVATION_METRICS.name(),
                        Produced.<String, ReservationMetrics>as("reservation-metrics")
                                .withKeySerde(Topics.RESERVATION_METRICS.keySerde())
                                .withValueSerde(Topics.RESERVATION_METRICS.valueSerde()));
        if (requests != null) {
            outputs.filter((taskSid, output) -> output instanceof TaskOutput.Tell, Named.as("writeback-told"))
                    .map(
                            (taskSid, output) -> KeyValue.pair(
                                    ((TaskOutput.Tell) output).conversationSid(), ((TaskOutput.Tell) output).event()),
                            Named.as("writeback-conversation-key"))
                    .to(
                            Topics.CONVERSATION_EVENTS.name(),
                            Produced.<String, Event>as("settled-steps-of-tasks")
                                    .withKeySerde(Topics.CONVERSATION_EVENTS.keySerde())
                                    .withValueSerde(Topics.CONVERSATION_EVENTS.valueSerde()));
        }
        outputs.filter((taskSid, output) -> output instanceof TaskOutput.Do, Named.as("writeback-commands"))
                .mapValues(output -> ((TaskOutput.Do) output).command(), Named.as("writeback-command"))
                .to(
                        Topics.TASK_COMMANDS.name(),
                        Produced.<String, Command>as("task-commands")
                                .withKeySerde(Topics.TASK_COMMANDS.keySerde())
                                .withValueSerde(Topics.TASK_COMMANDS.valueSerde()));
        outputs.filter(
                        (taskSid, output) ->
                                output instanceof TaskOutput.Ledger || output instanceof TaskOutput.Forgotten,
                        Named.as("writeback-ledgers"))
                .mapValues(WriteBackTopology::ledger, Named.as("writeback-ledger"))
                .to(
                        Topics.TASK_LEDGER.name(),
                        Produced.<String, @Nullable TaskLedger>as("task-ledger")
                                .withKeySerde(Topics.TASK_LEDGER.keySerde())
                                .withValueSerde(Topics.TASK_LEDGER.valueSerde()));
    }

    private static boolean isMarker(TaskInput input) {
        return input instanceof TaskInput.Happened happened && happened.event().fact() instanceof MarkerFact;
    }

    private static @Nullable TaskLedger ledger(TaskOutput output) {
        return output instanceof TaskOutput.Ledger changed ? changed.ledger() : null;
    }

    private static KeyValue<String, ReservationMetrics> row(String taskSid, TaskOutput output) {
        ReservationMetrics metrics = ((TaskOutput.Row) output).metrics();
        return KeyValue.pair(metrics.reservationSid(), metrics);
    }
}
