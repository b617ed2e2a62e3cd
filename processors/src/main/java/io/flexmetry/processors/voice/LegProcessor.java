package io.flexmetry.processors.voice;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.processors.store.CachedTable;
import io.flexmetry.processors.store.Evictions;
import io.flexmetry.processors.timer.Expiry;
import io.flexmetry.processors.timer.Timers;
import io.flexmetry.processors.voice.LegRules.Decision;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Keeps the calls of tasks and forwards legs; key TaskSid. */
final class LegProcessor implements Processor<String, Event, String, Leg> {

    private static final Duration TICK = Duration.ofMinutes(1);

    private final Duration retention;
    private ProcessorContext<String, Leg> context;
    private CachedTable<TaskCalls> tasks;
    private Expiry expiry;
    private Evictions evictions;

    LegProcessor(Duration retention) {
        this.retention = retention;
    }

    @Override
    public void init(ProcessorContext<String, Leg> context) {
        this.context = context;
        this.tasks = new CachedTable<>(VoiceTopology.TASKS.in(context));
        Timers timers = new Timers(VoiceTopology.TASK_TIMERS.in(context));
        this.expiry = new Expiry(timers, retention);
        this.evictions = new Evictions(context, VoiceTopology.TASKS.name());
        timers.fireWhenDue(context, TICK, (timer, now) -> forget(timer.id(), now));
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
            expiry.begin(taskSid, now);
        }
        if (!next.equals(known)) {
            tasks.put(taskSid, next);
        }
        // our clock: when old events are replayed, the call's own events are then read before its leg
        decision.legs().forEach(leg -> context.forward(record.withValue(leg).withTimestamp(now.toEpochMilli())));
    }

    private void forget(String taskSid, Instant now) {
        TaskCalls known = tasks.get(taskSid);
        if (known != null && !expiry.keeps(taskSid, known.touchedAt(), !known.isOver(), now)) {
            tasks.delete(taskSid);
        }
    }
}
