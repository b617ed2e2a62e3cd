package io.flexmetry.processors.conversation;

import io.flexmetry.contract.calendar.BusinessHours;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.MetricValue;
import io.flexmetry.contract.settings.Configuration;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Numbers of a row; a number that does not exist is left out. */
final class Numbers {

    private static final long MILLIS = 1000;

    private final Map<Metric, BigDecimal> values = new EnumMap<>(Metric.class);
    private final @Nullable Integer decimals;

    private Numbers(@Nullable Integer decimals) {
        this.decimals = decimals;
    }

    /**
     * The numbers of a reservation.
     *
     * @param waits its counted waits, milliseconds; empty while they are not collected, because it is open
     */
    static Map<Metric, BigDecimal> of(
            Reservation reservation, Tally tally, List<Long> waits, Configuration configuration) {
        Numbers numbers = new Numbers(configuration.metrics().decimals());
        Instant acceptedAt = Objects.requireNonNull(reservation.acceptedAt());
        numbers.seconds(Metric.FIRST_RESPONSE_TIME, acceptedAt, tally.firstReplyAt());
        if (tally.counted().waits() > 0) {
            numbers.ratio(
                    Metric.AVERAGE_RESPONSE_TIME,
                    tally.counted().sum(),
                    tally.counted().waits() * MILLIS);
            numbers.ratio(Metric.LONGEST_RESPONSE_TIME, tally.counted().longest(), MILLIS);
        }
        BusinessHours hours = configuration.calendar().of(reservation.queueName());
        if (hours != null) {
            numbers.inHours(tally, acceptedAt, hours);
        }
        if (!waits.isEmpty()) {
            List<Long> sorted = waits.stream().sorted().toList();
            int middle = sorted.size() / 2;
            long twiceMedian = sorted.get(middle) + sorted.get((sorted.size() - 1) / 2);
            numbers.ratio(Metric.MEDIAN_RESPONSE_TIME, twiceMedian, 2 * MILLIS);
            int rank = (int) Math.ceil(0.9 * sorted.size());
            numbers.ratio(Metric.P90_RESPONSE_TIME, sorted.get(rank - 1), MILLIS);
        }
        numbers.count(Metric.COUNTED_WAITS, tally.counted().waits());
        numbers.count(Metric.UNANSWERED_MESSAGES, tally.unanswered().messages());
        numbers.side(tally.own(), Metric.AGENT_MESSAGES, Metric.AVERAGE_AGENT_LENGTH, Metric.AGENT_MEDIA);
        numbers.side(tally.customer(), Metric.CUSTOMER_MESSAGES, Metric.AVERAGE_CUSTOMER_LENGTH, Metric.CUSTOMER_MEDIA);
        numbers.count(Metric.AGENT_TURNS, tally.turns().agents());
        numbers.count(Metric.BOT_MESSAGES, tally.botMessages());
        Tally.Idle idle =
                reservation.closedAt() == null ? tally.idle() : tally.idle().endedAt(reservation.closedAt());
        numbers.ratio(Metric.AGENT_IDLE_TIME, idle.agentMillis(), MILLIS);
        numbers.ratio(Metric.CUSTOMER_IDLE_TIME, idle.customerMillis(), MILLIS);
        numbers.seconds(Metric.LAST_CUSTOMER_MESSAGE_TO_END, tally.lastCustomerAt(), reservation.closedAt());
        return numbers.values;
    }

    private void inHours(Tally tally, Instant acceptedAt, BusinessHours hours) {
        Instant firstReplyAt = tally.firstReplyAt();
        if (firstReplyAt != null && !firstReplyAt.isBefore(acceptedAt)) {
            ratio(
                    Metric.FIRST_RESPONSE_TIME_IN_HOURS,
                    hours.between(acceptedAt, firstReplyAt).toMillis(),
                    MILLIS);
        }
        Tally.Counted counted = tally.counted();
        if (counted.open() != null) {
            ratio(Metric.AVERAGE_RESPONSE_TIME_IN_HOURS, counted.open(), counted.waits() * MILLIS);
        }
    }

    /** Numbers in double precision, as JavaScript computes them. */
    static Map<Metric, BigDecimal> ofDoubles(Map<Metric, Double> doubles, @Nullable Integer decimals) {
        Numbers numbers = new Numbers(decimals);
        doubles.forEach((metric, value) -> {
            if (Double.isFinite(value)) {
                BigDecimal exact = BigDecimal.valueOf(value);
                numbers.values.put(
                        metric,
                        MetricValue.normal(decimals == null ? exact : exact.setScale(decimals, RoundingMode.HALF_UP)));
            }
        });
        return numbers.values;
    }

    private void side(Texts texts, Metric messages, Metric averageLength, Metric media) {
        count(messages, texts.messages());
        count(media, texts.media());
        if (texts.texts() > 0) {
            ratio(averageLength, texts.length(), texts.texts());
        }
    }

    private void count(Metric metric, long count) {
        values.put(metric, BigDecimal.valueOf(count));
    }

    private void seconds(Metric metric, @Nullable Instant from, @Nullable Instant to) {
        // a negative duration comes from contradictory events
        if (from != null && to != null && !to.isBefore(from)) {
            ratio(metric, Duration.between(from, to).toMillis(), MILLIS);
        }
    }

    private void ratio(Metric metric, long numerator, long denominator) {
        BigDecimal exact = decimals == null
                ? BigDecimal.valueOf((double) numerator / denominator)
                : BigDecimal.valueOf(numerator).divide(BigDecimal.valueOf(denominator), decimals, RoundingMode.HALF_UP);
        values.put(metric, MetricValue.normal(exact));
    }
}
