package io.flexmetry.processors.floor;

import io.flexmetry.contract.floor.Stage;
import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.processors.cases.ReportedValue;
import io.flexmetry.processors.cases.ReservationWindow;
import io.flexmetry.processors.floor.TaskKnowledge.Described;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides from what is known of a task where it is. */
final class TaskStatusRules {

    /** After its end it is still told for so long. */
    static final Duration AFTER_END = Duration.ofDays(1);

    /** So much longer a task is kept of which no end is known. */
    private static final int OPEN_FACTOR = 4;

    /** Of those at one stage the newest: who was asked last has it. */
    private static final Comparator<Map.Entry<String, TaskReservation>> FURTHEST_FROM_ITS_END = comparing(
                    TaskReservation::stages, Comparator.comparing(Stages::stage))
            .thenComparing(comparing(TaskReservation::stages, Comparator.comparing(Stages::since))
                    .reversed())
            .thenComparing(Map.Entry.comparingByKey());

    private TaskStatusRules() {}

    private record Place(
            Stage stage, Instant since, @Nullable String workerSid) {}

    static TaskStatus status(String taskSid, TaskKnowledge task) {
        Place place = place(task);
        Described described = task.described();
        return new TaskStatus(
                taskSid,
                place.stage,
                place.since,
                task.createdAt(),
                task.acceptedAt(),
                place.workerSid,
                ReportedValue.valueOf(described.channel()),
                ReportedValue.valueOf(described.queueName()),
                ReportedValue.valueOf(described.workflowName()),
                ReportedValue.valueOf(described.conversation()));
    }

    /** Until when it is kept if nothing comes any more. */
    static Instant keptUntil(TaskKnowledge task, Duration retention) {
        return task.touchedAt().plus(task.endedAt() == null ? retention.multipliedBy(OPEN_FACTOR) : AFTER_END);
    }

    private static Place place(TaskKnowledge task) {
        if (task.endedAt() != null) {
            return new Place(Stage.ENDED, task.endedAt(), lastWorker(task));
        }
        Optional<TaskReservation> open = task.reservations().entrySet().stream()
                .filter(entry -> entry.getValue().stages().isOpen())
                .min(FURTHEST_FROM_ITS_END)
                .map(Map.Entry::getValue);
        if (open.isPresent()) {
            return at(open.get());
        }
        Optional<TaskReservation> last =
                latest(task, reservation -> reservation.stages().window().endedAt());
        // with the last reservation its task is completed as well, which is the next event: it does not wait meanwhile
        if (last.isPresent() && last.get().completed() && !task.isBeingTransferred()) {
            return new Place(
                    Stage.WRAPPING,
                    wrappingSince(last.get().stages().window()),
                    last.get().workerSid());
        }
        return new Place(Stage.WAITING, waitingSince(task, last), null);
    }

    private static Place at(TaskReservation reservation) {
        Stages stages = reservation.stages();
        return new Place(stages.stage(), stages.since(), reservation.workerSid());
    }

    private static Instant wrappingSince(ReservationWindow window) {
        return Objects.requireNonNullElse(window.closedAt(), Instant.EPOCH);
    }

    /** From its creation, or since the last who had it or was asked let it go. */
    private static Instant waitingSince(TaskKnowledge task, Optional<TaskReservation> last) {
        Instant begun = task.createdAt() == null ? task.described().firstAt() : task.createdAt();
        return last.map(reservation -> reservation.stages().window().endedAt())
                .orElse(Objects.requireNonNullElse(begun, Instant.EPOCH));
    }

    private static @Nullable String lastWorker(TaskKnowledge task) {
        return latest(task, reservation -> reservation.stages().window().acceptedAt())
                .map(TaskReservation::workerSid)
                .orElse(null);
    }

    /** The one for which that was last, of those for which it was. */
    private static Optional<TaskReservation> latest(
            TaskKnowledge task, Function<TaskReservation, @Nullable Instant> when) {
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
