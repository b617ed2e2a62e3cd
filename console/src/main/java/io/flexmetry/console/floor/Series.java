package io.flexmetry.console.floor;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a window went, in buckets of equal length that follow each other without a gap. The last one still runs.
 *
 * @param at when it was computed
 * @param window 5m, 30m or today
 * @param queue name of the queue that it is about; absent for all
 * @param seconds length of a bucket
 * @param buckets the earliest first; the first one begins at the window's start, or is the whole bucket that holds it
 */
record Series(Instant at, String window, @Nullable String queue, long seconds, List<Bucket> buckets) {

    /**
     * What happened from its beginning, inclusive, to the next one's, exclusive.
     *
     * @param from its beginning
     * @param firstResponse of the reservations that closed in it, s; absent where none of them has one
     * @param response their own mean response times, s; absent where none of them has one
     * @param accepted how many tasks were accepted in it for the first time
     * @param waiting how many tasks waited for that when it ended, or at {@code at}
     */
    record Bucket(
            Instant from,
            @Nullable Statistic firstResponse,
            @Nullable Statistic response,
            int accepted,
            int waiting) {}
}
