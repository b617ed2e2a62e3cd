package io.flexmetry.contract.explain;

import io.flexmetry.contract.metric.Metric;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a reservation, and the waits from which they are computed.
 *
 * @param reservationSid WR…
 * @param workerSid WK…
 * @param channel unique name of the task channel that decides what is measured; absent if unknown
 * @param acceptedAt start of the reservation's window
 * @param closedAt end of the window: wrap-up, or end without one; absent while it is open
 * @param values existing message metrics
 * @param waits the newest waits, in order; the first response precedes all others
 * @param left number of older waits that are left out
 * @param why why it is not measured; absent if it is
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
