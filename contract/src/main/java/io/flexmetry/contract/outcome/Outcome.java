package io.flexmetry.contract.outcome;

import java.time.Instant;

/**
 * What became of a command. Keyed by the task.
 *
 * @param commandId the command's id
 * @param taskSid WT…
 * @param reservationSid WR… whose numbers were to be written
 * @param at our clock when it was settled
 * @param attempts requests that changed something or tried to, at least 0
 * @param result how it ended
 */
public record Outcome(
        String commandId, String taskSid, String reservationSid, Instant at, int attempts, Result result) {}
