package io.flexmetry.console.floor;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are asked for.
 *
 * @param since accepted at that time or later; absent for all
 * @param agent what the worker is called (a pseudonym where names are hidden), or WK…; absent for all
 * @param queue its name; absent for all
 */
public record RowsQuery(
        @Nullable Instant since,
        @Nullable String agent,
        @Nullable String queue) {

    /** The most rows of one answer: who wants more asks again, since the last one. */
    public static final int MOST_ROWS = 1_000;

    boolean takes(Figures row) {
        return (since == null || !row.acceptedAt().isBefore(since))
                && (agent == null || agent.equals(row.workerName()) || agent.equals(row.workerSid()))
                && (queue == null || queue.equals(row.queueName()));
    }
}
