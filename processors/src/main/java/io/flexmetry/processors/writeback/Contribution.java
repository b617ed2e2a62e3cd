package io.flexmetry.processors.writeback;

import io.flexmetry.contract.metric.Metric;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * What a feature knows of one reservation. Keyed by the task; a later one of the same feature replaces an earlier one.
 *
 * @param feature who says it
 * @param taskSid WT…
 * @param reservationSid WR…
 * @param until the end of the window that the numbers cover
 * @param values the numbers that exist
 */
public record Contribution(
        Feature feature, String taskSid, String reservationSid, Instant until, Map<Metric, BigDecimal> values) {

    /** The features that have numbers. */
    public enum Feature {
        /** Message metrics. */
        CONVERSATION
    }
}
