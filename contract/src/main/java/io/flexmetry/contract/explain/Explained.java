package io.flexmetry.contract.explain;

import io.flexmetry.contract.metric.Metric;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a reservation, and the waits that they are made of.
 *
 * @param reservationSid WR…
 * @param workerSid WK…
 * @param channel unique name of the task channel as which it is measured, if it is known
 * @param acceptedAt where its window begins
 * @param closedAt where it ends: wrap-up, or end without one; absent while it is open
 * @param values message metrics that exist
 * @param waits the newest ones, in order; the first response before all others
 * @param left how many waits before these are left out
 * @param why it is not measured; absent where it is
 */
public record Explained(
        String reservationSid,
        String workerSid,
        @Nullable String channel,
        Instant acceptedAt,
        @Nullable Instant closedAt,
        Map<Metric, BigDecimal> values,
        List<ExplainedWait> waits,
        long left,
        @Nullable Why why) {}
