package io.flexmetry.contract.command;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Move a task to another task channel: to one that takes no capacity while the customer is away, and back.
 *
 * @param commandId unique, the same for the same decision
 * @param taskSid WT…
 * @param reservationSid WR… of the agent who has it; empty while nobody has
 * @param issuedAt our clock when it was decided
 * @param channel unique name of the channel
 * @param silence the silence that it is done about; absent on the way back
 */
public record SwitchTaskChannel(
        String commandId,
        String taskSid,
        String reservationSid,
        Instant issuedAt,
        String channel,
        @Nullable Silence silence)
        implements TaskCommand {}
