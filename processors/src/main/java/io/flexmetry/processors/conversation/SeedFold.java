package io.flexmetry.processors.conversation;

import io.flexmetry.contract.metric.Metric;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sample plugin's formulas including their defects, for comparison during a migration: all messages of the conversation
 * count, every author but the agent counts as the customer, a wait runs from the message right before the agent's, and the first
 * wait is dropped. Only a message without text, which makes the sample fail, counts as an empty text here.
 */
final class SeedFold {

    private SeedFold() {}

    /** Receives the waits behind the numbers. */
    interface Waits {

        Waits IGNORED = new Waits() {};

        /** The agent's first message. */
        default void replied(Message first) {}

        /** The agent's message after another author's. */
        default void waited(Message from, Message to, boolean counted) {}

        /** The last message is not the agent's; {@code first} if the agent has not written. */
        default void unanswered(Message last, boolean first) {}
    }

    /**
     * The six numbers.
     *
     * @param messages all of the conversation, in order
     * @param decimals digits after the point; absent = as computed
     * @param waits receives the waits behind them
     */
    static Map<Metric, BigDecimal> values(
            Reservation reservation, List<Message> messages, Authors authors, @Nullable Integer decimals, Waits waits) {
        Instant acceptedAt = Objects.requireNonNull(reservation.acceptedAt());
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        Message before = null;
        boolean ownBefore = false;
        long own = 0;
        long ownLength = 0;
        long others = 0;
        long othersLength = 0;
        long gaps = 0;
        double gapSeconds = 0;
        for (Message message : messages) {
            int length = message.textLength() == null ? 0 : message.textLength();
            boolean isOwn = reservation.workerSid().equals(authors.of(message).workerSid());
            if (isOwn) {
                own++;
                ownLength += length;
                if (values.putIfAbsent(Metric.FIRST_RESPONSE_TIME, seconds(acceptedAt, message.createdAt())) == null) {
                    waits.replied(message);
                }
                if (before != null && !ownBefore) {
                    boolean counted = gaps++ > 0;
                    gapSeconds += counted ? seconds(before.createdAt(), message.createdAt()) : 0;
                    waits.waited(before, message, counted);
                }
            } else {
                others++;
                othersLength += length;
            }
            before = message;
            ownBefore = isOwn;
        }
        if (before != null && !ownBefore) {
            waits.unanswered(before, own == 0);
        }
        values.put(Metric.AVERAGE_RESPONSE_TIME, gaps > 1 ? gapSeconds / (gaps - 1) : Double.NaN);
        values.put(Metric.AGENT_MESSAGES, (double) own);
        values.put(Metric.CUSTOMER_MESSAGES, (double) others);
        values.put(Metric.AVERAGE_AGENT_LENGTH, (double) ownLength / own);
        values.put(Metric.AVERAGE_CUSTOMER_LENGTH, (double) othersLength / others);
        return Numbers.ofDoubles(values, decimals);
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
