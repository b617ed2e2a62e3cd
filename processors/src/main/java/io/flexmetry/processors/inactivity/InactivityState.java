package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.StepFact;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.inactivity.InactivityStep;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.store.Bounded;
import io.flexmetry.processors.store.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as this feature sees it; what is said in it another feature knows.
 *
 * @param tasks by task SID
 * @param closed whether the conversation is closed, which is final
 * @param escalation what was done about the silence of now
 * @param wrapped SIDs of the tasks that we have put into wrap-up
 * @param parked by task SID
 * @param warnings how often the customer was warned, by reservation SID
 * @param ownIndex of the last message of ours
 * @param wakeAt when it is to be looked at again; absent when only an event can change anything
 * @param touchedAt when something came last, our clock, roughly; absent on what an earlier version stored
 * @param forgottenUntil up to when tasks were forgotten: an event of then about one that is not known changes nothing, or it
 *     would be open again; absent mostly
 * @param told the newest settled step by the SID of its task or conversation
 */
record InactivityState(
        @AtMost(MOST_TASKS) Map<String, Assignment> tasks,
        boolean closed,
        Escalation escalation,
        @AtMost(MOST_TASKS) Set<String> wrapped,
        @AtMost(MOST_TASKS) Map<String, Parked> parked,
        @AtMost(MOST_TASKS * Assignment.MOST_RESERVATIONS) Map<String, Integer> warnings,
        long ownIndex,
        @Nullable Instant wakeAt,
        @Nullable Instant touchedAt,
        @Nullable Instant forgottenUntil,
        @AtMost(MOST_TASKS) Map<String, Published> told)
        implements Bounded<InactivityState> {

    /**
     * The most tasks that are known: a conversation that somebody touches each week is never forgotten as a whole. Those that have
     * ended go first, the oldest first.
     */
    static final int MOST_TASKS = InactivityStep.MOST_TASKS;

    /** How exactly it is known when a conversation was touched. */
    private static final Duration TOUCH_EVERY = Duration.ofHours(1);

    static final InactivityState NEW = new InactivityState(
            Map.of(), false, Escalation.NONE, Set.of(), Map.of(), Map.of(), -1, null, null, null, Map.of());

    /** The same, where an older state does not know what was told. */
    InactivityState(
            Map<String, Assignment> tasks,
            boolean closed,
            Escalation escalation,
            Set<String> wrapped,
            Map<String, Parked> parked,
            Map<String, Integer> warnings,
            long ownIndex,
            @Nullable Instant wakeAt,
            @Nullable Instant touchedAt,
            @Nullable Instant forgottenUntil,
            @Nullable Map<String, Published> told) {
        this.tasks = tasks;
        this.closed = closed;
        this.escalation = escalation;
        this.wrapped = wrapped;
        this.parked = parked;
        this.warnings = warnings;
        this.ownIndex = ownIndex;
        this.wakeAt = wakeAt;
        this.touchedAt = touchedAt;
        this.forgottenUntil = forgottenUntil;
        this.told = told == null ? Map.of() : told;
    }

    /**
     * A task on a channel that takes no capacity.
     *
     * @param from the channel that it goes back to
     * @param silence because of which it is there
     */
    record Parked(String from, String silence) {}

    /** What is known after this event as well; order and repetition do not matter. */
    InactivityState learn(Event event) {
        if (isForgotten(event)) {
            return this;
        }
        if (event.fact() instanceof ReservationFact fact) {
            String sid = fact.task().taskSid();
            return withTask(sid, Assignment.learn(tasks.get(sid), event, fact));
        }
        if (event.fact() instanceof TaskFact fact) {
            String sid = fact.task().taskSid();
            return withTask(sid, Assignment.learn(tasks.get(sid), event, fact));
        }
        if (event.fact() instanceof ConversationFact fact && "closed".equals(fact.state()) && !closed) {
            return new InactivityState(
                    tasks,
                    true,
                    escalation,
                    wrapped,
                    parked,
                    warnings,
                    ownIndex,
                    wakeAt,
                    touchedAt,
                    forgottenUntil,
                    told);
        }
        if (event.fact() instanceof StepFact fact) {
            return told(fact.subject(), Published.of(fact, event.occurredAt()));
        }
        return this;
    }

    private boolean isForgotten(Event event) {
        if (forgottenUntil == null || event.occurredAt().isAfter(forgottenUntil)) {
            return false;
        }
        return event.fact() instanceof ReservationFact reservation
                ? !tasks.containsKey(reservation.task().taskSid())
                : event.fact() instanceof TaskFact task
                        && !tasks.containsKey(task.task().taskSid());
    }

    InactivityState touched(Instant now) {
        return touchedAt != null && touchedAt.plus(TOUCH_EVERY).isAfter(now)
                ? this
                : new InactivityState(
                        tasks,
                        closed,
                        escalation,
                        wrapped,
                        parked,
                        warnings,
                        ownIndex,
                        wakeAt,
                        now,
                        forgottenUntil,
                        told);
    }

    /** Whether all its tasks have ended. */
    boolean isOver() {
        return tasks.values().stream().allMatch(task -> task.endedAt() != null);
    }

    @Override
    public InactivityState bounded() {
        boolean within = tasks.size() <= MOST_TASKS
                && told.size() <= MOST_TASKS
                && warnings.size() <= MOST_TASKS * Assignment.MOST_RESERVATIONS
                && tasks.values().stream().allMatch(task -> task.reservations().size() <= Assignment.MOST_RESERVATIONS);
        if (within) {
            return this;
        }
        Map<String, Assignment> slim = new TreeMap<>();
        tasks.forEach((sid, task) -> slim.put(sid, task.bounded()));
        Map<String, Assignment> kept =
                Kept.of(slim, MOST_TASKS, Comparator.comparing(Assignment::rank).thenComparing(Assignment::latest));
        Instant forgotten = tasks.entrySet().stream()
                .filter(entry -> !kept.containsKey(entry.getKey()))
                .map(entry -> entry.getValue().latest())
                .reduce(Objects.requireNonNullElse(forgottenUntil, Instant.EPOCH), (a, b) -> a.isBefore(b) ? b : a);
        Set<String> reservations = new TreeSet<>();
        kept.values().forEach(task -> reservations.addAll(task.reservations().keySet()));
        return new InactivityState(
                kept,
                closed,
                escalation,
                Kept.only(wrapped, kept.keySet()),
                Kept.only(parked, kept.keySet()),
                Kept.only(warnings, reservations),
                ownIndex,
                wakeAt,
                touchedAt,
                forgotten.equals(Instant.EPOCH) ? null : forgotten,
                Kept.of(told, MOST_TASKS, Comparator.comparing(Published::at)));
    }

    @Override
    public int size() {
        return tasks.size()
                + wrapped.size()
                + parked.size()
                + warnings.size()
                + told.size()
                + tasks.values().stream()
                        .mapToInt(task -> task.reservations().size())
                        .sum();
    }

    private InactivityState withTask(String sid, Assignment task) {
        Published step = told.get(sid);
        String channel = task.task().channel();
        Map<String, Parked> all = parked;
        if (step != null && step.isPark() && step.isDone() && channel != null && !tasks.containsKey(sid)) {
            // it was parked before this state knew the task
            all = with(parked, sid, new Parked(channel, step.silence()));
        }
        return new InactivityState(
                with(tasks, sid, task),
                closed,
                escalation,
                wrapped,
                all,
                warnings,
                ownIndex,
                wakeAt,
                touchedAt,
                forgottenUntil,
                told);
    }

    private InactivityState told(String subject, Published step) {
        Published known = told.get(subject);
        return known != null && known.at().isAfter(step.at())
                ? this
                : new InactivityState(
                        tasks,
                        closed,
                        escalation,
                        wrapped,
                        parked,
                        warnings,
                        ownIndex,
                        wakeAt,
                        touchedAt,
                        forgottenUntil,
                        with(told, subject, step));
    }

    /** The newest step that was settled about a silence, for whomever. */
    Optional<Published> told(String silence) {
        return told.values().stream()
                .filter(step -> step.silence().equals(silence) && step.position() >= 0 && step.wasTaken())
                .max(Comparator.comparing(Published::position).thenComparing(Published::at));
    }

    InactivityState with(Escalation other) {
        return new InactivityState(
                tasks, closed, other, wrapped, parked, warnings, ownIndex, wakeAt, touchedAt, forgottenUntil, told);
    }

    InactivityState wakeAt(@Nullable Instant at) {
        return new InactivityState(
                tasks, closed, escalation, wrapped, parked, warnings, ownIndex, at, touchedAt, forgottenUntil, told);
    }

    InactivityState wrapped(String taskSid) {
        Set<String> all = new TreeSet<>(wrapped);
        all.add(taskSid);
        return new InactivityState(
                tasks, closed, escalation, all, parked, warnings, ownIndex, wakeAt, touchedAt, forgottenUntil, told);
    }

    InactivityState parked(String taskSid, Parked where) {
        return new InactivityState(
                tasks,
                closed,
                escalation,
                wrapped,
                with(parked, taskSid, where),
                warnings,
                ownIndex,
                wakeAt,
                touchedAt,
                forgottenUntil,
                told);
    }

    InactivityState returned(String taskSid) {
        Map<String, Parked> others = new TreeMap<>(parked);
        others.remove(taskSid);
        return new InactivityState(
                tasks,
                closed,
                escalation,
                wrapped,
                others,
                warnings,
                ownIndex,
                wakeAt,
                touchedAt,
                forgottenUntil,
                told);
    }

    InactivityState warned(List<String> reservations, long index) {
        Map<String, Integer> counts = new TreeMap<>(warnings);
        reservations.forEach(sid -> counts.merge(sid, 1, Integer::sum));
        return new InactivityState(
                tasks,
                closed,
                escalation,
                wrapped,
                parked,
                counts,
                Math.max(ownIndex, index),
                wakeAt,
                touchedAt,
                forgottenUntil,
                told);
    }

    /** The tasks that somebody works on. */
    Stream<Assignment> open() {
        return tasks.values().stream().filter(Assignment::isOpen);
    }

    /** The tasks that somebody works on, and those that we have put into wrap-up. */
    Stream<Assignment> held() {
        return tasks.values().stream()
                .filter(task -> task.isOpen()
                        || (task.isHeld() && wrapped.contains(task.task().taskSid())));
    }

    /** The tasks that nobody has accepted yet. */
    Stream<Assignment> waiting() {
        return tasks.values().stream().filter(Assignment::isWaiting);
    }

    /** Whether it is open who will have the conversation. */
    boolean isBeingTransferred() {
        boolean invites = open().findAny().isPresent() && waiting().findAny().isPresent();
        return invites || tasks.values().stream().anyMatch(Assignment::isBeingTransferred);
    }

    /** Before it, there was another session: all tasks of then had ended. */
    Instant sessionStart() {
        return tasks.values().stream()
                .flatMap(task -> Stream.ofNullable(task.endedAt()))
                .filter(end -> tasks.values().stream().noneMatch(task -> task.spans(end)))
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
    }

    private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
        Map<String, V> copy = new TreeMap<>(map);
        copy.put(key, value);
        return copy;
    }
}
