package io.flexmetry.contract.command;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Moves a task to another task channel: to one that takes no capacity while the customer is away, and back.
 *
 * @param commandId unique; the same decision always has the same id
 * @param taskSid WT…
 * @param reservationSid WR… of the agent's reservation; empty if nobody has accepted the task
 * @param issuedAt time of the decision, our clock
 * @param channel unique name of the new task channel
 * @param silence the silence that led to the command; absent on the way back
 */
public record SwitchTaskChannel(
        String commandId,
        String taskSid,
        String reservationSid,
        Instant issuedAt,
        String channel,
        @Nullable Silence silence)
        implements TaskCommand {}
