package io.flexmetry.processors.writeback;

import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.Outputs;
import io.flexmetry.processors.cases.RoutedInput;
import io.flexmetry.processors.cases.TaskActionRequest;
import io.flexmetry.processors.cases.TaskInput;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.timer.Timers;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.jspecify.annotations.Nullable;

/**
 * Rows and write-back.
 *
 * <pre>
 * events and outcomes of the case's tasks ┐
 * contributions of the case's features ───┼─▶ decide ─┬─▶ rows (key ReservationSid)
 * requests of the case's features ────────┘           ├─▶ commands (key TaskSid)
 *                                                     └─▶ ledger (key TaskSid)
 * </pre>
 */
public final class WriteBackTopology {

    static final Table.Definition<TaskState> TASKS =
            new Table.Definition<>(CaseRouting.CASE_STORE, "tasks", Json.state(TaskState.class));

    /** Not in the state, which changes with every message and is read and written as a whole. */
    static final Table.Definition<TaskLedger> LEDGERS =
            new Table.Definition<>(CaseRouting.CASE_STORE, "ledgers", Json.state(TaskLedger.class));

    static final Table.Definition<String> TIMERS = Timers.table(CaseRouting.CASE_STORE, "task-timers");

    private WriteBackTopology() {}

    /**
     * Adds the feature.
     *
     * @param tasks inputs of the case's tasks, key the case
     * @param contributions numbers of the case's features, key TaskSid
     * @param requests actions that features of the case request, key TaskSid; absent if no feature requests any
     */
    public static void addTo(
            KStream<String, RoutedInput> tasks,
            KStream<String, Contribution> contributions,
            @Nullable KStream<String, TaskActionRequest> requests,
            Configuration configuration) {
        // numbers before the event that led to them: the decision about the event has both
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

        Outputs.to(
                Outputs.only(
                        outputs,
                        TaskOutput.Row.class,
                        output -> output.metrics().reservationSid(),
                        TaskOutput.Row::metrics,
                        "writeback-rows"),
                Topics.RESERVATION_METRICS,
                "reservation-metrics");
        if (requests != null) {
            Outputs.to(
                    Outputs.only(
                            outputs,
                            TaskOutput.Notify.class,
                            TaskOutput.Notify::conversationSid,
                            TaskOutput.Notify::event,
                            "writeback-settled-steps"),
                    Topics.CONVERSATION_EVENTS,
                    "settled-steps-of-tasks");
        }
        Outputs.send(outputs, TaskOutput.Do.class, TaskOutput.Do::command, Topics.TASK_COMMANDS, "writeback-commands");
        Outputs.send(
                outputs, TaskOutput.Ledger.class, TaskOutput.Ledger::ledger, Topics.TASK_LEDGER, "writeback-ledgers");
    }

    private static boolean isMarker(TaskInput input) {
        return input instanceof TaskInput.Happened happened && happened.event().fact() instanceof MarkerFact;
    }
}
