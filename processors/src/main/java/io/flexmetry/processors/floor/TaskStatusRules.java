package io.flexmetry.processors.floor;

import io.flexmetry.contract.floor.Stage;
import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.processors.cases.ReportedValue;
import io.flexmetry.processors.floor.TaskStatusState.Description;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Computes the status of a task from the state. */
final class TaskStatusRules {

    /** How long a status stays after the end of the task. */
    static final Duration AFTER_END = Duration.ofDays(1);

    /** A task without a known end is kept for so many times the retention. */
    private static final int OPEN_FACTOR = 4;

    /** Of several reservations at one stage the newest comes first: it is the worker's who was asked last. */
    private static final Comparator<Map.Entry<String, TaskReservation>> FURTHEST_FROM_ITS_END = comparing(
                    TaskReservation::times, Comparator.comparing(StageTimes::stage))
            .thenComparing(comparing(TaskReservation::times, Comparator.comparing(StageTimes::since))
                    .reversed())
            .thenComparing(Map.Entry.comparingByKey());

    private TaskStatusRules() {}

    private record Place(
            Stage stage, Instant since, @Nullable String workerSid) {}

    static TaskStatus status(String taskSid, TaskStatusState task) {
        Place place = place(task);
        Description description = task.description();
        return new TaskStatus(
                taskSid,
                place.stage,
                place.since,
                task.createdAt(),
                task.acceptedAt(),
                place.workerSid,
                ReportedValue.valueOf(description.channel()),
                ReportedValue.valueOf(description.queueName()),
                ReportedValue.valueOf(description.workflowName()),
                ReportedValue.valueOf(description.conversation()));
    }

    /** When the task is forgotten unless another event arrives. */
    static Instant keptUntil(TaskStatusState task, Duration retention) {
        return task.updatedAt().plus(task.endedAt() == null ? retention.multipliedBy(OPEN_FACTOR) : AFTER_END);
    }

    private static Place place(TaskStatusState task) {
        if (task.endedAt() != null) {
            return new Place(Stage.ENDED, task.endedAt(), lastWorker(task));
        }
        Optional<TaskReservation> open = task.reservations().entrySet().stream()
                .filter(entry -> entry.getValue().times().isOpen())
                .min(FURTHEST_FROM_ITS_END)
                .map(Map.Entry::getValue);
        if (open.isPresent()) {
            StageTimes times = open.get().times();
            return new Place(times.stage(), times.since(), open.get().workerSid());
        }
        Optional<TaskReservation> last =
                latest(task, reservation -> reservation.times().window().endedAt());
        // the task is completed with its last reservation, but by the next event: it does not wait in between
        if (last.isPresent() && last.get().completed() && !task.isBeingTransferred()) {
            return new Place(
                    Stage.WRAPPING,
                    Objects.requireNonNullElse(last.get().times().window().closedAt(), Instant.EPOCH),
                    last.get().workerSid());
        }
        return new Place(Stage.WAITING, waitingSince(task, last), null);
    }

    /** The creation, or the end of the last reservation. */
    private static Instant waitingSince(TaskStatusState task, Optional<TaskReservation> last) {
        Instant created = task.createdAt() == null ? task.description().firstAt() : task.createdAt();
        return last.map(reservation -> reservation.times().window().endedAt())
                .orElse(Objects.requireNonNullElse(created, Instant.EPOCH));
    }

    private static @Nullable String lastWorker(TaskStatusState task) {
        return latest(task, reservation -> reservation.times().window().acceptedAt())
                .map(TaskReservation::workerSid)
                .orElse(null);
    }

    /** The reservation with the latest of these times. */
    private static Optional<TaskReservation> latest(
            TaskStatusState task, Function<TaskReservation, @Nullable Instant> when) {
        return task.reservations().entrySet().stream()
                .filter(entry -> when.apply(entry.getValue()) != null)
                .max(comparing(when, Comparator.<Instant>naturalOrder()).thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getValue);
    }

    private static <T> Comparator<Map.Entry<String, TaskReservation>> comparing(
            Function<TaskReservation, T> part, Comparator<? super T> order) {
        return Comparator.comparing(entry -> part.apply(entry.getValue()), order);
    }
}
