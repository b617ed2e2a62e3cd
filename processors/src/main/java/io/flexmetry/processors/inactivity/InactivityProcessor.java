package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.StepFact;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.TopicSettings;
import io.flexmetry.processors.conversation.ConversationSnapshot;
import io.flexmetry.processors.conversation.ConversationTopology;
import io.flexmetry.processors.inactivity.InactivityRules.Decision;
import io.flexmetry.processors.store.CachedTable;
import io.flexmetry.processors.store.Evictions;
import io.flexmetry.processors.timer.Ticks;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
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

    private static final String LOOK = "look";
    private static final String FORGET = "forget";

    /** Conversations with tasks that have not ended are kept longer, by this factor. */
    private static final int OPEN_FACTOR = 4;

    private final InactivityRules rules;
    private final Configuration configuration;
    private final @Nullable InstantSource clock;
    private ProcessorContext<String, InactivityOutput> context;
    private CachedTable<InactivityState> states;
    private Function<String, ConversationSnapshot> snapshots;
    private Timers timers;
    private Barrier barrier;
    private Evictions evictions;

    /**
     * A processor.
     *
     * @param clock measures silences; absent for Kafka Streams' own
     */
    InactivityProcessor(Configuration configuration, @Nullable InstantSource clock) {
        this.configuration = configuration;
        this.rules = new InactivityRules(configuration);
        this.clock = clock;
    }

    @Override
    public void init(ProcessorContext<String, InactivityOutput> context) {
        this.context = context;
        this.states = new CachedTable<>(InactivityTopology.STATES.in(context));
        this.snapshots = ConversationTopology.snapshots(context, configuration);
        this.timers = new Timers(InactivityTopology.TIMERS.in(context), BUDGET, System::nanoTime);
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
                timers.set(now.plus(configuration.retention()), FORGET, sid);
            }
        }
        StepFact step = event.fact() instanceof StepFact fact ? fact : null;
        boolean awaited = step != null && InactivityRules.isAwaited(learnt, step);
        boolean behind = record.timestamp() < context.currentSystemTimeMs() - BEHIND.toMillis();
        Decision remembered =
                step == null || awaited ? new Decision(learnt, List.of()) : rules.remember(sid, learnt, step, now);
        InactivityState state = remembered.next();
        if (state.tasks().isEmpty()) {
            // nothing to decide until a task is known; what was learnt counts then
            put(sid, known, remembered);
        } else if (behind && !awaited) {
            // later events in the backlog may change the decision, so it waits until all have been read
            boolean matters = !state.equals(known) || mayMatter(state, event);
            InactivityState next = matters ? InactivityRules.decideLater(state, now) : state;
            put(sid, known, new Decision(next, remembered.outputs()));
        } else if (step != null) {
            put(sid, known, rules.settle(sid, learnt, snapshots.apply(sid), step, now));
        } else if (!state.equals(known) || mayMatter(state, event)) {
            put(sid, known, rules.plan(sid, state, snapshots.apply(sid), now, InactivityRules.NEVER));
        }
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
            timers.set(next.wakeAt(), LOOK, sid);
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
            markers.forEach(marker -> forward(marker.key(), marker.output()));
            if (!markers.isEmpty()) {
                // steps wait for their return
                context.commit();
            }
        }
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
        if (!timer.kind().equals(LOOK)) {
            forget(timer.id(), state);
        } else if (state.wakeAt() != null && !state.wakeAt().isAfter(until)) {
            ConversationSnapshot snapshot = snapshots.apply(timer.id());
            Decision decision = rules.plan(timer.id(), state.wakeAt(null), snapshot, now(), until);
            put(timer.id(), state, decision);
            if (!decision.outputs().isEmpty()) {
                context.commit();
            }
        }
    }

    /** Deletes the state after the retention, unless events came meanwhile, tasks are open, or a timer is set. */
    private void forget(String sid, InactivityState state) {
        Instant now = now();
        Duration kept = configuration.retention().multipliedBy(state.isOver() ? 1 : OPEN_FACTOR);
        Instant due =
                Objects.requireNonNullElse(state.touchedAt(), Instant.EPOCH).plus(kept);
        if (due.isAfter(now)) {
            timers.set(due, FORGET, sid);
        } else if (!state.isOver() && state.wakeAt() != null) {
            timers.set(now.plus(configuration.retention()), FORGET, sid);
        } else {
            states.delete(sid);
        }
    }

    private Instant now() {
        return clock == null ? Instant.ofEpochMilli(context.currentSystemTimeMs()) : clock.instant();
    }
}
