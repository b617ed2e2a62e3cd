package io.flexmetry.console.floor;

import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a row that the floor needs. Rows are many, so their other fields are kept only as JSON.
 *
 * @param closedAt wrap-up or end; absent while the reservation is open
 * @param waitingSince since when the customer waits for a reply; absent if no reply is due
 * @param hasMessages whether its messages are measured
 * @param firstResponse in seconds; absent, like all numbers, if it does not exist
 * @param firstResponseInHours the same in business hours, in seconds
 * @param response mean response time in seconds
 * @param focus focus time in seconds
 * @param mos 1 to 5
 * @param mosSamples number of samples of the score
 */
record ReservationSummary(
        String reservationSid,
        String taskSid,
        String workerSid,
        @Nullable String workerName,
        @Nullable String channel,
        @Nullable String queueName,
        Instant acceptedAt,
        @Nullable Instant closedAt,
        @Nullable Instant waitingSince,
        boolean hasMessages,
        @Nullable BigDecimal firstResponse,
        @Nullable BigDecimal firstResponseInHours,
        @Nullable BigDecimal response,
        @Nullable BigDecimal focus,
        @Nullable BigDecimal mos,
        @Nullable BigDecimal mosSamples,
        @Nullable String writeBack) {

    static ReservationSummary of(ReservationMetrics row) {
        Instant closedAt = row.wrapUpAt() == null ? row.endedAt() : row.wrapUpAt();
        return new ReservationSummary(
                row.reservationSid(),
                row.taskSid(),
                row.workerSid(),
                row.workerName(),
                row.channel(),
                row.queueName(),
                row.acceptedAt(),
                closedAt,
                closedAt != null || row.messages() == null
                        ? null
                        : row.messages().waitingSince(),
                row.messages() != null,
                row.values().get(Metric.FIRST_RESPONSE_TIME),
                row.values().get(Metric.FIRST_RESPONSE_TIME_IN_HOURS),
                row.values().get(Metric.AVERAGE_RESPONSE_TIME),
                row.values().get(Metric.FOCUS_TIME),
                row.values().get(Metric.MOS),
                row.values().get(Metric.MOS_SAMPLES),
                row.writeBack() == null ? null : row.writeBack().status());
    }

    boolean isRunning() {
        return closedAt == null;
    }

    /** Whether the agent has yet to write the first message. */
    boolean awaitsFirstResponse() {
        return isRunning() && hasMessages && firstResponse == null;
    }

    /** Whether it counts in a window: it is open, or was closed within the window. */
    boolean countsSince(Instant from) {
        return closedAt == null || !closedAt.isBefore(from);
    }

    String agent() {
        return workerName == null ? workerSid : workerName;
    }

    /** Seconds from acceptance to closing; 0 while the reservation is open. */
    double handledSeconds() {
        return closedAt == null ? 0 : Duration.between(acceptedAt, closedAt).toMillis() / 1000.0;
    }
}
