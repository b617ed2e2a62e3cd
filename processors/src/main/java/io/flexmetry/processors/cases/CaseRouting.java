package io.flexmetry.processors.cases;

import io.flexmetry.contract.topic.Json;
import io.flexmetry.processors.store.StateFormat;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.store.Tables;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.jspecify.annotations.Nullable;

/**
 * Routes the inputs of a task to its case.
 *
 * <pre>
 * task events, outcomes, corrections (key TaskSid) ──▶ router ──▶ by case
 * </pre>
 */
public final class CaseRouting {

    private static final String NAME = "tasks-by-case";

    /** Suffix of the name of the router's topic. */
    public static final String TOPIC_SUFFIX = "-" + NAME + "-repartition";

    /** State by task, upstream of the cases. */
    public static final String TASK_STORE = "task-state" + StateFormat.SUFFIX;

    /** State by worker. */
    public static final String WORKER_STORE = "worker-state" + StateFormat.SUFFIX;

    /** State by case. */
    public static final String CASE_STORE = "case-state" + StateFormat.SUFFIX;

    static final Table.Definition<TaskRoute> ROUTES =
            new Table.Definition<>(TASK_STORE, "routes", Json.state(TaskRoute.class));
    static final Table.Definition<EarlierInput> EARLIER =
            new Table.Definition<>(TASK_STORE, "earlier", Json.state(EarlierInput.class));
    static final Table.Definition<String> TIMERS = Timers.table(TASK_STORE, "route-timers");

    private CaseRouting() {}

    /**
     * A task that the router knows.
     *
     * @param conversationSid of its conversation; absent until an event names one
     */
    public record Known(@Nullable String conversationSid) {}

    /**
     * The case of a task; absent if the task is unknown or forgotten.
     *
     * @param tables of the task's partition
     */
    public static @Nullable Known find(Tables tables, String taskSid) {
        TaskRoute route = tables.read(ROUTES).get(taskSid);
        return route == null ? null : new Known(route.conversationSid());
    }

    /**
     * Adds the router.
     *
     * @param inputs key TaskSid
     * @return key the case
     */
    public static KStream<String, RoutedInput> addTo(KStream<String, TaskInput> inputs, Duration retention) {
        return Outputs.repartition(
                inputs.process(() -> new RouterProcessor(retention), Named.as("router"), TASK_STORE),
                RoutedInput.class,
                NAME);
    }
}
