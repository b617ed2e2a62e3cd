package io.flexmetry.processors.focus;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.focus.FocusFold.Interval;
import io.flexmetry.processors.store.Evictions;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * Keeps what happened in a worker's tabs by the minute, and tells the numbers of the worker's reservations: at once when
 * one closes, otherwise once in a heartbeat.
 */
final class FocusProcessor implements Processor<String, Event, String, Contribution> {

    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration SWEEP = Duration.ofHours(6);

    /** Beacons tell of the last 24 hours. */
    private static final Duration KEEP = Duration.ofHours(25);

    /** So that a late batch of many events is one correction. */
    private static final Duration CORRECTION = Duration.ofSeconds(2);

    private static final String TELL = "tell";
    private static final String SWEEPING = "sweep";
    private static final String OFFLINE = "Offline";

    private final FocusRules rules;
    private final Duration heartbeat;
    private final Duration patience;
    private final Duration retention;
    private ProcessorContext<String, Contribution> context;
    private Workers workers;
    private Table<Minute> minutes;
    private Timers timers;
    private Evictions evictedWindows;
    private Evictions evictedEvents;

    /** Events that name a reservation which is not (yet) known as the worker's own. They make no row. */
    private Sensor notTheirs;

    FocusProcessor(Configuration configuration) {
        this.rules =
                new FocusRules(configuration.focus(), configuration.metrics().decimals());
        this.heartbeat = configuration.focus().heartbeat();
        this.patience = configuration.focus().patience();
        this.retention = configuration.retention();
    }

    @Override
    public void init(ProcessorContext<String, Contribution> context) {
        this.context = context;
        this.notTheirs = context.metrics()
                .addRateTotalSensor("focus", context.taskId().toString(), "not-their-reservation", RecordingLevel.INFO);
        this.workers = new Workers(FocusTopology.WORKERS.in(context), FocusTopology.WINDOWS.in(context));
        this.minutes = FocusTopology.MINUTES.in(context);
        this.timers = new Timers(FocusTopology.TIMERS.in(context));
        this.evictedWindows = new Evictions(context, FocusTopology.WORKERS.name());
        this.evictedEvents = new Evictions(context, FocusTopology.MINUTES.name());
        timers.wakeUp(context, TICK, this::wake);
    }

    @Override
    public void process(Record<String, Event> record) {
        Event event = record.value();
        Worker known = workers.get(record.key());
        Worker worker = known == null ? Worker.NEW : known;
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        Worker next = worker;
        if (event.fact() instanceof FocusFact fact) {
            event(
                    record.key(),
                    worker,
                    FocusEvent.of(event, fact),
                    heard -> settle(record.key(), worker, heard, known == null, now));
            return;
        }
        if (event.fact() instanceof ReservationFact fact) {
            next = reservation(worker, event, fact);
        } else if (event.fact() instanceof WorkerFact fact && OFFLINE.equalsIgnoreCase(fact.activityName())) {
            Worker changed = worker.withLogout(event.occurredAt());
            next = changed.withStale(rules.touched(changed, event.occurredAt()));
        }
        settle(record.key(), worker, evictedWindows.within(next), known == null, now);
    }

    /**
     * One that is kept already says nothing new. Numbers are computed from the store; if that fails, it is not kept, and may
     * come again.
     */
    private void event(String workerSid, Worker worker, FocusEvent event, Consumer<Worker> settle) {
        if (event.reservationSid() != null && !worker.windows().containsKey(event.reservationSid())) {
            notTheirs.record();
        }
        String key = FocusTopology.minute(workerSid, event.at());
        Minute known = event.at().isBefore(worker.keptFrom()) ? null : minutes.get(key);
        Minute minute = evictedEvents.within((known == null ? Minute.EMPTY : known).with(event));
        if (event.at().isBefore(worker.keptFrom()) || minute.equals(known)) {
            settle.accept(worker);
            return;
        }
        Worker next = worker.withStale(rules.touched(worker, event.at()));
        minutes.put(key, minute);
        sweepOf(workerSid, worker);
        try {
            settle.accept(next);
        } catch (RuntimeException e) {
            minutes.put(key, known);
            throw e;
        }
    }

    /** A worker of whom nothing but minutes is known is known from now on: only who is known is swept. */
    private void sweepOf(String workerSid, Worker worker) {
        if (worker.equals(Worker.NEW) && workers.get(workerSid) == null) {
            timers.set(Instant.ofEpochMilli(context.currentSystemTimeMs()).plus(SWEEP), SWEEPING, workerSid);
            workers.put(workerSid, worker);
        }
    }

    private Worker reservation(Worker worker, Event event, ReservationFact fact) {
        FocusReservation known = worker.windows().get(fact.reservationSid());
        FocusReservation window = (known == null
                        ? FocusReservation.of(fact.task().taskSid())
                        : known)
                .learn(fact.change(), event.occurredAt());
        if (window.equals(known)) {
            return worker;
        }
        Worker changed = worker.withWindow(fact.reservationSid(), window);
        Worker next = changed.withStale(rules.besides(changed, window));
        return window.closedAt() == null || !FocusRules.isComputable(changed, window)
                ? next
                : next.withStale(Set.of(fact.reservationSid()));
    }

    private void settle(String workerSid, Worker before, Worker next, boolean isNew, Instant now) {
        Worker settled = next;
        if (!next.stale().equals(before.stale()) || !next.windows().equals(before.windows())) {
            settled = plan(workerSid, next, now);
        }
        if (!settled.equals(before)) {
            if (isNew && workers.get(workerSid) == null) {
                timers.set(now.plus(SWEEP), SWEEPING, workerSid);
            }
            workers.put(workerSid, settled);
        }
    }

    /** A reservation that has just closed is told at once, a correction soon, and what is open in its rhythm. */
    private Worker plan(String workerSid, Worker worker, Instant now) {
        if (worker.stale().isEmpty()) {
            return worker;
        }
        boolean closing = worker.stale().stream().anyMatch(sid -> isClosing(worker, sid));
        if (closing) {
            return tell(workerSid, worker, now);
        }
        boolean correcting = worker.stale().stream()
                .anyMatch(
                        sid -> Objects.requireNonNull(worker.windows().get(sid)).closedAt() != null);
        Instant tellAt = now.plus(correcting ? CORRECTION : heartbeat);
        if (worker.tellAt() != null && !tellAt.isBefore(worker.tellAt())) {
            return worker;
        }
        timers.set(tellAt, TELL, workerSid);
        return worker.withTellAt(tellAt);
    }

    private static boolean isClosing(Worker worker, String reservationSid) {
        FocusReservation window = Objects.requireNonNull(worker.windows().get(reservationSid));
        return window.closedAt() != null
                && (window.told() == null || !Objects.equals(window.told().until(), window.closedAt()));
    }

    private Worker tell(String workerSid, Worker worker, Instant now) {
        List<String> stale = worker.stale().stream()
                .filter(sid -> FocusRules.isComputable(
                        worker, Objects.requireNonNull(worker.windows().get(sid))))
                .toList();
        if (stale.isEmpty()) {
            return worker.settled();
        }
        List<FocusEvent> events = events(workerSid, worker, stale);
        List<Interval> intervals = rules.intervals(worker, events);
        Map<String, FocusReservation> windows = new TreeMap<>(worker.windows());
        for (String sid : stale) {
            Contribution contribution = rules.contribution(worker, sid, events, intervals);
            FocusReservation window = Objects.requireNonNull(windows.get(sid));
            if (!contribution.equals(window.told())) {
                windows.put(sid, window.withTold(contribution));
                context.forward(new Record<>(contribution.taskSid(), contribution, now.toEpochMilli()));
            }
        }
        return worker.withWindows(windows).settled();
    }

    private List<FocusEvent> events(String workerSid, Worker worker, List<String> reservations) {
        FocusRules.Span span = reservations.stream()
                .map(sid -> rules.span(Objects.requireNonNull(worker.windows().get(sid))))
                .reduce(FocusRules.Span::with)
                .orElseThrow();
        return events(workerSid, span.from(), span.to());
    }

    private List<FocusEvent> events(String workerSid, Instant from, Instant to) {
        return FocusTopology.events(minutes.view(), workerSid, from, to);
    }

    private void wake(long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        timers.fire(now, timer -> wake(timer, now));
    }

    private void wake(Timers.Timer timer, Instant now) {
        Worker worker = workers.get(timer.id());
        if (worker == null) {
            return;
        }
        if (timer.kind().equals(SWEEPING)) {
            // what is not told yet could not be told any more
            sweep(timer.id(), tell(timer.id(), worker, now), now);
        } else if (worker.tellAt() != null && !worker.tellAt().isAfter(now)) {
            workers.put(timer.id(), tell(timer.id(), worker, now));
        }
    }

    /** Forgets what is older than a day; of what is still open, how long it was looked at is carried on. */
    private void sweep(String workerSid, Worker worker, Instant now) {
        Instant keepFrom = now.minus(KEEP);
        Instant needFrom = needFrom(worker, keepFrom, now.minus(retention));
        Map<String, FocusReservation> windows = new TreeMap<>();
        List<Interval> intervals =
                rules.intervals(worker, events(workerSid, worker.keptFrom(), keepFrom.plus(patience)));
        worker.windows().forEach((sid, window) -> {
            if (window.closedAt() == null
                    && window.acceptedAt() != null
                    && FocusRules.start(window).isBefore(keepFrom)) {
                windows.put(sid, window.withCarried(FocusRules.sum(window, sid, intervals, keepFrom)));
            } else if (!isOver(window, keepFrom, needFrom)) {
                windows.put(sid, window);
            }
        });
        forget(workerSid, keepFrom.minus(FocusRules.LOOK_BACK));
        Worker swept = worker.withWindows(windows).keptFrom(keepFrom);
        Instant idleSince =
                swept.isEmpty() && !hasMinutes(workerSid) ? Objects.requireNonNullElse(swept.idleSince(), now) : null;
        if (idleSince != null && !idleSince.plus(retention).isAfter(now)) {
            workers.put(workerSid, swept);
            workers.delete(workerSid);
            return;
        }
        timers.set(now.plus(SWEEP), SWEEPING, workerSid);
        workers.put(workerSid, swept.idleSince(idleSince));
    }

    private boolean hasMinutes(String workerSid) {
        try (KeyValueIterator<String, Minute> range = minutes.range(
                FocusTopology.minute(workerSid, Instant.EPOCH), FocusTopology.minute(workerSid, FocusTopology.LAST))) {
            return range.hasNext();
        }
    }

    /** When the first began that something may still come of: how many others went on beside it is one of its numbers. */
    private static Instant needFrom(Worker worker, Instant keepFrom, Instant atMost) {
        return worker.windows().values().stream()
                .filter(window ->
                        window.closedAt() == null || !window.closedAt().isBefore(keepFrom))
                .map(FocusReservation::acceptedAt)
                .filter(Objects::nonNull)
                .map(acceptedAt -> acceptedAt.isBefore(atMost) ? atMost : acceptedAt)
                .reduce(keepFrom, (one, other) -> one.isBefore(other) ? one : other);
    }

    /** Whether nothing will come of it any more; of an offer that was not accepted that is so after a day. */
    private static boolean isOver(FocusReservation window, Instant keepFrom, Instant needFrom) {
        Instant closedAt = window.closedAt();
        return closedAt == null
                ? window.acceptedAt() == null && window.seenAt().isBefore(keepFrom)
                : closedAt.isBefore(needFrom);
    }

    private void forget(String workerSid, Instant before) {
        List<String> old = new ArrayList<>();
        try (KeyValueIterator<String, Minute> range = minutes.range(
                FocusTopology.minute(workerSid, Instant.EPOCH), FocusTopology.minute(workerSid, before))) {
            range.forEachRemaining(minute -> old.add(minute.key));
        }
        old.forEach(minutes::delete);
    }
}
