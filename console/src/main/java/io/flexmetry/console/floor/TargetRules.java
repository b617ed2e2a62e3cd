package io.flexmetry.console.floor;

import io.flexmetry.console.floor.FloorModel.Snapshot;
import io.flexmetry.contract.calendar.BusinessHours;
import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.contract.settings.CalendarConfiguration;
import io.flexmetry.contract.settings.Nearest;
import io.flexmetry.contract.settings.TargetsConfiguration;
import io.flexmetry.contract.settings.TargetsConfiguration.Kind;
import io.flexmetry.contract.settings.TargetsConfiguration.Target;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How well the targets are met, and which ones are about to be missed. If a calendar applies to a queue, only business
 * hours count.
 *
 * @param targets service levels
 * @param calendar business hours
 */
record TargetRules(TargetsConfiguration targets, CalendarConfiguration calendar) {

    private static final int SHARE_DIGITS = 3;

    /** A target is shown when three quarters of its time have passed. */
    private static final int WARN_PARTS = 3;

    private static final int ALL_PARTS = 4;
    private static final int MOST_BREACHES = 50;

    private static final Comparator<Floor.Breach> LEAST_TIME_LEFT =
            Comparator.comparing(Floor.Breach::breachAt).thenComparing(Floor.Breach::key);

    /** The first responses that have a target. */
    Floor.@Nullable Reached answered(List<ReservationSummary> rows) {
        Count count = new Count();
        for (ReservationSummary row : rows) {
            Target target = targets.of(Kind.FIRST_RESPONSE, row.queueName(), row.channel());
            BigDecimal seconds =
                    calendar.of(row.queueName()) == null ? row.firstResponse() : row.firstResponseInHours();
            if (target != null && seconds != null) {
                count.add(
                        target,
                        seconds.compareTo(BigDecimal.valueOf(target.within().toMillis(), 3)) <= 0);
            }
        }
        return count.reached();
    }

    /** The accepted tasks that have a target. */
    Floor.@Nullable Reached accepted(List<TaskStatus> tasks) {
        Count count = new Count();
        for (TaskStatus task : tasks) {
            Instant createdAt = task.createdAt();
            Instant acceptedAt = task.acceptedAt();
            if (createdAt == null || acceptedAt == null) {
                continue;
            }
            Target target = targets.of(Kind.WAITING, task.queueName(), task.channel());
            if (target != null) {
                count.add(target, open(task.queueName(), createdAt, acceptedAt).compareTo(target.within()) <= 0);
            }
        }
        return count.reached();
    }

    /** Tasks without an agent and customers without a reply whose target is missed or about to be. */
    List<Floor.Breach> breaches(List<ReservationSummary> rows, List<TaskStatus> tasks, Instant now) {
        Stream<Floor.Breach> ofTasks =
                tasks.stream().filter(TaskStatus::isWaiting).flatMap(task -> Stream.ofNullable(ofTask(task, now)));
        Stream<Floor.Breach> ofRows =
                rows.stream().filter(ReservationSummary::isRunning).flatMap(row -> Stream.ofNullable(ofRow(row, now)));
        return Stream.concat(ofTasks, ofRows)
                .sorted(LEAST_TIME_LEFT)
                .limit(MOST_BREACHES)
                .toList();
    }

    private Floor.@Nullable Breach ofTask(TaskStatus task, Instant now) {
        Due due = due(Kind.WAITING, task.queueName(), task.channel(), task.waitsSince(), now);
        return due == null
                ? null
                : new Floor.Breach(
                        task.taskSid(),
                        Kind.WAITING,
                        task.taskSid(),
                        null,
                        task.queueName(),
                        task.channel(),
                        task.waitsSince(),
                        due.at,
                        due.within.toSeconds());
    }

    /**
     * The first response or the next one, whichever is due earlier. The first response is due from acceptance, even if
     * the customer has not written since.
     */
    private Floor.@Nullable Breach ofRow(ReservationSummary row, Instant now) {
        Instant waitingSince = row.waitingSince();
        Due first = row.awaitsFirstResponse()
                ? due(Kind.FIRST_RESPONSE, row.queueName(), row.channel(), row.acceptedAt(), now)
                : null;
        Due next = waitingSince == null || waitingSince.isBefore(row.acceptedAt())
                ? null
                : due(Kind.RESPONSE, row.queueName(), row.channel(), waitingSince, now);
        boolean isNext = first == null || (next != null && next.at.isBefore(first.at));
        Due due = isNext ? next : first;
        return due == null
                ? null
                : new Floor.Breach(
                        row.reservationSid(),
                        isNext ? Kind.RESPONSE : Kind.FIRST_RESPONSE,
                        row.taskSid(),
                        row.agent(),
                        row.queueName(),
                        row.channel(),
                        due.since,
                        due.at,
                        due.within.toSeconds());
    }

    private @Nullable Due due(
            Kind kind, @Nullable String queueName, @Nullable String channel, Instant since, Instant now) {
        Target target = targets.of(kind, queueName, channel);
        if (target == null) {
            return null;
        }
        Duration within = target.within();
        Duration warned = within.multipliedBy(WARN_PARTS).dividedBy(ALL_PARTS);
        // open time is never longer than elapsed time, and takes longer to compute
        if (Duration.between(since, now).compareTo(warned) < 0
                || open(queueName, since, now).compareTo(warned) < 0) {
            return null;
        }
        BusinessHours hours = calendar.of(queueName);
        return new Due(since, hours == null ? since.plus(within) : hours.after(since, within), within);
    }

    private Duration open(@Nullable String queueName, Instant from, Instant to) {
        BusinessHours hours = calendar.of(queueName);
        return hours == null ? Duration.between(from, to) : hours.between(from, to);
    }

    /** A configuration problem to show on the floor: a configured queue without tasks and rows. */
    @Nullable
    String problem(Snapshot snapshot) {
        Set<String> unknown = new TreeSet<>(targets.queues().keySet());
        unknown.addAll(calendar.queues().keySet());
        if (unknown.isEmpty()) {
            return null;
        }
        Set<String> known = Stream.concat(
                        snapshot.summaries().stream().map(ReservationSummary::queueName),
                        snapshot.tasks().stream().map(TaskStatus::queueName))
                .flatMap(Stream::ofNullable)
                .collect(Collectors.toSet());
        unknown.removeAll(known);
        if (known.isEmpty() || unknown.isEmpty()) {
            return null;
        }
        return "The configuration has targets or hours for queues without tasks and rows: "
                + unknown.stream()
                        .map(name -> name + " (did you mean " + Nearest.to(name, known) + "?)")
                        .collect(Collectors.joining(", "));
    }

    private record Due(Instant since, Instant at, Duration within) {}

    private static final class Count {

        private final Set<Target> wanted = new HashSet<>();
        private int of;
        private int inTime;

        private void add(Target target, boolean reached) {
            wanted.add(target);
            of++;
            inTime += reached ? 1 : 0;
        }

        private Floor.@Nullable Reached reached() {
            if (of == 0) {
                return null;
            }
            Target only = wanted.size() == 1 ? wanted.iterator().next() : null;
            return new Floor.Reached(
                    BigDecimal.valueOf(inTime).divide(BigDecimal.valueOf(of), SHARE_DIGITS, RoundingMode.HALF_UP),
                    of,
                    only == null ? null : only.share(),
                    only == null ? null : only.within().toSeconds());
        }
    }
}
