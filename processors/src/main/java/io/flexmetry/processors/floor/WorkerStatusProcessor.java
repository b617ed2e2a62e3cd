package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.floor.WorkerStatusRules.Screen;
import io.flexmetry.processors.store.CachedTable;
import io.flexmetry.processors.store.Evictions;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Tells what workers do whenever that changes; key WorkerSid. */
final class WorkerStatusProcessor implements Processor<String, Event, String, @Nullable WorkerStatus> {

    /** Silence need not be noticed to the second. */
    private static final Duration TICK = Duration.ofSeconds(5);

    private static final String SILENCE = "silence";
    private static final String FORGET = "forget";

    private final WorkerStatusRules rules;
    private final Duration retention;
    private ProcessorContext<String, @Nullable WorkerStatus> context;
    private CachedTable<WorkerKnowledge> workers;
    private CachedTable<Tabs> tabs;
    private Timers timers;
    private Evictions evictedReservations;
    private Evictions evictedTabs;

    WorkerStatusProcessor(Configuration configuration) {
        this.rules = new WorkerStatusRules(configuration.focus().patience());
        this.retention = configuration.retention();
    }

    /** All that is known of a worker. */
    private record Known(WorkerKnowledge worker, Tabs tabs) {}

    @Override
    public void init(ProcessorContext<String, @Nullable WorkerStatus> context) {
        this.context = context;
        this.workers = new CachedTable<>(FloorTopology.WORKERS.in(context));
        this.tabs = new CachedTable<>(FloorTopology.TABS.in(context));
        this.timers = new Timers(FloorTopology.WORKER_TIMERS.in(context));
        this.evictedReservations = new Evictions(context, FloorTopology.WORKERS.name());
        this.evictedTabs = new Evictions(context, FloorTopology.TABS.name());
        timers.wakeUp(context, TICK, this::wake);
    }

    @Override
    public void process(Record<String, Event> record) {
        String workerSid = record.key();
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        WorkerKnowledge stored = workers.get(workerSid);
        Known known = new Known(stored == null ? WorkerKnowledge.NEW : stored, tabs.get(workerSid, Tabs.NONE));
        Known learnt = learn(known, record.value());
        if (stored == null && learnt.equals(known)) {
            return;
        }
        settle(workerSid, stored == null ? null : known, learnt, now, record.timestamp());
    }

    private Known learn(Known known, Event event) {
        if (event.fact() instanceof FocusFact fact) {
            return new Known(known.worker, evictedTabs.within(known.tabs.learn(fact, event.occurredAt())));
        }
        WorkerKnowledge worker = known.worker;
        if (event.fact() instanceof ReservationFact fact) {
            worker = worker.learn(event, fact);
        } else if (event.fact() instanceof WorkerFact fact) {
            worker = worker.learn(event, fact);
        }
        return new Known(evictedReservations.within(worker), known.tabs);
    }

    /** Keeps what is known from now on, and tells what that changes. */
    private void settle(String workerSid, @Nullable Known known, Known learnt, Instant now, long timestamp) {
        Screen screen = rules.screen(learnt.tabs, learnt.worker, now);
        WorkerKnowledge worker = learnt.worker.touched(now);
        Tabs told = learnt.tabs.told(screen.focus(), lookAt(learnt.tabs.lookAt(), screen));
        WorkerStatus status = WorkerStatusRules.status(workerSid, worker, screen.focus());
        WorkerStatus before =
                known == null ? null : WorkerStatusRules.status(workerSid, known.worker, known.tabs.told());
        if (known == null) {
            timers.set(now.plus(retention), FORGET, workerSid);
        }
        if (told.lookAt() != null && !told.lookAt().equals(learnt.tabs.lookAt())) {
            timers.set(told.lookAt(), SILENCE, workerSid);
        }
        if (known == null || !worker.equals(known.worker)) {
            workers.put(workerSid, worker);
        }
        if (!told.equals(known == null ? Tabs.NONE : known.tabs)) {
            tabs.put(workerSid, told);
        }
        if (!Objects.equals(status, before)) {
            context.forward(new Record<>(workerSid, status, timestamp));
        }
    }

    /** A heartbeat moves no timer: whoever is woken looks again. */
    private static @Nullable Instant lookAt(@Nullable Instant planned, Screen screen) {
        if (screen.focus() == null) {
            return planned;
        }
        return planned == null || screen.until().isBefore(planned) ? screen.until() : planned;
    }

    private void wake(long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        timers.fire(now, timer -> wake(timer, now));
    }

    private void wake(Timers.Timer timer, Instant now) {
        WorkerKnowledge worker = workers.get(timer.id());
        if (worker == null) {
            return;
        }
        Known known = new Known(worker, tabs.get(timer.id(), Tabs.NONE));
        if (timer.kind().equals(FORGET)) {
            forget(timer.id(), known, now);
        } else if (known.tabs.lookAt() != null && !known.tabs.lookAt().isAfter(now)) {
            look(timer.id(), known, now);
        }
    }

    /** Nobody is touched by being looked at. */
    private void look(String workerSid, Known known, Instant now) {
        Screen screen = rules.screen(known.tabs, known.worker, now);
        Tabs next = known.tabs.told(screen.focus(), screen.focus() == null ? null : screen.until());
        if (next.lookAt() != null) {
            timers.set(next.lookAt(), SILENCE, workerSid);
        }
        tabs.put(workerSid, next);
        WorkerStatus status = WorkerStatusRules.status(workerSid, known.worker, screen.focus());
        if (!Objects.equals(status, WorkerStatusRules.status(workerSid, known.worker, known.tabs.told()))) {
            context.forward(new Record<>(workerSid, status, now.toEpochMilli()));
        }
    }

    private void forget(String workerSid, Known known, Instant now) {
        Instant due = known.worker.touchedAt().plus(retention);
        if (due.isAfter(now)) {
            timers.set(due, FORGET, workerSid);
            return;
        }
        workers.delete(workerSid);
        tabs.delete(workerSid);
        if (!known.worker.deleted()) {
            context.forward(new Record<>(workerSid, null, now.toEpochMilli()));
        }
    }
}
