package io.flexmetry.contract.explain;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.flexmetry.contract.voice.Directions;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Sums over the samples of a call, from which its metrics are computed; a long call has thousands of samples. Duplicates count once.
 *
 * @param source where the samples came from
 * @param directions number of samples of each direction; absent if an earlier version counted them
 * @param scores mean opinion scores of the samples that have one
 * @param minimum lowest mean opinion score
 * @param low number of scores below 3.5
 * @param jitter jitter of the samples that have it, ms
 * @param roundTripTime round-trip time of the samples that have it, ms
 * @param packetsLost lost packets of the samples that have lost and received packets
 * @param packets lost plus received packets of the same samples
 * @param counted whether the metrics use these samples
 * @param why why they do not
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

    /** A sum, and the number of values in it. */
    public record Sum(BigDecimal sum, long count) {}

    /** Sources of samples. */
    public enum Source {
        /** A look-up of the call's metrics; all pages of the last response. */
        @JsonProperty("metrics")
        METRICS,
        /** Event Streams, during the call. */
        @JsonProperty("event-streams")
        EVENT_STREAMS
    }
}
