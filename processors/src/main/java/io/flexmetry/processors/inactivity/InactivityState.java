package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.StepFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.inactivity.InactivityStep;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.Subject;
import io.flexmetry.processors.store.Bounded;
import io.flexmetry.processors.store.Copies;
import io.flexmetry.processors.store.Kept;
import io.flexmetry.processors.timer.Expiry;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A conversation's tasks and what was done about silences. Its messages are in {@code ConversationSnapshot}.
 *
 * @param tasks by task SID
 * @param closed whether the conversation is closed, which is final
 * @param escalation of the current silence
 * @param effects of the steps taken so far
 * @param wakeAt when the rules decide again without an event; absent if only an event can change the decision
 * @param touchedAt time of the last event, our clock, to within an hour; absent before the first
 * @param forgottenUntil latest time of evicted tasks. Older events of unknown tasks are ignored: they would open the task again.
 *     Absent if none was evicted
 */
record InactivityState(
        @AtMost(MOST_TASKS) Map<String, Assignment> tasks,
        boolean closed,
        Escalation escalation,
        Effects effects,
        @Nullable Instant wakeAt,
        @Nullable Instant touchedAt,
        @Nullable Instant forgottenUntil)
        implements Bounded<InactivityState> {

    /** A conversation in weekly use is never dropped as a whole, so ended tasks are evicted, the oldest first. */
    static final int MOST_TASKS = InactivityStep.MOST_TASKS;

    static final InactivityState NEW =
            new InactivityState(Map.of(), false, Escalation.NONE, Effects.NONE, null, null, null);

    /**
     * A task on a channel that takes no capacity.
     *
     * @param from the channel to return it to
     * @param silence id of the silence in which it was parked
     */
    record Parked(String from, String silence) {}

    /**
     * What steps have changed.
     *
     * @param wrapped SIDs of the tasks that a step put into wrap-up
     * @param parked by task SID
     * @param warnings number of warnings posted, by reservation SID
     * @param lastPosted index of the last message that a step posted; −1 without any
     * @param settled the newest settled step by SID of its task or conversation
     */
    record Effects(
            @AtMost(MOST_TASKS) Set<String> wrapped,
            @AtMost(MOST_TASKS) Map<String, Parked> parked,

            @AtMost(MOST_TASKS * Assignment.MOST_RESERVATIONS)
            Map<String, Integer> warnings,

            long lastPosted,
            @AtMost(MOST_TASKS) Map<String, SettledStep> settled) {

        static final Effects NONE = new Effects(Set.of(), Map.of(), Map.of(), -1, Map.of());

        Effects wrapped(String taskSid) {
            Set<String> all = new TreeSet<>(wrapped);
            all.add(taskSid);
            return new Effects(all, parked, warnings, lastPosted, settled);
        }

        /** Absent {@code where}: the task was returned. */
        Effects parked(String taskSid, @Nullable Parked where) {
            return new Effects(wrapped, Copies.with(parked, taskSid, where), warnings, lastPosted, settled);
        }

        Effects warned(Set<String> reservations, long index) {
            Map<String, Integer> counts = new TreeMap<>(warnings);
            reservations.forEach(sid -> counts.merge(sid, 1, Integer::sum));
            return new Effects(wrapped, parked, counts, Math.max(lastPosted, index), settled);
        }

        private Effects settled(String subject, SettledStep step) {
            SettledStep known = settled.get(subject);
            return known != null && known.at().isAfter(step.at())
                    ? this
                    : new Effects(wrapped, parked, warnings, lastPosted, Copies.with(settled, subject, step));
        }

        private boolean isWithinLimits() {
            return settled.size() <= MOST_TASKS && warnings.size() <= MOST_TASKS * Assignment.MOST_RESERVATIONS;
        }

        private Effects limitedTo(Map<String, Assignment> tasks) {
            Set<String> reservations = new TreeSet<>();
            tasks.values()
                    .forEach(task -> reservations.addAll(task.reservations().keySet()));
            return new Effects(
                    Kept.only(wrapped, tasks.keySet()),
                    Kept.only(parked, tasks.keySet()),
                    Kept.only(warnings, reservations),
                    lastPosted,
                    Kept.of(settled, MOST_TASKS, Comparator.comparing(SettledStep::at)));
        }

        private int size() {
            return wrapped.size() + parked.size() + warnings.size() + settled.size();
        }
    }

    /** The state after an event. Order and duplicates do not matter. */
    InactivityState learn(Event event) {
        Task task = Subject.task(event.fact());
        if (task != null) {
            String sid = task.taskSid();
            return isEvicted(sid, event) ? this : with(sid, Assignment.learn(tasks.get(sid), event, task));
        }
        if (event.fact() instanceof ConversationFact fact && "closed".equals(fact.state())) {
            return new InactivityState(tasks, true, escalation, effects, wakeAt, touchedAt, forgottenUntil);
        }
        if (event.fact() instanceof StepFact fact) {
            return with(effects.settled(fact.subject(), SettledStep.of(fact, event.occurredAt())));
        }
        return this;
    }

    private boolean isEvicted(String taskSid, Event event) {
        return forgottenUntil != null && !event.occurredAt().isAfter(forgottenUntil) && !tasks.containsKey(taskSid);
    }

    InactivityState touched(Instant now) {
        Instant at = Expiry.touched(touchedAt, now);
        return new InactivityState(tasks, closed, escalation, effects, wakeAt, at, forgottenUntil);
    }

    /** Whether all its tasks have ended. */
    boolean isOver() {
        return tasks.values().stream().allMatch(task -> task.endedAt() != null);
    }

    @Override
    public InactivityState bounded() {
        if (tasks.size() <= MOST_TASKS
                && effects.isWithinLimits()
                && tasks.values().stream().allMatch(Assignment::isWithinLimits)) {
            return this;
        }
        Map<String, Assignment> slim = new TreeMap<>();
        tasks.forEach((sid, task) -> slim.put(sid, task.bounded()));
        Map<String, Assignment> kept =
                Kept.of(slim, MOST_TASKS, Comparator.comparing(Assignment::rank).thenComparing(Assignment::latest));
        return new InactivityState(
                kept,
                closed,
                escalation,
                effects.limitedTo(kept),
                wakeAt,
                touchedAt,
                Kept.evictedUntil(tasks, kept, Assignment::latest, forgottenUntil));
    }

    @Override
    public int size() {
        return tasks.size()
                + effects.size()
                + tasks.values().stream()
                        .mapToInt(task -> task.reservations().size())
                        .sum();
    }

    private InactivityState with(String sid, Assignment task) {
        SettledStep step = effects.settled.get(sid);
        String channel = task.channel();
        // a step may be settled before an event names its task
        Effects known = step != null && step.isParked() && channel != null && !tasks.containsKey(sid)
                ? effects.parked(sid, new Parked(channel, step.silence()))
                : effects;
        return new InactivityState(
                Copies.with(tasks, sid, task), closed, escalation, known, wakeAt, touchedAt, forgottenUntil);
    }

    InactivityState with(Effects others) {
        return new InactivityState(tasks, closed, escalation, others, wakeAt, touchedAt, forgottenUntil);
    }

    InactivityState with(Escalation other) {
        return new InactivityState(tasks, closed, other, effects, wakeAt, touchedAt, forgottenUntil);
    }

    InactivityState wakeAt(@Nullable Instant at) {
        return new InactivityState(tasks, closed, escalation, effects, at, touchedAt, forgottenUntil);
    }

    /** The last step taken in a silence, whichever its task. */
    Optional<SettledStep> lastStepIn(SilenceStart silence) {
        return effects.settled.values().stream()
                .filter(step -> step.silence().equals(silence.id()) && step.position() >= 0 && step.wasTaken())
                .max(Comparator.comparing(SettledStep::position).thenComparing(SettledStep::at));
    }

    /** The tasks that an agent works on. */
    Stream<Assignment> open() {
        return tasks.values().stream().filter(Assignment::isOpen);
    }

    /** The open tasks, and those that a step put into wrap-up. */
    Stream<Assignment> held() {
        return tasks.values().stream()
                .filter(task -> task.isOpen() || (task.isHeld() && effects.wrapped.contains(task.sid())));
    }

    /** The tasks that nobody has accepted yet. */
    Stream<Assignment> waiting() {
        return tasks.values().stream().filter(Assignment::isWaiting);
    }

    /** The tasks to which a policy can apply. */
    List<Assignment> current() {
        return Stream.concat(held(), waiting()).toList();
    }

    /** Whether a transfer is in progress: of a task, or by inviting another agent, which is a second task. */
    boolean isBeingTransferred() {
        boolean invites = open().findAny().isPresent() && waiting().findAny().isPresent();
        return invites || tasks.values().stream().anyMatch(Assignment::isBeingTransferred);
    }

    /** When the current session started: the last moment at which all tasks had ended. */
    Instant sessionStart() {
        return tasks.values().stream()
                .flatMap(task -> Stream.ofNullable(task.endedAt()))
                .filter(end -> tasks.values().stream().noneMatch(task -> task.spans(end)))
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
    }
}
