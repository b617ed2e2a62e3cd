package io.flexmetry.benchmarks.flink;

import io.flexmetry.benchmarks.flink.ChatEvent.Message;
import io.flexmetry.benchmarks.flink.ChatEvent.Reservation;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.MetricValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The six numbers of docs/metrics.md, for a conversation with one agent and one customer whose messages all have text.
 */
final class MessageMetrics {

    private static final int DECIMALS = 3;
    private static final int MILLIS = 1000;

    private MessageMetrics() {}

    /**
     * The numbers that exist.
     *
     * @param messages in the order of their indexes
     */
    static Map<Metric, BigDecimal> of(Reservation reservation, List<Message> messages) {
        Map<Metric, BigDecimal> values = new EnumMap<>(Metric.class);
        long agentMessages = 0;
        long agentLength = 0;
        long customerMessages = 0;
        long customerLength = 0;
        long waits = 0;
        long waited = 0;
        long waitingSince = -1;
        for (Message message : messages) {
            if (message.at() > reservation.wrapUpAt()) {
                continue;
            }
            if (!message.author().equals(reservation.identity())) {
                customerMessages++;
                customerLength += message.length();
                waitingSince = waitingSince < 0 ? message.at() : waitingSince;
                continue;
            }
            if (agentMessages == 0) {
                values.put(Metric.FIRST_RESPONSE_TIME, ratio(message.at() - reservation.acceptedAt(), MILLIS));
            }
            // earlier waits were time in the queue
            if (waitingSince >= reservation.acceptedAt()) {
                waits++;
                waited += message.at() - waitingSince;
            }
            agentMessages++;
            agentLength += message.length();
            waitingSince = -1;
        }
        values.put(Metric.AGENT_MESSAGES, BigDecimal.valueOf(agentMessages));
        values.put(Metric.CUSTOMER_MESSAGES, BigDecimal.valueOf(customerMessages));
        putRatio(values, Metric.AVERAGE_RESPONSE_TIME, waited, waits * MILLIS);
        putRatio(values, Metric.AVERAGE_AGENT_LENGTH, agentLength, agentMessages);
        putRatio(values, Metric.AVERAGE_CUSTOMER_LENGTH, customerLength, customerMessages);
        return values;
    }

    private static void putRatio(Map<Metric, BigDecimal> values, Metric metric, long numerator, long denominator) {
        if (denominator > 0) {
            values.put(metric, ratio(numerator, denominator));
        }
    }

    private static BigDecimal ratio(long numerator, long denominator) {
        return MetricValue.normal(
                BigDecimal.valueOf(numerator).divide(BigDecimal.valueOf(denominator), DECIMALS, RoundingMode.HALF_UP));
    }
}
