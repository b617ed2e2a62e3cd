package io.flexmetry.contract.voice;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How a call sounded as a whole, as Twilio's summary has it.
 *
 * @param mos mean opinion score, 1.0 to 5.0
 * @param jitter milliseconds
 * @param packetLoss share of the packets, 0 to 1
 */
public record CallMeans(
        @Nullable BigDecimal mos,
        @Nullable BigDecimal jitter,
        @Nullable BigDecimal packetLoss) {}
