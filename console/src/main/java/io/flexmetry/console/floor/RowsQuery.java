package io.flexmetry.console.floor;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The filter of a request for rows.
 *
 * @param since accepted at this time or later; absent for all
 * @param agent name of the worker (a pseudonym if names are hidden), or WK…; absent for all
 * @param queue name of the queue; absent for all
 */
public record RowsQuery(
        @Nullable Instant since,
        @Nullable String agent,
        @Nullable String queue) {

    /** The maximum of rows in one answer; the next request continues with {@code since}. */
    public static final int MOST_ROWS = 1_000;

    boolean takes(ReservationSummary row) {
        return (since == null || !row.acceptedAt().isBefore(since))
                && (agent == null || agent.equals(row.workerName()) || agent.equals(row.workerSid()))
                && (queue == null || queue.equals(row.queueName()));
    }
}
