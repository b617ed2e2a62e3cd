package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.TaskFact;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
 * @param ladder what was done about the silence of now
 * @param wrapped SIDs of the tasks that we have put into wrap-up
 * @param parked by task SID
 * @param warnings how often the customer was warned, by reservation SID
 * @param ownIndex of the last message of ours
 * @param wakeAt when it is to be looked at again; absent when only an event can change anything
 */
record Scene(
        Map<String, Assignment> tasks,
        boolean closed,
        Ladder ladder,
        Set<String> wrapped,
        Map<String, Parked> parked,
        Map<String, Integer> warnings,
        long ownIndex,
        @Nullable Instant wakeAt) {

    static final Scene NEW = new Scene(Map.of(), false, Ladder.NONE, Set.of(), Map.of(), Map.of(), -1, null);

    /**
     * A task on a channel that takes no capacity.
     *
     * @param from the channel that it goes back to
     * @param silence because of which it is there
     */
    record Parked(String from, String silence) {}

    /** What is known after this event as well; order and repetition do not matter. */
    Scene learn(Event event) {
        if (event.fact() instanceof ReservationFact fact) {
            String sid = fact.task().taskSid();
            return withTask(sid, Assignment.learn(tasks.get(sid), event, fact));
        }
        if (event.fact() instanceof TaskFact fact) {
            String sid = fact.task().taskSid();
            return withTask(sid, Assignment.learn(tasks.get(sid), event, fact));
        }
        if (event.fact() instanceof ConversationFact fact && "closed".equals(fact.state()) && !closed) {
            return new Scene(tasks, true, ladder, wrapped, parked, warnings, ownIndex, wakeAt);
        }
        return this;
    }

    private Scene withTask(String sid, Assignment task) {
        return new Scene(with(tasks, sid, task), closed, ladder, wrapped, parked, warnings, ownIndex, wakeAt);
    }

    Scene with(Ladder other) {
        return new Scene(tasks, closed, other, wrapped, parked, warnings, ownIndex, wakeAt);
    }

    Scene wakeAt(@Nullable Instant at) {
        return new Scene(tasks, closed, ladder, wrapped, parked, warnings, ownIndex, at);
    }

    Scene wrapped(String taskSid) {
        Set<String> all = new TreeSet<>(wrapped);
        all.add(taskSid);
        return new Scene(tasks, closed, ladder, all, parked, warnings, ownIndex, wakeAt);
    }

    Scene parked(String taskSid, Parked where) {
        return new Scene(tasks, closed, ladder, wrapped, with(parked, taskSid, where), warnings, ownIndex, wakeAt);
    }

    Scene returned(String taskSid) {
        Map<String, Parked> others = new TreeMap<>(parked);
        others.remove(taskSid);
        return new Scene(tasks, closed, ladder, wrapped, others, warnings, ownIndex, wakeAt);
    }

    Scene warned(List<String> reservations, long index) {
        Map<String, Integer> counts = new TreeMap<>(warnings);
        reservations.forEach(sid -> counts.merge(sid, 1, Integer::sum));
        return new Scene(tasks, closed, ladder, wrapped, parked, counts, Math.max(ownIndex, index), wakeAt);
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
