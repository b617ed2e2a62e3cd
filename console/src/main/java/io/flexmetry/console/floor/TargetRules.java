package io.flexmetry.console.floor;

import io.flexmetry.console.floor.FloorModel.Known;
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
 * How far the targets are reached, and which are about to be missed. Where a calendar applies to a queue, only open time counts.
 *
 * @param targets what is wanted
 * @param calendar when somebody is there
 */
record TargetRules(TargetsConfiguration targets, CalendarConfiguration calendar) {

    private static final int SHARE_DIGITS = 3;

    /** From then on somebody should look: three quarters of the time are over. */
    private static final int WARN_PARTS = 3;

    private static final int ALL_PARTS = 4;
    private static final int MOST_BREACHES = 50;

    private static final Comparator<Floor.Breach> LEAST_TIME_LEFT =
            Comparator.comparing(Floor.Breach::breachAt).thenComparing(Floor.Breach::key);

    /** Of the reservations that were answered and for which something is wanted. */
    Floor.@Nullable Reached answered(List<Figures> rows) {
        Count count = new Count();
        for (Figures row : rows) {
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

    /** Of tasks that were accepted, those for which something is wanted. */
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

    /** Tasks without an agent and customers without an answer whose time is almost over, or is. */
    List<Floor.Breach> breaches(List<Figures> rows, List<TaskStatus> tasks, Instant now) {
        Stream<Floor.Breach> ofTasks =
                tasks.stream().filter(TaskStatus::isWaiting).flatMap(task -> Stream.ofNullable(ofTask(task, now)));
        Stream<Floor.Breach> ofRows =
                rows.stream().filter(Figures::isRunning).flatMap(row -> Stream.ofNullable(ofRow(row, now)));
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

    /** Of the first answer and of the next one, the one that is due first. The first one is awaited from acceptance on, whoever wrote before. */
    private Floor.@Nullable Breach ofRow(Figures row, Instant now) {
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
        // open time is never more than all time, and is not so soon told
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

    /** What is wrong with the configuration, as far as the floor shows it: nobody has heard of a queue that it names. */
    @Nullable
    String problem(Known known) {
        Set<String> unheard = new TreeSet<>(targets.queues().keySet());
        unheard.addAll(calendar.queues().keySet());
        if (unheard.isEmpty()) {
            return null;
        }
        Set<String> heard = Stream.concat(
                        known.figures().stream().map(Figures::queueName),
                        known.tasks().stream().map(TaskStatus::queueName))
                .flatMap(Stream::ofNullable)
                .collect(Collectors.toSet());
        unheard.removeAll(heard);
        if (heard.isEmpty() || unheard.isEmpty()) {
            return null;
        }
        return "The configuration has targets or hours of queues of which there is no task and no row: "
                + unheard.stream()
                        .map(name -> name + " (did you mean " + Nearest.to(name, heard) + "?)")
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
