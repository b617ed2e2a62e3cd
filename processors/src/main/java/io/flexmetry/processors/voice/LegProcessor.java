package io.flexmetry.processors.voice;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.processors.store.CachedTable;
import io.flexmetry.processors.store.Evictions;
import io.flexmetry.processors.timer.Timers;
import io.flexmetry.processors.voice.LegRules.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Keeps the calls of tasks and forwards legs; key TaskSid. */
final class LegProcessor implements Processor<String, Event, String, Leg> {

    private static final Duration TICK = Duration.ofMinutes(1);
    private static final String FORGET = "forget";

    /** Tasks with reservations that have not ended are kept longer, by this factor. */
    private static final int OPEN_FACTOR = 4;

    private final Duration retention;
    private ProcessorContext<String, Leg> context;
    private CachedTable<TaskCalls> tasks;
    private Timers timers;
    private Evictions evictions;

    LegProcessor(Duration retention) {
        this.retention = retention;
    }

    @Override
    public void init(ProcessorContext<String, Leg> context) {
        this.context = context;
        this.tasks = new CachedTable<>(VoiceTopology.TASKS.in(context));
        this.timers = new Timers(VoiceTopology.TASK_TIMERS.in(context));
        this.evictions = new Evictions(context, VoiceTopology.TASKS.name());
        timers.wakeUp(context, TICK, this::forget);
    }

    @Override
    public void process(Record<String, Event> record) {
        if (!(record.value().fact() instanceof ReservationFact fact)) {
            return;
        }
        String taskSid = record.key();
        TaskCalls known = tasks.get(taskSid);
        boolean concernsACall =
                fact.callSid() != null || VoiceReservation.of(fact).voice();
        if (known == null && !concernsACall) {
            return;
        }
        TaskCalls before = known == null ? TaskCalls.NEW : known;
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        Decision decision =
                LegRules.decide(taskSid, before.learn(record.value(), fact).touched(now));
        TaskCalls next = evictions.within(decision.next());
        if (known == null) {
            timers.set(now.plus(retention), FORGET, taskSid);
        }
        if (!next.equals(known)) {
            tasks.put(taskSid, next);
        }
        // our clock: when old events are replayed, the call's own events are then read before its leg
        decision.legs().forEach(leg -> context.forward(record.withValue(leg).withTimestamp(now.toEpochMilli())));
    }

    private void forget(long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        timers.fire(now, timer -> forget(timer, now));
    }

    private void forget(Timers.Timer timer, Instant now) {
        TaskCalls known = tasks.get(timer.id());
        if (known == null) {
            return;
        }
        Instant touchedAt = Objects.requireNonNullElse(known.touchedAt(), Instant.EPOCH);
        Instant due = touchedAt.plus(known.isOver() ? retention : retention.multipliedBy(OPEN_FACTOR));
        if (due.isAfter(now)) {
            timers.set(due, FORGET, timer.id());
        } else {
            tasks.delete(timer.id());
        }
    }
}
