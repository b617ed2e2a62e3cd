package io.flexmetry.console.floor;

import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the floor needs of a row. Rows are many: the rest of them is kept as it stands in the topic.
 *
 * @param closedAt wrap-up or end; absent while it runs
 * @param waitingSince from when the customer waits for a reply; absent where nobody waits
 * @param hasMessages whether its messages are measured
 * @param firstResponse s; absent like all numbers that do not exist
 * @param firstResponseInHours the same in business hours, s
 * @param response mean, s
 * @param focus s
 * @param mos 1 to 5
 * @param mosSamples how many samples that rests on
 */
record Figures(
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

    static Figures of(ReservationMetrics row) {
        Instant closedAt = row.wrapUpAt() == null ? row.endedAt() : row.wrapUpAt();
        return new Figures(
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

    /** Whether the agent is to write the first message. */
    boolean awaitsFirstResponse() {
        return isRunning() && hasMessages && firstResponse == null;
    }

    /** Whether it counts in a window: it runs, or closed in it. */
    boolean countsSince(Instant from) {
        return closedAt == null || !closedAt.isBefore(from);
    }

    String agent() {
        return workerName == null ? workerSid : workerName;
    }

    /** From acceptance to its close, s; 0 while it runs. */
    double handledSeconds() {
        return closedAt == null ? 0 : Duration.between(acceptedAt, closedAt).toMillis() / 1000.0;
    }
}
