package io.flexmetry.processors.cases;

import io.flexmetry.contract.topic.Json;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.store.Tables;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.jspecify.annotations.Nullable;

/**
 * The way of what is told of a task to its case.
 *
 * <pre>
 * task events, outcomes, corrections (key TaskSid) ──▶ router ──▶ by case
 * </pre>
 */
public final class CaseRouting {

    private static final String NAME = "tasks-by-case";

    /** How the name of the router's topic ends. */
    public static final String TOPIC_SUFFIX = "-" + NAME + "-repartition";

    /** State of single tasks, before they come to their case. */
    public static final String TASK_STORE = "task-state";

    /** State of workers. */
    public static final String WORKER_STORE = "worker-state";

    /** State of cases. */
    public static final String CASE_STORE = "case-state";

    static final Table.Definition<TaskRoute> ROUTES =
            new Table.Definition<>(TASK_STORE, "routes", Json.state(TaskRoute.class));
    static final Table.Definition<EarlierInput> EARLIER =
            new Table.Definition<>(TASK_STORE, "earlier", Json.state(EarlierInput.class));
    static final Table.Definition<String> TIMERS = Timers.table(TASK_STORE, "route-timers");

    private CaseRouting() {}

    /**
     * What is known of where a task belongs.
     *
     * @param conversationSid of its conversation; absent while none was named
     */
    public record Known(@Nullable String conversationSid) {}

    /**
     * Where a task belongs; absent if it was never heard of, or was forgotten.
     *
     * @param tables of the task's partition
     */
    public static @Nullable Known find(Tables tables, String taskSid) {
        TaskRoute route = tables.read(ROUTES).get(taskSid);
        return route == null ? null : new Known(route.conversationSid());
    }

    /**
     * Adds it.
     *
     * @param inputs key TaskSid
     * @return key the case
     */
    public static KStream<String, RoutedInput> addTo(KStream<String, TaskInput> inputs, Duration retention) {
        return inputs.process(() -> new RouterProcessor(retention), Named.as("router"), TASK_STORE)
                .repartition(Repartitioned.<String, RoutedInput>as(NAME)
                        .withKeySerde(Serdes.String())
                        .withValueSerde(Json.serde(RoutedInput.class)));
    }
}
