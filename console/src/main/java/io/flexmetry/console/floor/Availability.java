package io.flexmetry.console.floor;

import io.flexmetry.console.floor.FloorModel.Snapshot;
import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.settings.CapacityConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether agents are available, and how long a customer will wait. Unknown values are absent.
 *
 * @param at the current time
 * @param online agents whose activity is not an offline one
 * @param available agents whose activity is an available one
 * @param capacityLeft how many more tasks of the channel the available agents can take; absent without a channel, or if
 *     its capacity is not configured
 * @param waiting tasks that wait
 * @param position position of the given task among them, starting at 1; absent if no task was given, or if it does not
 *     wait
 * @param estimatedWaitMinutes rounded up, for the given task or for one that arrives now; absent if no task was
 *     accepted recently
 */
public record Availability(
        Instant at,
        @Nullable Integer online,
        @Nullable Integer available,
        @Nullable Integer capacityLeft,
        int waiting,
        @Nullable Integer position,
        @Nullable Long estimatedWaitMinutes) {

    private static final Set<String> AVAILABLE = Set.of("Available");
    private static final Set<String> OFFLINE = Set.of("Offline");

    /** Agents who have worked on a queue within this time count as its agents. */
    private static final Duration SERVES = Duration.ofHours(24);

    /** The wait is estimated from the tasks accepted within this time. */
    private static final Duration PACE = Duration.ofMinutes(30);

    /**
     * The parameters of a request.
     *
     * @param queue name of the queue; absent for all
     * @param channel unique name of the task channel; absent for all
     * @param taskSid WT… of the task whose position is requested
     */
    public record Question(
            @Nullable String queue,
            @Nullable String channel,
            @Nullable String taskSid) {

        private boolean concerns(@Nullable String ofQueue, @Nullable String ofChannel) {
            return (queue == null || queue.equals(ofQueue)) && (channel == null || channel.equals(ofChannel));
        }
    }

    static Availability of(Snapshot snapshot, Question question, CapacityConfiguration capacity, Instant now) {
        List<WorkerStatus> agents = agents(snapshot, question, now);
        List<TaskStatus> waiting = snapshot.tasks().stream()
                .filter(TaskStatus::isWaiting)
                .filter(task -> question.concerns(task.queueName(), task.channel()))
                .sorted(Comparator.comparing(TaskStatus::waitsSince).thenComparing(TaskStatus::taskSid))
                .toList();
        Integer position = null;
        for (int i = 0; i < waiting.size(); i++) {
            if (waiting.get(i).taskSid().equals(question.taskSid())) {
                position = i + 1;
            }
        }
        boolean isKnown = snapshot.workers().stream().anyMatch(worker -> worker.activityName() != null);
        return new Availability(
                now,
                isKnown ? count(agents, worker -> !OFFLINE.contains(worker.activityName())) : null,
                isKnown ? count(agents, Availability::isAvailable) : null,
                isKnown ? left(agents, question.channel(), capacity) : null,
                waiting.size(),
                position,
                estimate(snapshot, question, position == null ? waiting.size() + 1 : position, now));
    }

    /**
     * The agents of a queue are those who have worked on it recently, because no event contains the queues of an agent.
     */
    private static List<WorkerStatus> agents(Snapshot snapshot, Question question, Instant now) {
        List<WorkerStatus> reported = snapshot.workers().stream()
                .filter(worker -> worker.activityName() != null)
                .toList();
        if (question.queue() == null && question.channel() == null) {
            return reported;
        }
        Instant from = now.minus(SERVES);
        Set<String> serving = snapshot.summaries().stream()
                .filter(row -> row.countsSince(from) && question.concerns(row.queueName(), row.channel()))
                .map(ReservationSummary::workerSid)
                .collect(Collectors.toSet());
        return reported.stream()
                .filter(worker -> serving.contains(worker.workerSid()))
                .toList();
    }

    /** Assumes that tasks are accepted at the same rate as in the last half hour. */
    private static @Nullable Long estimate(Snapshot snapshot, Question question, int place, Instant now) {
        Instant from = now.minus(PACE);
        long accepted = snapshot.tasks().stream()
                .filter(task -> question.concerns(task.queueName(), task.channel()))
                .filter(task -> task.acceptedAt() != null && task.acceptedAt().isAfter(from))
                .count();
        return accepted == 0 ? null : (place * PACE.toMinutes() + accepted - 1) / accepted;
    }

    /** An agent with more tasks than the configured capacity counts as 0. */
    private static @Nullable Integer left(
            List<WorkerStatus> agents, @Nullable String channel, CapacityConfiguration capacity) {
        Integer each = capacity.of(channel);
        return each == null
                ? null
                : agents.stream()
                        .filter(Availability::isAvailable)
                        .mapToInt(worker -> Math.max(0, each - held(worker, channel)))
                        .sum();
    }

    private static int held(WorkerStatus worker, @Nullable String channel) {
        return (int) worker.reservations().stream()
                .filter(reservation -> Objects.equals(reservation.channel(), channel))
                .count();
    }

    private static boolean isAvailable(WorkerStatus worker) {
        return AVAILABLE.contains(worker.activityName());
    }

    private static int count(List<WorkerStatus> agents, Predicate<WorkerStatus> which) {
        return (int) agents.stream().filter(which).count();
    }
}
