package io.flexmetry.local.twilio;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The tasks of the simulated TaskRouter. A task that has ended can be read and written for five more minutes, then it
 * is gone.
 *
 * @see <a href="https://www.twilio.com/docs/taskrouter/lifecycle-task-state">Twilio: task life cycle</a>
 */
public final class TaskStore {

    private static final Duration LIFE_AFTER_END = Duration.ofMinutes(5);
    private static final String ENTRY = "task";
    private static final String RESERVATION = "reservation";

    private final Map<String, SimulatedTask> tasks = new HashMap<>();
    private final Map<String, Instant> deadlines = new HashMap<>();
    private final Map<String, Map<String, String>> reservations = new HashMap<>();
    private final Journal journal;
    private final InstantSource clock;

    public TaskStore(Journal journal, InstantSource clock) {
        this.journal = journal;
        this.clock = clock;
        // the five minutes start again after a restart, as if the simulated Twilio's time had stopped
        journal.entries(ENTRY, SimulatedTask.class).forEach(this::keep);
        journal.entries(RESERVATION, Reserved.class)
                .forEach(reserved -> reservations.put(reserved.taskSid(), reserved.form()));
    }

    /** A task that is not gone. */
    synchronized Optional<SimulatedTask> find(String sid) {
        Instant deadline = deadlines.get(sid);
        boolean gone = deadline != null && clock.instant().isAfter(deadline);
        return gone ? Optional.empty() : Optional.ofNullable(tasks.get(sid));
    }

    /** The matching tasks that are not gone. */
    public synchronized List<SimulatedTask> select(Predicate<SimulatedTask> like) {
        return tasks.values().stream()
                .filter(task -> find(task.sid()).isPresent() && like.test(task))
                .toList();
    }

    /** The last state of a task, even if it is gone, as a report would show it. */
    public synchronized Optional<SimulatedTask> last(String sid) {
        return Optional.ofNullable(tasks.get(sid));
    }

    /** Creates a task, unless it exists. */
    public synchronized void create(SimulatedTask task) {
        if (!tasks.containsKey(task.sid())) {
            put(task);
        }
    }

    /** Sets the status of a task, unless it has that status already. */
    public synchronized void move(String sid, String status) {
        SimulatedTask task = tasks.get(sid);
        if (task != null && !task.status().equals(status)) {
            put(task.withStatus(status, task.reason(), clock.instant()));
        }
    }

    synchronized SimulatedTask update(String sid, UnaryOperator<SimulatedTask> change) {
        SimulatedTask changed = change.apply(tasks.get(sid));
        put(changed);
        return changed;
    }

    /**
     * Records an accepted reservation: later changes of the task apply to it, too.
     *
     * @param form the webhook of the acceptance
     */
    public synchronized void reserve(Map<String, String> form) {
        Reserved reserved = new Reserved(form.getOrDefault("TaskSid", ""), form);
        journal.append(RESERVATION, reserved);
        reservations.put(reserved.taskSid(), form);
    }

    /** The webhook of the current reservation. */
    synchronized Optional<Map<String, String>> reservation(String taskSid) {
        return Optional.ofNullable(reservations.get(taskSid));
    }

    /** A task and the webhook of its reservation, as stored in the journal. */
    record Reserved(String taskSid, Map<String, String> form) {}

    private void put(SimulatedTask task) {
        journal.append(ENTRY, task);
        keep(task);
    }

    private void keep(SimulatedTask task) {
        tasks.put(task.sid(), task);
        if (task.hasEnded()) {
            deadlines.putIfAbsent(task.sid(), clock.instant().plus(LIFE_AFTER_END));
        }
    }
}
