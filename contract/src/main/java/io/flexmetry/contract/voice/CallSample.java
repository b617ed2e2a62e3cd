package io.flexmetry.contract.voice;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a call sounded in ten seconds of it. Two of the same time and direction are one, whichever way they came.
 *
 * @param at Twilio's clock
 * @param direction of the media stream: {@code inbound}, {@code outbound} or {@code both}
 * @param mos mean opinion score, 1.0 to 5.0; absent in the first seconds of a call
 * @param jitter milliseconds
 * @param roundTripTime milliseconds
 * @param packetsLost of these seconds
 * @param packetsReceived of these seconds
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
