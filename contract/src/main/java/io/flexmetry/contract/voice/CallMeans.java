package io.flexmetry.contract.voice;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Mean voice quality of a whole call, from Twilio's call summary.
 *
 * @param mos mean opinion score, 1.0 to 5.0
 * @param jitter milliseconds
 * @param packetLoss share of lost packets, 0 to 1
 */
public record CallMeans(
        @Nullable BigDecimal mos,
        @Nullable BigDecimal jitter,
        @Nullable BigDecimal packetLoss) {}
