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
import io.flexmetry.processors.timer.Expiry;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Publishes the status of a worker whenever it changes; key WorkerSid. */
final class WorkerStatusProcessor implements Processor<String, Event, String, @Nullable WorkerStatus> {

    /** The end of a focus without events need not be exact to the second. */
    private static final Duration TICK = Duration.ofSeconds(5);

    private static final String SILENCE = "silence";

    private final WorkerStatusRules rules;
    private final Duration retention;
    private ProcessorContext<String, @Nullable WorkerStatus> context;
    private Workers workers;
    private CachedTable<Tabs> tabs;
    private Timers timers;
    private Expiry expiry;
    private Evictions evictedReservations;
    private Evictions evictedTabs;

    WorkerStatusProcessor(Configuration configuration) {
        this.rules = new WorkerStatusRules(configuration.focus().patience());
        this.retention = configuration.retention();
    }

    private record State(WorkerStatusState worker, Tabs tabs) {

        private static final State NEW = new State(WorkerStatusState.NEW, Tabs.NONE);
    }

    @Override
    public void init(ProcessorContext<String, @Nullable WorkerStatus> context) {
        this.context = context;
        this.workers = new Workers(FloorTopology.WORKERS.in(context), FloorTopology.WORKER_RESERVATIONS.in(context));
        this.tabs = new CachedTable<>(FloorTopology.TABS.in(context));
        this.timers = new Timers(FloorTopology.WORKER_TIMERS.in(context));
        this.evictedReservations = new Evictions(context, FloorTopology.WORKERS.name());
        this.evictedTabs = new Evictions(context, FloorTopology.TABS.name());
        this.expiry = new Expiry(timers, retention);
        timers.fireWhenDue(context, TICK, this::fire);
    }

    @Override
    public void process(Record<String, Event> record) {
        String workerSid = record.key();
        State stored = stored(workerSid);
        State before = stored == null ? State.NEW : stored;
        State learnt = learn(before, record.value());
        if (stored != null || !learnt.equals(before)) {
            Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
            update(workerSid, stored, learnt, now, record.timestamp());
        }
    }

    private @Nullable State stored(String workerSid) {
        WorkerStatusState worker = workers.get(workerSid);
        return worker == null ? null : new State(worker, tabs.get(workerSid, Tabs.NONE));
    }

    private State learn(State state, Event event) {
        WorkerStatusState worker = state.worker;
        if (event.fact() instanceof FocusFact fact) {
            Tabs learnt = evictedTabs.within(state.tabs.learn(fact, event.occurredAt()));
            return new State(worker, learnt);
        }
        if (event.fact() instanceof ReservationFact fact) {
            worker = worker.learn(event, fact);
        } else if (event.fact() instanceof WorkerFact fact) {
            worker = worker.learn(event, fact);
        }
        return new State(evictedReservations.within(worker), state.tabs);
    }

    private void update(String workerSid, @Nullable State stored, State learnt, Instant now, long timestamp) {
        Screen screen = rules.screen(learnt.tabs, learnt.worker, now);
        WorkerStatusState worker = learnt.worker.updatedAt(now);
        Tabs published = learnt.tabs.published(screen.focus(), checkAt(learnt.tabs.checkAt(), screen));
        WorkerStatus status = WorkerStatusRules.status(workerSid, worker, screen.focus());
        WorkerStatus before = stored == null ? null : status(workerSid, stored);
        if (stored == null) {
            expiry.begin(workerSid, now);
        }
        if (published.checkAt() != null && !published.checkAt().equals(learnt.tabs.checkAt())) {
            timers.set(published.checkAt(), SILENCE, workerSid);
        }
        if (stored == null || !worker.equals(stored.worker)) {
            workers.put(workerSid, worker);
        }
        if (!published.equals(stored == null ? Tabs.NONE : stored.tabs)) {
            tabs.put(workerSid, published);
        }
        if (!Objects.equals(status, before)) {
            context.forward(new Record<>(workerSid, status, timestamp));
        }
    }

    private static @Nullable WorkerStatus status(String workerSid, State state) {
        return WorkerStatusRules.status(workerSid, state.worker, state.tabs.published());
    }

    /** A heartbeat does not postpone the timer: when it fires, the rules decide again. */
    private static @Nullable Instant checkAt(@Nullable Instant planned, Screen screen) {
        if (screen.focus() == null) {
            return planned;
        }
        return planned == null || screen.until().isBefore(planned) ? screen.until() : planned;
    }

    private void fire(Timers.Timer timer, Instant now) {
        State state = stored(timer.id());
        if (state == null) {
            return;
        }
        if (timer.kind().equals(Expiry.TIMER)) {
            forget(timer.id(), state.worker, now);
        } else if (state.tabs.checkAt() != null && !state.tabs.checkAt().isAfter(now)) {
            check(timer.id(), state, now);
        }
    }

    /** Not an event: {@link WorkerStatusState#updatedAt()} stays. */
    private void check(String workerSid, State state, Instant now) {
        Screen screen = rules.screen(state.tabs, state.worker, now);
        Tabs next = state.tabs.published(screen.focus(), screen.focus() == null ? null : screen.until());
        WorkerStatus status = WorkerStatusRules.status(workerSid, state.worker, screen.focus());
        WorkerStatus before = status(workerSid, state);
        if (next.checkAt() != null) {
            timers.set(next.checkAt(), SILENCE, workerSid);
        }
        tabs.put(workerSid, next);
        if (!Objects.equals(status, before)) {
            context.forward(new Record<>(workerSid, status, now.toEpochMilli()));
        }
    }

    private void forget(String workerSid, WorkerStatusState worker, Instant now) {
        if (expiry.keeps(workerSid, worker.updatedAt(), false, now)) {
            return;
        }
        workers.delete(workerSid);
        tabs.delete(workerSid);
        if (!worker.deleted()) {
            context.forward(new Record<>(workerSid, null, now.toEpochMilli()));
        }
    }
}
