package io.flexmetry.contract.explain;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.flexmetry.contract.voice.Directions;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What the numbers of a call are worked out from: sums over its samples, of which a long call has thousands. Each sample is in it once.
 *
 * @param source on which way they came
 * @param directions how many there are of each direction; absent where an earlier version counted them
 * @param scores mean opinion scores of the samples that have one
 * @param minimum the lowest of these scores
 * @param low how many of them are below 3.5
 * @param jitter of the samples that have it, ms
 * @param roundTripTime of the samples that have it, ms
 * @param packetsLost of the samples that tell lost and received ones
 * @param packets lost and received ones of the same samples
 * @param counted whether the numbers are made of them
 * @param why they are not
 */
public record ExplainedSamples(
        Source source,
        @Nullable Directions directions,
        Sum scores,
        @Nullable BigDecimal minimum,
        long low,
        Sum jitter,
        Sum roundTripTime,
        long packetsLost,
        long packets,
        boolean counted,
        @Nullable Why why) {

    /** A sum, and of how many. */
    public record Sum(BigDecimal sum, long count) {}

    /** On which way samples came. */
    public enum Source {
        /** Twilio was asked for the call's metrics; all pages of the last answer. */
        @JsonProperty("metrics")
        METRICS,
        /** Twilio sent them while the call went on. */
        @JsonProperty("event-streams")
        EVENT_STREAMS
    }
}
