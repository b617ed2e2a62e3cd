package io.flexmetry.contract.outcome;

import java.time.Instant;

/**
 * The outcome of a command for a task. Keyed by the task.
 *
 * @param commandId the command's id
 * @param taskSid WT…
 * @param reservationSid WR… of the command's reservation
 * @param at when it was settled, our clock
 * @param attempts number of requests that change something, at least 0
 * @param result the result
 */
public record Outcome(
        String commandId, String taskSid, String reservationSid, Instant at, int attempts, Result result) {}
