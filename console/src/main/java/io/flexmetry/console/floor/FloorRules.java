package io.flexmetry.console.floor;

import static java.util.stream.Collectors.groupingBy;

import io.flexmetry.console.floor.FloorModel.Snapshot;
import io.flexmetry.contract.floor.Stage;
import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.contract.floor.WorkerStatus;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Computes the floor: a pure function of the state, the targets, the window and the time. */
final class FloorRules {

    /** Below this score most people find a call bad: docs/voice-quality.md. */
    private static final BigDecimal BAD_MOS = new BigDecimal("3.5");

    private static final int MOST_ROWS = 50;
    private static final int SHARE_DIGITS = 3;

    private static final Comparator<ReservationSummary> AGE =
            Comparator.comparing(ReservationSummary::acceptedAt).thenComparing(ReservationSummary::reservationSid);

    private final TargetRules targets;
    private final ZoneId zone;

    FloorRules(TargetRules targets, ZoneId zone) {
        this.targets = targets;
        this.zone = zone;
    }

    Floor floor(Snapshot snapshot, Window window, Instant now, @Nullable String problem) {
        Instant from = window.from(now, zone);
        List<ReservationSummary> rows = snapshot.summaries().stream()
                .filter(row -> row.countsSince(from))
                .toList();
        List<TaskStatus> tasks = snapshot.tasks().stream()
                .filter(task -> task.stage() != Stage.ENDED)
                .toList();
        List<TaskStatus> accepted = snapshot.tasks().stream()
                .filter(task -> task.acceptedAt() != null && !task.acceptedAt().isBefore(from))
                .toList();
        return new Floor(
                now,
                window.label(),
                problem == null ? targets.problem(snapshot) : problem,
                tiles(rows, tasks, accepted, snapshot.workers()),
                queues(rows, tasks, accepted),
                agents(rows, snapshot.workers()),
                targets.breaches(rows, tasks, now),
                replies(rows),
                calls(rows),
                recent(snapshot.summaries()));
    }

    private Floor.Tiles tiles(
            List<ReservationSummary> rows,
            List<TaskStatus> tasks,
            List<TaskStatus> accepted,
            List<WorkerStatus> workers) {
        return new Floor.Tiles(
                count(tasks, TaskStatus::isWaiting),
                longestWait(tasks),
                (int) rows.stream().filter(row -> row.waitingSince() != null).count(),
                rows.stream()
                        .map(ReservationSummary::waitingSince)
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(null),
                count(tasks, TaskStatus::isWorkedOn),
                count(tasks, task -> task.stage() == Stage.WRAPPING),
                workers.size(),
                handled(rows),
                Statistic.of(rows, ReservationSummary::firstResponse),
                Statistic.of(rows, ReservationSummary::response),
                targets.answered(rows),
                targets.accepted(accepted),
                Statistic.of(rows, ReservationSummary::mos));
    }

    private List<Floor.Queue> queues(List<ReservationSummary> rows, List<TaskStatus> tasks, List<TaskStatus> accepted) {
        Map<String, List<ReservationSummary>> rowsOf = rows.stream()
                .filter(row -> row.queueName() != null)
                .collect(groupingBy(row -> Objects.requireNonNull(row.queueName())));
        Map<String, List<TaskStatus>> tasksOf = byQueue(tasks);
        Map<String, List<TaskStatus>> acceptedOf = byQueue(accepted);
        Set<String> names = new TreeSet<>(rowsOf.keySet());
        names.addAll(tasksOf.keySet());
        return names.stream()
                .map(name -> queue(
                        name,
                        rowsOf.getOrDefault(name, List.of()),
                        tasksOf.getOrDefault(name, List.of()),
                        acceptedOf.getOrDefault(name, List.of())))
                .toList();
    }

    private static Map<String, List<TaskStatus>> byQueue(List<TaskStatus> tasks) {
        return tasks.stream()
                .filter(task -> task.queueName() != null)
                .collect(groupingBy(task -> Objects.requireNonNull(task.queueName())));
    }

    private Floor.Queue queue(
            String name, List<ReservationSummary> rows, List<TaskStatus> tasks, List<TaskStatus> accepted) {
        return new Floor.Queue(
                name,
                name,
                count(tasks, TaskStatus::isWaiting),
                longestWait(tasks),
                count(tasks, TaskStatus::isWorkedOn),
                count(tasks, task -> task.stage() == Stage.WRAPPING),
                handled(rows),
                Statistic.of(rows, ReservationSummary::firstResponse),
                Statistic.of(rows, ReservationSummary::response),
                targets.answered(rows),
                targets.accepted(accepted));
    }

    private static List<Floor.Agent> agents(List<ReservationSummary> rows, List<WorkerStatus> workers) {
        Map<String, List<ReservationSummary>> rowsOf = rows.stream().collect(groupingBy(ReservationSummary::workerSid));
        return workers.stream()
                .map(worker -> agent(worker, rowsOf.getOrDefault(worker.workerSid(), List.of())))
                .sorted(Comparator.comparing((Floor.Agent agent) -> agent.name() == null ? agent.key() : agent.name())
                        .thenComparing(Floor.Agent::key))
                .toList();
    }

    private static Floor.Agent agent(WorkerStatus worker, List<ReservationSummary> rows) {
        Map<String, ReservationSummary> running = new HashMap<>();
        rows.stream().filter(ReservationSummary::isRunning).forEach(row -> running.put(row.reservationSid(), row));
        List<Floor.Open> open = worker.reservations().stream()
                .map(held -> new Floor.Open(
                        held.taskSid(),
                        held.reservationSid(),
                        held.channel(),
                        held.queueName(),
                        held.stage(),
                        held.since(),
                        running.containsKey(held.reservationSid())
                                ? running.get(held.reservationSid()).waitingSince()
                                : null))
                .toList();
        WorkerStatus.Focus focus = worker.focus();
        return new Floor.Agent(
                worker.workerSid(),
                worker.name(),
                worker.activityName(),
                worker.activitySince(),
                open,
                focus == null ? null : new Floor.OnScreen(focus.reservationSid(), focus.since()),
                focusShare(rows),
                handled(rows),
                Statistic.of(rows, ReservationSummary::firstResponse),
                Statistic.of(rows, ReservationSummary::response));
    }

    private static List<Floor.Reply> replies(List<ReservationSummary> rows) {
        return rows.stream()
                .filter(row -> row.waitingSince() != null)
                .sorted(Comparator.comparing((ReservationSummary row) -> Objects.requireNonNull(row.waitingSince()))
                        .thenComparing(ReservationSummary::reservationSid))
                .limit(MOST_ROWS)
                .map(row -> new Floor.Reply(
                        row.reservationSid(),
                        row.taskSid(),
                        row.agent(),
                        row.queueName(),
                        Objects.requireNonNull(row.waitingSince())))
                .toList();
    }

    private static List<Floor.Call> calls(List<ReservationSummary> rows) {
        return rows.stream()
                .filter(row -> row.mos() != null && row.mos().compareTo(BAD_MOS) < 0)
                .sorted(Comparator.comparing((ReservationSummary row) -> Objects.requireNonNull(row.mos()))
                        .thenComparing(ReservationSummary::reservationSid))
                .limit(MOST_ROWS)
                .map(row -> new Floor.Call(
                        row.reservationSid(),
                        row.taskSid(),
                        row.agent(),
                        row.queueName(),
                        Objects.requireNonNull(row.mos()),
                        row.mosSamples()))
                .toList();
    }

    private static List<Floor.Recent> recent(List<ReservationSummary> all) {
        // a heap instead of sorting all: there are hundreds of thousands, twice a second
        PriorityQueue<ReservationSummary> newest = new PriorityQueue<>(AGE);
        all.forEach(row -> {
            newest.add(row);
            if (newest.size() > MOST_ROWS) {
                newest.remove();
            }
        });
        return newest.stream()
                .sorted(AGE.reversed())
                .map(row -> new Floor.Recent(
                        row.reservationSid(),
                        row.taskSid(),
                        row.agent(),
                        row.queueName(),
                        row.channel(),
                        row.isRunning() ? "running" : "final",
                        row.acceptedAt(),
                        row.closedAt(),
                        row.firstResponse(),
                        row.response(),
                        row.focus(),
                        row.mos(),
                        row.writeBack()))
                .toList();
    }

    private static int count(List<TaskStatus> tasks, Predicate<TaskStatus> which) {
        return (int) tasks.stream().filter(which).count();
    }

    private static int handled(List<ReservationSummary> rows) {
        return (int) rows.stream().filter(row -> !row.isRunning()).count();
    }

    private static @Nullable Instant longestWait(List<TaskStatus> tasks) {
        return tasks.stream()
                .filter(TaskStatus::isWaiting)
                .map(TaskStatus::waitsSince)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Over the closed reservations whose focus time is known. */
    private static @Nullable BigDecimal focusShare(List<ReservationSummary> rows) {
        List<ReservationSummary> seen = rows.stream()
                .filter(row -> !row.isRunning() && row.focus() != null)
                .toList();
        double handled =
                seen.stream().mapToDouble(ReservationSummary::handledSeconds).sum();
        double focus = seen.stream()
                .map(ReservationSummary::focus)
                .flatMap(Stream::ofNullable)
                .mapToDouble(BigDecimal::doubleValue)
                .sum();
        return handled <= 0
                ? null
                : BigDecimal.valueOf(Math.min(1, focus / handled)).setScale(SHARE_DIGITS, RoundingMode.HALF_UP);
    }
}
