package io.flexmetry.console.floor;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * The buckets of a window. Each begins at a multiple of its length on the clock, so that a bucket stays the same while
 * a window of the last minutes moves on. A day is divided by elapsed time: when clocks change it has four buckets more
 * or fewer.
 *
 * @param start start of the first bucket
 * @param length length of each bucket
 * @param now a time within the last bucket
 */
record Buckets(Instant start, Duration length, Instant now) {

    static Buckets of(Window window, Instant now, ZoneId zone) {
        Instant from = window.from(now, zone);
        long millis = window.bucket().toMillis();
        return new Buckets(
                window == Window.TODAY
                        ? from
                        : Instant.ofEpochMilli(Math.floorDiv(from.toEpochMilli(), millis) * millis),
                window.bucket(),
                now);
    }

    int count() {
        return (int) (elapsed(now) / length.toMillis()) + 1;
    }

    Instant from(int bucket) {
        return start.plus(length.multipliedBy(bucket));
    }

    /**
     * Index of the bucket that contains a time; its start is inclusive, its end exclusive. Negative before the first
     * bucket, the number of buckets after now.
     */
    int holding(Instant moment) {
        return moment.isAfter(now) ? count() : index(Math.floorDiv(elapsed(moment), length.toMillis()));
    }

    /** Index of the first bucket that ends at or after a time. The last one ends now. */
    int endingFrom(Instant moment) {
        if (moment.isAfter(now)) {
            return count();
        }
        long before = Math.floorDiv(elapsed(moment) + length.toMillis() - 1, length.toMillis()) - 1;
        return Math.min(count() - 1, Math.max(0, index(before)));
    }

    private long elapsed(Instant moment) {
        return Duration.between(start, moment).toMillis();
    }

    private int index(long bucket) {
        return (int) Math.max(-1, Math.min(count(), bucket));
    }
}
