package io.flexmetry.processors.cases;

import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a feature knows of one reservation. Keyed by the task; a later one of the same feature replaces an earlier one, unless
 * it has a lower order: those that come by different ways may overtake each other.
 *
 * @param feature who says it
 * @param taskSid WT…
 * @param reservationSid WR…
 * @param until the end of the window that the numbers cover; absent while it is open
 * @param values the numbers that exist
 * @param messages what else is known of its messages
 * @param voice what else is known of how its call sounded
 * @param order rises with what the feature knows; 0 where all come by one way
 */
public record Contribution(
        Feature feature,
        String taskSid,
        String reservationSid,
        @Nullable Instant until,
        Map<Metric, BigDecimal> values,
        ReservationMetrics.@Nullable Messages messages,
        ReservationMetrics.@Nullable Voice voice,
        int order) {

    /** The same, of a feature that says nothing of calls. */
    public Contribution(
            Feature feature,
            String taskSid,
            String reservationSid,
            @Nullable Instant until,
            Map<Metric, BigDecimal> values,
            ReservationMetrics.@Nullable Messages messages) {
        this(feature, taskSid, reservationSid, until, values, messages, null, 0);
    }

    /** The features that have numbers. */
    public enum Feature {
        /** Message metrics. */
        CONVERSATION,
        /** Focus time. */
        FOCUS,
        /** What silence led to. */
        INACTIVITY,
        /** How calls sounded. */
        VOICE
    }
}
