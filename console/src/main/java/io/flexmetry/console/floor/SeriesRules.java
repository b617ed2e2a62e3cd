package io.flexmetry.console.floor;

import io.flexmetry.console.floor.FloorModel.Snapshot;
import io.flexmetry.contract.floor.TaskStatus;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Computes the series of a window: a pure function of the state and the time. */
final class SeriesRules {

    private SeriesRules() {}

    /**
     * Computes the series.
     *
     * @param queue name of the queue; absent for all
     * @param zone time zone for the start of a day
     */
    static Series series(Snapshot snapshot, Window window, @Nullable String queue, Instant now, ZoneId zone) {
        Buckets buckets = Buckets.of(window, now, zone);
        List<List<ReservationSummary>> closed = closed(
                snapshot.summaries().stream().filter(row -> queue == null || queue.equals(row.queueName())), buckets);
        List<TaskStatus> tasks = snapshot.tasks().stream()
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
                                Statistic.of(closed.get(i), ReservationSummary::firstResponse),
                                Statistic.of(closed.get(i), ReservationSummary::response),
                                accepted[i],
                                waiting[i]))
                        .toList());
    }

    private static List<List<ReservationSummary>> closed(Stream<ReservationSummary> rows, Buckets buckets) {
        List<List<ReservationSummary>> closed = new ArrayList<>();
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

    /** Adds 1 where a wait starts and −1 where it ends, and sums up: long waits cost no more than short ones. */
    private static int[] waiting(List<TaskStatus> tasks, Buckets buckets) {
        int[] waiting = new int[buckets.count() + 1];
        for (TaskStatus task : tasks) {
            Instant from = waitsFrom(task);
            Instant until = waitsUntil(task);
            // timestamps of different events may contradict each other
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

    /** Waits after a transfer are left out, because their end is not recorded. */
    private static @Nullable Instant waitsFrom(TaskStatus task) {
        return task.createdAt() == null && task.acceptedAt() == null && task.isWaiting()
                ? task.since()
                : task.createdAt();
    }

    /** Absent while the task waits. A task that nobody accepted waited until its end. */
    private static @Nullable Instant waitsUntil(TaskStatus task) {
        if (task.acceptedAt() != null) {
            return task.acceptedAt();
        }
        return task.isWaiting() ? null : task.since();
    }
}
