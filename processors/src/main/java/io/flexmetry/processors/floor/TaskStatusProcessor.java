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

/** Publishes the status of a task whenever it changes; key TaskSid. */
final class TaskStatusProcessor implements Processor<String, Event, String, @Nullable TaskStatus> {

    private static final Duration TICK = Duration.ofMinutes(1);

    /** Longest time between two checks of a task. Its only timer fires early enough that the end of the task needs no other one. */
    private static final Duration CHECK_EVERY = TaskStatusRules.AFTER_END;

    private static final String FORGET = "forget";

    private final Duration retention;
    private ProcessorContext<String, @Nullable TaskStatus> context;
    private CachedTable<TaskStatusState> tasks;
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
        timers.fireWhenDue(context, TICK, (timer, now) -> forget(timer.id(), now));
    }

    @Override
    public void process(Record<String, Event> record) {
        TaskStatusState stored = tasks.get(record.key());
        TaskStatusState before = stored == null ? TaskStatusState.NEW : stored;
        TaskStatusState learnt = evictions.within(learn(before, record.value()));
        if (learnt.equals(before)) {
            return;
        }
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        TaskStatusState next = learnt.updatedAt(now);
        TaskStatus status = TaskStatusRules.status(record.key(), next);
        boolean isChanged = stored == null || !status.equals(TaskStatusRules.status(record.key(), stored));
        if (stored == null) {
            timers.set(nextCheck(next, now), FORGET, record.key());
        }
        tasks.put(record.key(), next);
        if (isChanged) {
            context.forward(record.withValue(status));
        }
    }

    private static TaskStatusState learn(TaskStatusState task, Event event) {
        if (event.fact() instanceof TaskFact fact) {
            return task.learn(event, fact);
        }
        return event.fact() instanceof ReservationFact fact ? task.learn(event, fact) : task;
    }

    private Instant nextCheck(TaskStatusState task, Instant now) {
        Instant due = TaskStatusRules.keptUntil(task, retention);
        Instant check = now.plus(CHECK_EVERY);
        return due.isBefore(check) ? due : check;
    }

    private void forget(String taskSid, Instant now) {
        TaskStatusState task = tasks.get(taskSid);
        if (task == null) {
            return;
        }
        if (TaskStatusRules.keptUntil(task, retention).isAfter(now)) {
            timers.set(nextCheck(task, now), FORGET, taskSid);
            return;
        }
        tasks.delete(taskSid);
        context.forward(new Record<>(taskSid, null, now.toEpochMilli()));
    }
}
