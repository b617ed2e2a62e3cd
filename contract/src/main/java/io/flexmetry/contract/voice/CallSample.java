package io.flexmetry.contract.voice;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Voice quality of ten seconds of a call. Samples with the same time and direction are duplicates, even from different sources.
 *
 * @param at Twilio's clock
 * @param direction direction of the media stream: {@code inbound}, {@code outbound} or {@code both}
 * @param mos mean opinion score, 1.0 to 5.0; absent in the first seconds of a call
 * @param jitter milliseconds
 * @param roundTripTime milliseconds
 * @param packetsLost packets lost in these seconds
 * @param packetsReceived packets received in these seconds
 * @see <a href="https://www.twilio.com/docs/voice/voice-insights/api/call/call-metrics-resource">Twilio: call metrics</a>
 */
public record CallSample(
        Instant at,
        @AtMost(Limits.MOST_SID) @Nullable String direction,
        @Nullable BigDecimal mos,
        @Nullable BigDecimal jitter,
        @Nullable BigDecimal roundTripTime,
        @Nullable Long packetsLost,
        @Nullable Long packetsReceived) {}
