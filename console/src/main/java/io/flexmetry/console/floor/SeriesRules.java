package io.flexmetry.console.floor;

import io.flexmetry.console.floor.FloorModel.Known;
import io.flexmetry.contract.floor.TaskStatus;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The series of a window as a pure function of what is known and the time. */
final class SeriesRules {

    private SeriesRules() {}

    /**
     * The series.
     *
     * @param queue its name; absent for all
     * @param zone in which a day begins
     */
    static Series series(Known known, Window window, @Nullable String queue, Instant now, ZoneId zone) {
        Buckets buckets = Buckets.of(window, now, zone);
        List<List<Figures>> closed =
                closed(known.figures().stream().filter(row -> queue == null || queue.equals(row.queueName())), buckets);
        List<TaskStatus> tasks = known.tasks().stream()
                .filter(task -> queue == null || queue.equals(task.queueName()))
                .toList();
        int[] accepted = accepted(tasks, buckets);
        int[] waiting = waiting(tasks, buckets);
        return new Series(
                now,
                window.label(),
                queue,
                buckets.length().toSeconds(),
                IntStream.range(0, buckets.count())
                        .mapToObj(i -> new Series.Bucket(
                                buckets.from(i),
                                Statistic.of(closed.get(i), Figures::firstResponse),
                                Statistic.of(closed.get(i), Figures::response),
                                accepted[i],
                                waiting[i]))
                        .toList());
    }

    private static List<List<Figures>> closed(Stream<Figures> rows, Buckets buckets) {
        List<List<Figures>> closed = new ArrayList<>();
        for (int i = 0; i < buckets.count(); i++) {
            closed.add(new ArrayList<>());
        }
        rows.forEach(row -> {
            Instant closedAt = row.closedAt();
            int bucket = closedAt == null ? -1 : buckets.holding(closedAt);
            if (bucket >= 0 && bucket < closed.size()) {
                closed.get(bucket).add(row);
            }
        });
        return closed;
    }

    private static int[] accepted(List<TaskStatus> tasks, Buckets buckets) {
        int[] accepted = new int[buckets.count()];
        for (TaskStatus task : tasks) {
            Instant acceptedAt = task.acceptedAt();
            int bucket = acceptedAt == null ? -1 : buckets.holding(acceptedAt);
            if (bucket >= 0 && bucket < accepted.length) {
                accepted[bucket]++;
            }
        }
        return accepted;
    }

    /** Adds a task where its wait begins and takes it away where it ends, so that a long wait costs no more than a short one. */
    private static int[] waiting(List<TaskStatus> tasks, Buckets buckets) {
        int[] waiting = new int[buckets.count() + 1];
        for (TaskStatus task : tasks) {
            Instant from = waitsFrom(task);
            Instant until = waitsUntil(task);
            // times of different events may contradict each other
            if (from != null && (until == null || from.isBefore(until))) {
                waiting[buckets.endingFrom(from)]++;
                waiting[until == null ? buckets.count() : buckets.endingFrom(until)]--;
            }
        }
        for (int i = 1; i < waiting.length; i++) {
            waiting[i] += waiting[i - 1];
        }
        return waiting;
    }

    /** A wait after a transfer is left out: once it is over, nothing tells when it was. */
    private static @Nullable Instant waitsFrom(TaskStatus task) {
        return task.createdAt() == null && task.acceptedAt() == null && task.isWaiting()
                ? task.since()
                : task.createdAt();
    }

    /** Absent while it waits. One that nobody accepted waited until its end. */
    private static @Nullable Instant waitsUntil(TaskStatus task) {
        if (task.acceptedAt() != null) {
            return task.acceptedAt();
        }
        return task.isWaiting() ? null : task.since();
    }
}
