package io.flexmetry.contract.voice;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * An agent's call sounds bad, and has for a while: the mean of its last three samples has been under 3.5 for thirty seconds.
 * Told once until it was better again. Keyed by the call.
 *
 * @param callSid CA… of the agent's leg
 * @param taskSid WT…
 * @param reservationSid WR…
 * @param workerSid WK…
 * @param since when it became so, Twilio's clock
 * @param at when it had lasted, Twilio's clock
 * @param mos mean of the last three samples
 */
public record LowQuality(
        String callSid,
        String taskSid,
        String reservationSid,
        String workerSid,
        Instant since,
        Instant at,
        BigDecimal mos) {}
