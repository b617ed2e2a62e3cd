package io.flexmetry.processors.cases;

import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one feature for one reservation. Keyed by the task. A later contribution of the same feature replaces an earlier
 * one, unless its order is lower: contributions from different topics may overtake each other.
 *
 * @param feature the feature
 * @param taskSid WT…
 * @param reservationSid WR…
 * @param until the end of the window that the numbers cover; absent while it is open
 * @param values the numbers that exist
 * @param messages further facts on its messages
 * @param voice further facts on its call's quality
 * @param order rises with the knowledge of the feature; 0 where all contributions come from one topic
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

    /** A contribution without voice quality. */
    public Contribution(
            Feature feature,
            String taskSid,
            String reservationSid,
            @Nullable Instant until,
            Map<Metric, BigDecimal> values,
            ReservationMetrics.@Nullable Messages messages) {
        this(feature, taskSid, reservationSid, until, values, messages, null, 0);
    }

    /** The features that contribute numbers. */
    public enum Feature {
        /** Message metrics. */
        CONVERSATION,
        /** Focus time. */
        FOCUS,
        /** Steps about silences. */
        INACTIVITY,
        /** Voice quality. */
        VOICE
    }
}
