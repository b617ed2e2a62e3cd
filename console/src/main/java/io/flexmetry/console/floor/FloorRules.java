package io.flexmetry.console.floor;

import static java.util.stream.Collectors.groupingBy;

import io.flexmetry.console.floor.FloorModel.Known;
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

/** The floor as a pure function of what is known, what is wanted, the window and the time. */
final class FloorRules {

    /** Below that a call sounds bad to most people: docs/voice-quality.md. */
    private static final BigDecimal BAD_MOS = new BigDecimal("3.5");

    private static final int MOST_ROWS = 50;
    private static final int SHARE_DIGITS = 3;

    private static final Comparator<Figures> AGE =
            Comparator.comparing(Figures::acceptedAt).thenComparing(Figures::reservationSid);

    private final TargetRules targets;
    private final ZoneId zone;

    FloorRules(TargetRules targets, ZoneId zone) {
        this.targets = targets;
        this.zone = zone;
    }

    Floor floor(Known known, Window window, Instant now, @Nullable String problem) {
        Instant from = window.from(now, zone);
        List<Figures> rows =
                known.figures().stream().filter(row -> row.countsSince(from)).toList();
        List<TaskStatus> tasks = known.tasks().stream()
                .filter(task -> task.stage() != Stage.ENDED)
                .toList();
        List<TaskStatus> accepted = known.tasks().stream()
                .filter(task -> task.acceptedAt() != null && !task.acceptedAt().isBefore(from))
                .toList();
        return new Floor(
                now,
                window.label(),
                problem == null ? targets.problem(known) : problem,
                tiles(rows, tasks, accepted, known.workers()),
                queues(rows, tasks, accepted),
                agents(rows, known.workers()),
                targets.breaches(rows, tasks, now),
                replies(rows),
                calls(rows),
                recent(known.figures()));
    }

    private Floor.Tiles tiles(
            List<Figures> rows, List<TaskStatus> tasks, List<TaskStatus> accepted, List<WorkerStatus> workers) {
        return new Floor.Tiles(
                count(tasks, TaskStatus::isWaiting),
                longestWait(tasks),
                (int) rows.stream().filter(row -> row.waitingSince() != null).count(),
                rows.stream()
                        .map(Figures::waitingSince)
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(null),
                count(tasks, TaskStatus::isWorkedOn),
                count(tasks, task -> task.stage() == Stage.WRAPPING),
                workers.size(),
                handled(rows),
                Statistic.of(rows, Figures::firstResponse),
                Statistic.of(rows, Figures::response),
                targets.answered(rows),
                targets.accepted(accepted),
                Statistic.of(rows, Figures::mos));
    }

    private List<Floor.Queue> queues(List<Figures> rows, List<TaskStatus> tasks, List<TaskStatus> accepted) {
        Map<String, List<Figures>> rowsOf = rows.stream()
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

    private Floor.Queue queue(String name, List<Figures> rows, List<TaskStatus> tasks, List<TaskStatus> accepted) {
        return new Floor.Queue(
                name,
                name,
                count(tasks, TaskStatus::isWaiting),
                longestWait(tasks),
                count(tasks, TaskStatus::isWorkedOn),
                count(tasks, task -> task.stage() == Stage.WRAPPING),
                handled(rows),
                Statistic.of(rows, Figures::firstResponse),
                Statistic.of(rows, Figures::response),
                targets.answered(rows),
                targets.accepted(accepted));
    }

    private static List<Floor.Agent> agents(List<Figures> rows, List<WorkerStatus> workers) {
        Map<String, List<Figures>> rowsOf = rows.stream().collect(groupingBy(Figures::workerSid));
        return workers.stream()
                .map(worker -> agent(worker, rowsOf.getOrDefault(worker.workerSid(), List.of())))
                .sorted(Comparator.comparing((Floor.Agent agent) -> agent.name() == null ? agent.key() : agent.name())
                        .thenComparing(Floor.Agent::key))
                .toList();
    }

    private static Floor.Agent agent(WorkerStatus worker, List<Figures> rows) {
        Map<String, Figures> running = new HashMap<>();
        rows.stream().filter(Figures::isRunning).forEach(row -> running.put(row.reservationSid(), row));
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
                Statistic.of(rows, Figures::firstResponse),
                Statistic.of(rows, Figures::response));
    }

    private static List<Floor.Reply> replies(List<Figures> rows) {
        return rows.stream()
                .filter(row -> row.waitingSince() != null)
                .sorted(Comparator.comparing((Figures row) -> Objects.requireNonNull(row.waitingSince()))
                        .thenComparing(Figures::reservationSid))
                .limit(MOST_ROWS)
                .map(row -> new Floor.Reply(
                        row.reservationSid(),
                        row.taskSid(),
                        row.agent(),
                        row.queueName(),
                        Objects.requireNonNull(row.waitingSince())))
                .toList();
    }

    private static List<Floor.Call> calls(List<Figures> rows) {
        return rows.stream()
                .filter(row -> row.mos() != null && row.mos().compareTo(BAD_MOS) < 0)
                .sorted(Comparator.comparing((Figures row) -> Objects.requireNonNull(row.mos()))
                        .thenComparing(Figures::reservationSid))
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

    private static List<Floor.Recent> recent(List<Figures> all) {
        // not all of them are sorted: there are hundreds of thousands, twice a second
        PriorityQueue<Figures> newest = new PriorityQueue<>(AGE);
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

    private static int handled(List<Figures> rows) {
        return (int) rows.stream().filter(row -> !row.isRunning()).count();
    }

    private static @Nullable Instant longestWait(List<TaskStatus> tasks) {
        return tasks.stream()
                .filter(TaskStatus::isWaiting)
                .map(TaskStatus::waitsSince)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Of those reservations of which the focus is known and that have closed. */
    private static @Nullable BigDecimal focusShare(List<Figures> rows) {
        List<Figures> seen = rows.stream()
                .filter(row -> !row.isRunning() && row.focus() != null)
                .toList();
        double handled = seen.stream().mapToDouble(Figures::handledSeconds).sum();
        double focus = seen.stream()
                .map(Figures::focus)
                .flatMap(Stream::ofNullable)
                .mapToDouble(BigDecimal::doubleValue)
                .sum();
        return handled <= 0
                ? null
                : BigDecimal.valueOf(Math.min(1, focus / handled)).setScale(SHARE_DIGITS, RoundingMode.HALF_UP);
    }
}
