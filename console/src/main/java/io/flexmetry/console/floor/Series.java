package io.flexmetry.console.floor;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A window in consecutive buckets of equal length. The last one is not complete.
 *
 * @param at when it was computed
 * @param window 5m, 30m or today
 * @param queue name of the queue; absent for all
 * @param seconds length of a bucket
 * @param buckets the earliest first; the first one starts with the window, or is the whole bucket that contains the
 *     window's start
 */
record Series(Instant at, String window, @Nullable String queue, long seconds, List<Bucket> buckets) {

    /**
     * One bucket.
     *
     * @param from its start, inclusive; it ends at the next bucket's start, exclusive
     * @param firstResponse first response times of the reservations that closed in it, in seconds; absent if there are
     *     none
     * @param response mean response times of these reservations, in seconds; absent if there are none
     * @param accepted number of tasks that were accepted for the first time
     * @param waiting number of tasks that were not accepted yet at its end, or at {@code at}
     */
    record Bucket(
            Instant from,
            @Nullable Statistic firstResponse,
            @Nullable Statistic response,
            int accepted,
            int waiting) {}
}
