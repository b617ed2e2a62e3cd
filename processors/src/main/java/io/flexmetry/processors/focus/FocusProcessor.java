package io.flexmetry.processors.focus;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.focus.FocusFold.Interval;
import io.flexmetry.processors.focus.FocusReservation.Published;
import io.flexmetry.processors.store.CachedTable;
import io.flexmetry.processors.store.Evictions;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Stores the events of a worker's tabs by the minute, and publishes the values of the worker's reservations: at once when a
 * reservation closes, otherwise once per heartbeat.
 */
final class FocusProcessor implements Processor<String, Event, String, Contribution> {

    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration SWEEP = Duration.ofHours(6);

    /** The beacon sends events of the last 24 hours. */
    private static final Duration KEEP = Duration.ofHours(25);

    /** Debounce, so that a late batch of many events is one correction. */
    private static final Duration CORRECTION = Duration.ofSeconds(2);

    private static final int CACHED_MINUTES = 1_000;

    private static final String PUBLISH = "publish";
    private static final String SWEEPING = "sweep";
    private static final String OFFLINE = "Offline";

    private final FocusRules rules;
    private final Duration heartbeat;
    private final Duration patience;
    private final Duration retention;
    private ProcessorContext<String, Contribution> context;
    private Workers workers;
    private Table<Minute> storedMinutes;
    private CachedTable<Minute> minutes;
    private Timers timers;
    private Evictions evictedWindows;
    private Evictions evictedEvents;

    /** Counts events about a reservation that is not (yet) known as the worker's own. They make no row. */
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
        this.storedMinutes = FocusTopology.MINUTES.in(context);
        this.minutes = new CachedTable<>(storedMinutes, CACHED_MINUTES);
        this.timers = new Timers(FocusTopology.TIMERS.in(context));
        this.evictedWindows = new Evictions(context, FocusTopology.WORKERS.name());
        this.evictedEvents = new Evictions(context, FocusTopology.MINUTES.name());
        timers.fireWhenDue(context, TICK, this::fire);
    }

    @Override
    public void process(Record<String, Event> record) {
        String workerSid = record.key();
        Event event = record.value();
        FocusWorker stored = workers.get(workerSid);
        FocusWorker worker = stored == null ? FocusWorker.NEW : stored;
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        FocusWorker next = worker;
        if (event.fact() instanceof FocusFact fact) {
            process(workerSid, stored, FocusEvent.of(event, fact), now);
        } else if (event.fact() instanceof ReservationFact fact) {
            next = learn(worker, event, fact);
        } else if (event.fact() instanceof WorkerFact fact && OFFLINE.equalsIgnoreCase(fact.activityName())) {
            FocusWorker changed = worker.withLogout(event.occurredAt());
            next = changed.withStale(rules.affected(changed, event.occurredAt()));
        }
        if (!next.equals(worker)) {
            put(workerSid, stored, plan(workerSid, evictedWindows.within(next), now), now);
        }
    }

    private FocusWorker learn(FocusWorker worker, Event event, ReservationFact fact) {
        String sid = fact.reservationSid();
        FocusReservation known = worker.windows().get(sid);
        FocusReservation before =
                known == null ? FocusReservation.of(fact.task().taskSid()) : known;
        FocusReservation window = before.learn(fact.change(), event.occurredAt());
        if (window.equals(known)) {
            return worker;
        }
        FocusWorker next = worker.withWindow(sid, window);
        if (window.window().equals(before.window())) {
            return next;
        }
        next = next.withStale(rules.affected(next, before, window));
        return window.closedAt() != null && FocusRules.isComputable(next, window) ? next.withStale(Set.of(sid)) : next;
    }

    /** A duplicate changes nothing. Values are computed from the stored minutes; if that fails, the event is removed again. */
    private void process(String workerSid, @Nullable FocusWorker stored, FocusEvent event, Instant now) {
        FocusWorker worker = stored == null ? FocusWorker.NEW : stored;
        if (event.reservationSid() != null && !worker.windows().containsKey(event.reservationSid())) {
            notTheirs.record();
        }
        if (event.at().isBefore(worker.keptFrom())) {
            return;
        }
        String key = FocusTopology.minute(workerSid, event.at());
        Minute known = worker.hasMinutes() ? minutes.get(key) : null;
        Minute minute = evictedEvents.within((known == null ? Minute.EMPTY : known).with(event));
        if (minute.equals(known)) {
            return;
        }
        Set<String> affected = rules.affected(worker, event.at());
        if (!worker.hasMinutes()) {
            // before the minute, which only a known worker's sweep deletes
            worker = worker.withMinutes();
            put(workerSid, stored, worker, now);
        }
        minutes.put(key, minute);
        if (worker.stale().containsAll(affected)) {
            return;
        }
        try {
            put(workerSid, worker, plan(workerSid, worker.withStale(affected), now), now);
        } catch (RuntimeException e) {
            if (known == null) {
                minutes.delete(key);
            } else {
                minutes.put(key, known);
            }
            throw e;
        }
    }

    private void put(String workerSid, @Nullable FocusWorker stored, FocusWorker worker, Instant now) {
        if (stored == null) {
            timers.set(now.plus(SWEEP), SWEEPING, workerSid);
        }
        workers.put(workerSid, worker);
    }

    /** Publishes a reservation that has just closed at once, a correction soon, and open reservations once per heartbeat. */
    private FocusWorker plan(String workerSid, FocusWorker worker, Instant now) {
        if (worker.stale().isEmpty()) {
            return worker;
        }
        List<FocusReservation> stale =
                worker.stale().stream().map(sid -> window(worker, sid)).toList();
        if (stale.stream().anyMatch(FocusProcessor::isJustClosed)) {
            return publish(workerSid, worker, now);
        }
        boolean isCorrection = stale.stream().anyMatch(window -> window.closedAt() != null);
        Instant publishAt = now.plus(isCorrection ? CORRECTION : heartbeat);
        if (worker.publishAt() != null && !publishAt.isBefore(worker.publishAt())) {
            return worker;
        }
        timers.set(publishAt, PUBLISH, workerSid);
        return worker.withPublishAt(publishAt);
    }

    private static FocusReservation window(FocusWorker worker, String reservationSid) {
        return Objects.requireNonNull(worker.windows().get(reservationSid));
    }

    private static boolean isJustClosed(FocusReservation window) {
        return window.closedAt() != null
                && (window.published() == null
                        || !Objects.equals(window.published().until(), window.closedAt()));
    }

    private FocusWorker publish(String workerSid, FocusWorker worker, Instant now) {
        List<String> stale = worker.stale().stream()
                .filter(sid -> FocusRules.isComputable(worker, window(worker, sid)))
                .toList();
        if (stale.isEmpty()) {
            return worker.published();
        }
        FocusRules.Span span = stale.stream()
                .map(sid -> rules.span(window(worker, sid)))
                .reduce(FocusRules.Span::with)
                .orElseThrow();
        List<FocusEvent> events = events(workerSid, worker, span.from(), span.to());
        List<Interval> intervals = rules.intervals(worker, events);
        Map<String, FocusReservation> windows = new HashMap<>(worker.windows());
        for (String sid : stale) {
            Contribution contribution = rules.contribution(worker, sid, events, intervals);
            Published published = Published.of(contribution);
            FocusReservation window = window(worker, sid);
            if (!published.equals(window.published())) {
                windows.put(sid, window.withPublished(published));
                context.forward(new Record<>(contribution.taskSid(), contribution, now.toEpochMilli()));
            }
        }
        return worker.withWindows(windows).published();
    }

    private List<FocusEvent> events(String workerSid, FocusWorker worker, Instant from, Instant to) {
        return worker.hasMinutes() ? FocusTopology.events(storedMinutes.view(), workerSid, from, to) : List.of();
    }

    private void fire(Timers.Timer timer, Instant now) {
        FocusWorker worker = workers.get(timer.id());
        if (worker == null) {
            return;
        }
        if (timer.kind().equals(SWEEPING)) {
            // after the sweep the stale reservations may not be computable any more
            sweep(timer.id(), publish(timer.id(), worker, now), now);
        } else if (worker.publishAt() != null && !worker.publishAt().isAfter(now)) {
            workers.put(timer.id(), publish(timer.id(), worker, now));
        }
    }

    /** Deletes what is older than a day. Reservations that are still open carry their focus over. */
    private void sweep(String workerSid, FocusWorker worker, Instant now) {
        Instant keepFrom = now.minus(KEEP);
        Instant needFrom = needFrom(worker, keepFrom, now.minus(retention));
        Map<String, FocusReservation> windows = new HashMap<>();
        List<Interval> intervals =
                rules.intervals(worker, events(workerSid, worker, worker.keptFrom(), keepFrom.plus(patience)));
        worker.windows().forEach((sid, window) -> {
            if (window.closedAt() == null
                    && window.acceptedAt() != null
                    && FocusRules.start(window).isBefore(keepFrom)) {
                windows.put(sid, window.withCarried(FocusRules.sum(window, sid, intervals, keepFrom)));
            } else if (!isOver(window, keepFrom, needFrom)) {
                windows.put(sid, window);
            }
        });
        boolean hasMinutes = worker.hasMinutes() && deleteMinutes(workerSid, keepFrom.minus(FocusRules.LOOK_BACK));
        FocusWorker swept = worker.withWindows(windows).swept(keepFrom, hasMinutes);
        Instant idleSince = swept.isEmpty() ? Objects.requireNonNullElse(swept.idleSince(), now) : null;
        if (idleSince != null && !idleSince.plus(retention).isAfter(now)) {
            workers.put(workerSid, swept);
            workers.delete(workerSid);
            return;
        }
        timers.set(now.plus(SWEEP), SWEEPING, workerSid);
        workers.put(workerSid, swept.withIdleSince(idleSince));
    }

    /** The acceptance of the oldest reservation that may still change: its concurrency needs the reservations beside it. */
    private static Instant needFrom(FocusWorker worker, Instant keepFrom, Instant atMost) {
        return worker.windows().values().stream()
                .filter(window ->
                        window.closedAt() == null || !window.closedAt().isBefore(keepFrom))
                .map(FocusReservation::acceptedAt)
                .filter(Objects::nonNull)
                .map(acceptedAt -> acceptedAt.isBefore(atMost) ? atMost : acceptedAt)
                .reduce(keepFrom, (one, other) -> one.isBefore(other) ? one : other);
    }

    /** Whether no value needs it any more. An offer that was not accepted is over after a day. */
    private static boolean isOver(FocusReservation window, Instant keepFrom, Instant needFrom) {
        Instant closedAt = window.closedAt();
        return closedAt == null
                ? window.acceptedAt() == null && window.latest().isBefore(keepFrom)
                : closedAt.isBefore(needFrom);
    }

    /** Deletes minutes before a time, and returns whether the worker has others. */
    private boolean deleteMinutes(String workerSid, Instant before) {
        List<String> old = new ArrayList<>();
        String first = FocusTopology.minute(workerSid, before);
        boolean areOthers = false;
        try (KeyValueIterator<String, Minute> range = storedMinutes.range(
                FocusTopology.minute(workerSid, Instant.EPOCH), FocusTopology.minute(workerSid, FocusTopology.LAST))) {
            while (range.hasNext() && !areOthers) {
                String key = range.next().key;
                areOthers = key.compareTo(first) > 0;
                if (!areOthers) {
                    old.add(key);
                }
            }
        }
        old.forEach(minutes::delete);
        return areOthers;
    }
}
