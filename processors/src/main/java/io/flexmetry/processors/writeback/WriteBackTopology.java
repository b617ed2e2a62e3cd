package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.RoutedInput;
import io.flexmetry.processors.cases.TaskActionRequest;
import io.flexmetry.processors.cases.TaskInput;
import io.flexmetry.processors.timer.Timers;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
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

    static final String TASKS = "tasks";
    static final String LEDGERS = "task-ledgers";
    static final String TIMERS = "task-timers";

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
                .process(new Supplier(configuration), Named.as("writeback"));

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

    private record Supplier(Configuration configuration)
            implements ProcessorSupplier<String, TaskInput, String, TaskOutput> {

        @Override
        public Processor<String, TaskInput, String, TaskOutput> get() {
            return new WriteBackProcessor(new WriteBackRules(configuration), configuration.retention());
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            // in this order, so that the topology is described the same each time
            return new LinkedHashSet<>(List.of(
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(TASKS), Serdes.String(), Json.serde(TaskState.class)),
                    // beside the state, which changes with every message and is read and written as a whole
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(LEDGERS), Serdes.String(), Json.serde(TaskLedger.class)),
                    Timers.store(TIMERS)));
        }
    }
}
