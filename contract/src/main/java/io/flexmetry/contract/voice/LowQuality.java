package io.flexmetry.contract.voice;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * The voice quality of an agent's call is low: the mean of its last three samples has been below 3.5 for thirty seconds. Published once,
 * and again only after the quality has recovered in between. Keyed by the call.
 *
 * @param callSid CA… of the agent's leg
 * @param taskSid WT…
 * @param reservationSid WR…
 * @param workerSid WK…
 * @param since when the mean fell below the threshold, Twilio's clock
 * @param at when it had lasted for thirty seconds, Twilio's clock
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
