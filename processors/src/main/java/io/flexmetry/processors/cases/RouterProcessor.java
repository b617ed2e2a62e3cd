package io.flexmetry.processors.cases;

import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.processors.store.CachedTable;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.timer.Expiry;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * Routes the inputs of a task to its case, and routes the earlier inputs again when the conversation becomes known. Key: TaskSid.
 */
final class RouterProcessor implements Processor<String, TaskInput, String, RoutedInput> {

    private static final Duration TICK = Duration.ofMinutes(1);
    private static final String SLASH = "/";

    /** Sorts after all keys of a task. */
    private static final String AFTER_SLASH = "0";

    /** Of fixed width, so that a scan returns inputs in the order of arrival. */
    private static final String NUMBER = "%06d";

    private final Duration retention;
    private ProcessorContext<String, RoutedInput> context;
    private CachedTable<TaskRoute> routes;
    private Table<EarlierInput> earlier;
    private Expiry expiry;

    RouterProcessor(Duration retention) {
        this.retention = retention;
    }

    @Override
    public void init(ProcessorContext<String, RoutedInput> context) {
        this.context = context;
        this.routes = new CachedTable<>(CaseRouting.ROUTES.in(context));
        this.earlier = CaseRouting.EARLIER.in(context);
        Timers timers = new Timers(CaseRouting.TIMERS.in(context));
        this.expiry = new Expiry(timers, retention);
        timers.fireWhenDue(context, TICK, (timer, now) -> forget(timer.id(), now));
    }

    @Override
    public void process(Record<String, TaskInput> record) {
        String taskSid = record.key();
        TaskInput input = record.value();
        if (input instanceof TaskInput.Happened happened && happened.event().fact() instanceof MarkerFact marker) {
            forward(marker.key(), taskSid, input, record.timestamp());
            PromptCommit.ask(context, record.timestamp());
            return;
        }
        TaskRoute known = routes.get(taskSid, TaskRoute.NEW);
        TaskRoute next = learn(known, input, Instant.ofEpochMilli(context.currentSystemTimeMs()));
        if (next.conversationSid() != null && next.hasEarlier()) {
            routeEarlier(taskSid, next);
            next = next.withEarlier(0);
        } else if (next.conversationSid() == null) {
            next = keep(taskSid, next, new EarlierInput(record.timestamp(), input));
        }
        if (known.touchedAt().equals(Instant.EPOCH)) {
            expiry.begin(taskSid, next.touchedAt());
        }
        if (!next.equals(known)) {
            routes.put(taskSid, next);
        }
        forward(next.caseOf(taskSid), taskSid, about(next, input), record.timestamp());
        if (isWrapUp(input)) {
            PromptCommit.ask(context, record.timestamp());
        }
    }

    /** After a wrap-up latency counts: the task may be completed at any time, and later numbers are in no report. */
    private static boolean isWrapUp(TaskInput input) {
        return input instanceof TaskInput.Happened happened
                && happened.event().fact() instanceof ReservationFact reservation
                && reservation.change() == ReservationFact.Change.WRAPUP;
    }

    private static TaskRoute learn(TaskRoute known, TaskInput input, Instant now) {
        return input instanceof TaskInput.Happened happened
                ? known.about(Subject.named(happened.event())).touched(Subject.ends(happened.event()), now)
                : known.touched(false, now);
    }

    /** All facts of a task name its conversation and no other. */
    private static TaskInput about(TaskRoute route, TaskInput input) {
        return input instanceof TaskInput.Happened happened
                ? new TaskInput.Happened(Subject.naming(happened.event(), route.conversationSid()))
                : input;
    }

    private TaskRoute keep(String taskSid, TaskRoute route, EarlierInput kept) {
        // only the newest numbers of a feature are needed
        String key = taskSid
                + SLASH
                + (kept.input() instanceof TaskInput.Measured measured
                        ? measured.contribution().reservationSid()
                                + SLASH
                                + measured.contribution().feature()
                        : NUMBER.formatted(route.earlier()));
        boolean isNew = earlier.get(key) == null;
        if (isNew && !route.keeps(kept.input())) {
            return route;
        }
        earlier.put(key, kept);
        return isNew ? route.withEarlier(route.earlier() + 1) : route;
    }

    private void routeEarlier(String taskSid, TaskRoute route) {
        forward(taskSid, taskSid, new TaskInput.Moved(), context.currentSystemTimeMs());
        earlierOf(taskSid).forEach(entry -> {
            forward(route.caseOf(taskSid), taskSid, about(route, entry.value.input()), entry.value.at());
            earlier.delete(entry.key);
        });
    }

    private List<KeyValue<String, EarlierInput>> earlierOf(String taskSid) {
        List<KeyValue<String, EarlierInput>> found = new ArrayList<>();
        try (KeyValueIterator<String, EarlierInput> stored = earlier.range(taskSid + SLASH, taskSid + AFTER_SLASH)) {
            stored.forEachRemaining(found::add);
        }
        return found;
    }

    private void forward(String caseSid, String taskSid, TaskInput input, long at) {
        context.forward(new Record<>(caseSid, new RoutedInput(taskSid, input), at));
    }

    private void forget(String taskSid, Instant now) {
        TaskRoute route = routes.get(taskSid);
        if (route != null && !expiry.keeps(taskSid, route.touchedAt(), !route.ended(), now)) {
            earlierOf(taskSid).forEach(entry -> earlier.delete(entry.key));
            routes.delete(taskSid);
        }
    }
}
