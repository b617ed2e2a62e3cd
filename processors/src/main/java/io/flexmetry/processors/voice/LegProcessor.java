package io.flexmetry.processors.voice;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.processors.timer.Ticks;
import io.flexmetry.processors.timer.Timers;
import io.flexmetry.processors.voice.LegRules.Decision;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Keeps what is told of the calls of tasks, and tells of legs; key TaskSid. */
final class LegProcessor implements Processor<String, Event, String, Leg> {

    private static final Duration TICK = Duration.ofMinutes(1);
    private static final String FORGET = "forget";
    private static final String FORGET_OPEN = "forget-open";

    /** So much longer a task is kept of which no end is known. */
    private static final int OPEN_FACTOR = 4;

    private final Duration retention;
    private ProcessorContext<String, Leg> context;
    private KeyValueStore<String, TaskCalls> tasks;
    private Timers timers;

    LegProcessor(Duration retention) {
        this.retention = retention;
    }

    @Override
    public void init(ProcessorContext<String, Leg> context) {
        this.context = context;
        this.tasks = context.getStateStore(VoiceTopology.TASKS);
        this.timers = new Timers(context.getStateStore(VoiceTopology.TASK_TIMERS));
        Ticks.every(TICK, context, this::forget);
    }

    @Override
    public void process(Record<String, Event> record) {
        if (!(record.value().fact() instanceof ReservationFact fact)) {
            return;
        }
        TaskCalls known = tasks.get(record.key());
        boolean concernsACall = fact.callSid() != null || Stay.of(fact).voice();
        if (known == null && !concernsACall) {
            return;
        }
        TaskCalls before = known == null ? TaskCalls.NEW : known;
        Decision decision = LegRules.decide(record.key(), before.learn(record.value(), fact));
        if (known == null) {
            Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
            timers.set(now.plus(retention), FORGET, record.key());
        }
        if (!decision.next().equals(known)) {
            tasks.put(record.key(), decision.next());
        }
        decision.news().forEach(leg -> context.forward(record.withValue(leg)));
    }

    private void forget(long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        timers.fire(now, timer -> forget(timer, now));
    }

    private void forget(Timers.Timer timer, Instant now) {
        TaskCalls known = tasks.get(timer.id());
        if (known != null && !known.isOver() && timer.kind().equals(FORGET)) {
            timers.set(now.plus(retention.multipliedBy(OPEN_FACTOR - 1L)), FORGET_OPEN, timer.id());
        } else {
            tasks.delete(timer.id());
        }
    }
}
