package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.processors.store.CachedTable;
import io.flexmetry.processors.store.Evictions;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Tells where tasks are whenever that changes; key TaskSid. */
final class TaskStatusProcessor implements Processor<String, Event, String, @Nullable TaskStatus> {

    private static final Duration TICK = Duration.ofMinutes(1);

    /** One timer for each task. It looks so often at least, so that an end, which comes sooner or later, needs none of its own. */
    private static final Duration LOOK = TaskStatusRules.AFTER_END;

    private static final String FORGET = "forget";

    private final Duration retention;
    private ProcessorContext<String, @Nullable TaskStatus> context;
    private CachedTable<TaskKnowledge> tasks;
    private Timers timers;
    private Evictions evictions;

    TaskStatusProcessor(Duration retention) {
        this.retention = retention;
    }

    @Override
    public void init(ProcessorContext<String, @Nullable TaskStatus> context) {
        this.context = context;
        this.tasks = new CachedTable<>(FloorTopology.TASKS.in(context));
        this.timers = new Timers(FloorTopology.TASK_TIMERS.in(context));
        this.evictions = new Evictions(context, FloorTopology.TASKS.name());
        timers.wakeUp(context, TICK, this::forget);
    }

    @Override
    public void process(Record<String, Event> record) {
        TaskKnowledge known = tasks.get(record.key());
        TaskKnowledge before = known == null ? TaskKnowledge.NEW : known;
        TaskKnowledge learnt = evictions.within(learn(before, record.value()));
        if (learnt.equals(before)) {
            return;
        }
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        TaskKnowledge next = learnt.touched(now);
        TaskStatus status = TaskStatusRules.status(record.key(), next);
        if (known == null) {
            timers.set(nextLook(next, now), FORGET, record.key());
        }
        tasks.put(record.key(), next);
        if (known == null || !status.equals(TaskStatusRules.status(record.key(), known))) {
            context.forward(record.withValue(status));
        }
    }

    private static TaskKnowledge learn(TaskKnowledge known, Event event) {
        if (event.fact() instanceof TaskFact fact) {
            return known.learn(event, fact);
        }
        return event.fact() instanceof ReservationFact fact ? known.learn(event, fact) : known;
    }

    private Instant nextLook(TaskKnowledge task, Instant now) {
        Instant due = TaskStatusRules.keptUntil(task, retention);
        Instant look = now.plus(LOOK);
        return due.isBefore(look) ? due : look;
    }

    private void forget(long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        timers.fire(now, timer -> forget(timer.id(), now));
    }

    private void forget(String taskSid, Instant now) {
        TaskKnowledge task = tasks.get(taskSid);
        if (task == null) {
            return;
        }
        if (TaskStatusRules.keptUntil(task, retention).isAfter(now)) {
            timers.set(nextLook(task, now), FORGET, taskSid);
            return;
        }
        tasks.delete(taskSid);
        context.forward(new Record<>(taskSid, null, now.toEpochMilli()));
    }
}
