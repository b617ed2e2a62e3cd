package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.StepFact;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.TopicSettings;
import io.flexmetry.processors.conversation.ConversationSnapshot;
import io.flexmetry.processors.inactivity.Barrier.Marker;
import io.flexmetry.processors.inactivity.InactivityOutput.DirectMarker;
import io.flexmetry.processors.inactivity.InactivityOutput.TaskMarker;
import io.flexmetry.processors.inactivity.InactivityRules.Decision;
import io.flexmetry.processors.store.CachedTable;
import io.flexmetry.processors.store.Evictions;
import io.flexmetry.processors.timer.Expiry;
import io.flexmetry.processors.timer.Ticks;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Keeps states and timers; {@link InactivityRules} decides. A conversation has one timer, which is never cancelled: when it fires,
 * the rules decide again from the current state. Messages are cheap here: they rarely touch the timer.
 *
 * <p>Before a step is taken, a {@link Barrier} makes sure that all earlier events have been read.
 */
final class InactivityProcessor implements Processor<String, Event, String, InactivityOutput> {

    /** More often than other timers, because customers and agents wait for these. */
    private static final Duration TICK = Duration.ofMillis(100);

    /** Larger than for other timers, for the same reason. */
    private static final Duration BUDGET = Duration.ofMillis(150);

    /** An older event waited in a backlog, or is read again. */
    private static final Duration BEHIND = Duration.ofMinutes(1);

    /** Kind of the timers by which the rules decide again; it is stored in their keys. */
    private static final String DECIDE = "look";

    private final InactivityRules rules;
    private final Configuration configuration;
    private final BiFunction<TaskId, String, ConversationSnapshot> snapshots;
    private final @Nullable InstantSource clock;
    private ProcessorContext<String, InactivityOutput> context;
    private CachedTable<InactivityState> states;
    private Timers timers;
    private Expiry expiry;
    private Barrier barrier;
    private Evictions evictions;

    /**
     * A processor.
     *
     * @param snapshots of the conversations of a Kafka Streams task, by ConversationSid
     * @param clock measures silences; absent for Kafka Streams' own
     */
    InactivityProcessor(
            Configuration configuration,
            BiFunction<TaskId, String, ConversationSnapshot> snapshots,
            @Nullable InstantSource clock) {
        this.configuration = configuration;
        this.rules = new InactivityRules(configuration);
        this.snapshots = snapshots;
        this.clock = clock;
    }

    @Override
    public void init(ProcessorContext<String, InactivityOutput> context) {
        this.context = context;
        this.states = new CachedTable<>(InactivityTopology.STATES.in(context));
        this.timers = new Timers(InactivityTopology.TIMERS.in(context), BUDGET, System::nanoTime);
        this.expiry = new Expiry(timers, configuration.retention());
        int partition = context.taskId().partition();
        int partitions = (int)
                context.appConfigs().getOrDefault(InactivityTopology.PARTITIONS, TopicSettings.DEFAULT_PARTITIONS);
        this.barrier = new Barrier(partition + "/" + context.currentSystemTimeMs(), partition, partitions);
        this.evictions = new Evictions(context, InactivityTopology.STATES.name());
        if (clock == null) {
            timers.wakeUp(context, TICK, millis -> wake());
        } else {
            // another clock may run at any speed
            Ticks.every(TICK, context, millis -> wake());
        }
    }

    @Override
    public void process(Record<String, Event> record) {
        String sid = record.key();
        Event event = record.value();
        if (event.fact() instanceof MarkerFact marker) {
            if (barrier.arrived(marker)) {
                fire();
            }
            return;
        }
        InactivityState known = states.get(sid, InactivityState.NEW);
        Instant now = now();
        InactivityState learnt = known.learn(event);
        if (!learnt.equals(InactivityState.NEW)) {
            learnt = learnt.touched(now);
            if (known.equals(InactivityState.NEW)) {
                expiry.begin(sid, now);
            }
        }
        StepFact step = event.fact() instanceof StepFact fact ? fact : null;
        boolean awaited = step != null && InactivityRules.isAwaited(learnt, step);
        boolean behind = record.timestamp() < context.currentSystemTimeMs() - BEHIND.toMillis();
        Decision applied =
                step == null || awaited ? new Decision(learnt, List.of()) : rules.applyEffects(sid, learnt, step, now);
        InactivityState state = applied.next();
        if (state.tasks().isEmpty()) {
            // nothing to decide until a task is known; what was learnt counts then
            put(sid, known, applied);
        } else if (behind && !awaited) {
            // later events in the backlog may change the decision, so it waits until all have been read
            boolean matters = !state.equals(known) || mayMatter(state, event);
            InactivityState next = matters ? InactivityRules.decideLater(state, now) : state;
            put(sid, known, new Decision(next, applied.outputs()));
        } else if (step != null) {
            put(sid, known, rules.settle(sid, learnt, snapshot(sid), step, now));
        } else if (!state.equals(known) || mayMatter(state, event)) {
            put(sid, known, rules.plan(sid, state, snapshot(sid), now, InactivityRules.NEVER));
        }
    }

    private ConversationSnapshot snapshot(String sid) {
        return snapshots.apply(context.taskId(), sid);
    }

    /**
     * Whether a message may need an earlier timer. Mostly it does not: a silence that starts now leads to a step after the
     * policy's shortest time, and the timer fires before.
     */
    private boolean mayMatter(InactivityState state, Event event) {
        if (!(event.fact() instanceof MessageFact message)) {
            return false;
        }
        Instant wakeAt = state.wakeAt();
        return !state.effects().parked().isEmpty()
                || rules.shortest(state)
                        .filter(shortest -> wakeAt == null
                                || message.createdAt().plus(shortest).isBefore(wakeAt))
                        .isPresent();
    }

    private void put(String sid, InactivityState before, Decision decision) {
        InactivityState next = evictions.within(decision.next());
        if (next.wakeAt() != null && !next.wakeAt().equals(before.wakeAt())) {
            timers.set(next.wakeAt(), DECIDE, sid);
        }
        if (!next.equals(before)) {
            states.put(sid, next);
        }
        decision.outputs().forEach(output -> forward(sid, output));
    }

    private void forward(String key, InactivityOutput output) {
        context.forward(new Record<>(key, output, context.currentSystemTimeMs()));
    }

    private void wake() {
        fire();
        Instant now = now();
        if (timers.isDue(now)) {
            List<Barrier.Marker> markers = barrier.begin(now, Instant.ofEpochMilli(context.currentSystemTimeMs()));
            markers.forEach(this::forward);
            if (!markers.isEmpty()) {
                // steps wait for their return
                context.commit();
            }
        }
    }

    private void forward(Marker marker) {
        forward(marker.key(), marker.direct() ? new DirectMarker(marker.event()) : new TaskMarker(marker.event()));
    }

    /** Fires timers up to the time until which all events have been read. */
    private void fire() {
        Instant until = barrier.clearedUntil();
        timers.fire(until, timer -> fire(timer, until));
    }

    private void fire(Timers.Timer timer, Instant until) {
        InactivityState state = states.get(timer.id(), InactivityState.NEW);
        if (state.equals(InactivityState.NEW)) {
            return;
        }
        if (timer.kind().equals(Expiry.TIMER)) {
            forget(timer.id(), state);
        } else if (state.wakeAt() != null && !state.wakeAt().isAfter(until)) {
            Decision decision = rules.plan(timer.id(), state.wakeAt(null), snapshot(timer.id()), now(), until);
            put(timer.id(), state, decision);
            if (!decision.outputs().isEmpty()) {
                context.commit();
            }
        }
    }

    /** Deletes the state after the retention, unless events came meanwhile, tasks are open, or a timer is set. */
    private void forget(String sid, InactivityState state) {
        Instant now = now();
        if (expiry.keeps(sid, state.touchedAt(), !state.isOver(), now)) {
            return;
        }
        if (!state.isOver() && state.wakeAt() != null) {
            expiry.begin(sid, now);
        } else {
            states.delete(sid);
        }
    }

    private Instant now() {
        return clock == null ? Instant.ofEpochMilli(context.currentSystemTimeMs()) : clock.instant();
    }
}
