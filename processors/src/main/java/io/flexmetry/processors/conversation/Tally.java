package io.flexmetry.processors.conversation;

import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.settings.MetricsConfiguration.ResponseFrom;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sums of one reservation while its messages are read in order. Constant in size. */
final class Tally {

    private static final long MILLIS = 1000;

    private final Instant acceptedAt;
    private final ResponseFrom responseFrom;
    private @Nullable Instant firstReplyAt;
    private @Nullable Instant waitingSince;
    private long waits;
    private long waitedMillis;
    private final Texts own = new Texts();
    private final Texts customer = new Texts();

    Tally(Instant acceptedAt, ResponseFrom responseFrom) {
        this.acceptedAt = acceptedAt;
        this.responseFrom = responseFrom;
    }

    void customerWrote(Message message) {
        customer.add(message);
        if (waitingSince == null || responseFrom == ResponseFrom.LAST) {
            waitingSince = message.createdAt();
        }
    }

    /** A message that nobody answered and that found its reservation only at the end. */
    void customerWroteInVain(Message message) {
        customer.add(message);
    }

    void ownAgentWrote(Message message) {
        own.add(message);
        Instant at = message.createdAt();
        if (firstReplyAt == null) {
            firstReplyAt = at;
        }
        if (waitingSince != null && !waitingSince.isBefore(acceptedAt)) {
            waits++;
            waitedMillis += Duration.between(waitingSince, at).toMillis();
        }
        waitingSince = null;
    }

    void otherAgentWrote() {
        waitingSince = null;
    }

    /**
     * The numbers that exist.
     *
     * @param decimals digits after the point; absent = as computed
     */
    Map<Metric, BigDecimal> values(@Nullable Integer decimals) {
        Map<Metric, BigDecimal> values = new EnumMap<>(Metric.class);
        if (firstReplyAt != null) {
            long millis = Duration.between(acceptedAt, firstReplyAt).toMillis();
            values.put(Metric.FIRST_RESPONSE_TIME, ratio(millis, MILLIS, decimals));
        }
        if (waits > 0) {
            values.put(Metric.AVERAGE_RESPONSE_TIME, ratio(waitedMillis, waits * MILLIS, decimals));
        }
        values.put(Metric.AGENT_MESSAGES, BigDecimal.valueOf(own.messages));
        values.put(Metric.CUSTOMER_MESSAGES, BigDecimal.valueOf(customer.messages));
        if (own.texts > 0) {
            values.put(Metric.AVERAGE_AGENT_LENGTH, ratio(own.length, own.texts, decimals));
        }
        if (customer.texts > 0) {
            values.put(Metric.AVERAGE_CUSTOMER_LENGTH, ratio(customer.length, customer.texts, decimals));
        }
        return values;
    }

    /** Without trailing zeros and with a scale of 0 at least, so that equal numbers are equal values. */
    private static BigDecimal ratio(long numerator, long denominator, @Nullable Integer decimals) {
        BigDecimal exact = decimals == null
                ? BigDecimal.valueOf((double) numerator / denominator)
                : BigDecimal.valueOf(numerator).divide(BigDecimal.valueOf(denominator), decimals, RoundingMode.HALF_UP);
        BigDecimal stripped = exact.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** Messages of one side: all count, those with text have a length. */
    private static final class Texts {
        private long messages;
        private long texts;
        private long length;

        private void add(Message message) {
            messages++;
            if (message.textLength() != null) {
                texts++;
                length += message.textLength();
            }
        }
    }
}
