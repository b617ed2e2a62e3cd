package io.flexmetry.processors.conversation;

import io.flexmetry.contract.explain.ExplainedWait;
import io.flexmetry.contract.explain.ExplainedWait.Kind;
import io.flexmetry.contract.explain.Why;
import io.flexmetry.contract.metric.Metric;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

    private final Instant acceptedAt;
    private final boolean open;
    private final List<Message> own = new ArrayList<>();
    private final List<Message> others = new ArrayList<>();
    private final List<Reply> replies = new ArrayList<>();
    private @Nullable Message unanswered;

    /** The agent's message right after another author's. */
    private record Reply(Message to, Message by) {
        double seconds() {
            return SeedFold.seconds(to.createdAt(), by.createdAt());
        }
    }

    /**
     * Reads all messages.
     *
     * @param messages all of the conversation, in order
     */
    SeedFold(Reservation reservation, List<Message> messages, Authors authors) {
        this.acceptedAt = Objects.requireNonNull(reservation.acceptedAt());
        this.open = !reservation.isClosed();
        for (Message message : messages) {
            if (!reservation.workerSid().equals(authors.of(message).workerSid())) {
                others.add(message);
                unanswered = message;
                continue;
            }
            own.add(message);
            if (unanswered != null) {
                replies.add(new Reply(unanswered, message));
                unanswered = null;
            }
        }
    }

    /**
     * The six numbers.
     *
     * @param decimals digits after the point; absent = as computed
     */
    Map<Metric, BigDecimal> values(@Nullable Integer decimals) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        if (!own.isEmpty()) {
            values.put(
                    Metric.FIRST_RESPONSE_TIME, seconds(acceptedAt, own.get(0).createdAt()));
        }
        double waited = 0;
        for (int i = 1; i < replies.size(); i++) {
            waited += replies.get(i).seconds();
        }
        values.put(Metric.AVERAGE_RESPONSE_TIME, replies.size() > 1 ? waited / (replies.size() - 1) : Double.NaN);
        values.put(Metric.AGENT_MESSAGES, (double) own.size());
        values.put(Metric.CUSTOMER_MESSAGES, (double) others.size());
        values.put(Metric.AVERAGE_AGENT_LENGTH, averageLength(own));
        values.put(Metric.AVERAGE_CUSTOMER_LENGTH, averageLength(others));
        return Numbers.ofDoubles(values, decimals);
    }

    /** NaN without messages, as in JavaScript. */
    private static double averageLength(List<Message> messages) {
        long length = 0;
        for (Message message : messages) {
            length += message.textLength() == null ? 0 : message.textLength();
        }
        return (double) length / messages.size();
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }

    /** The waits behind the numbers, in order. */
    List<ExplainedWait> waits() {
        List<ExplainedWait> waits = new ArrayList<>();
        if (!own.isEmpty()) {
            Message first = own.get(0);
            waits.add(Transcript.ended(Kind.FIRST_RESPONSE, acceptedAt, null, first.createdAt(), first, 0, null));
        }
        for (int i = 0; i < replies.size(); i++) {
            Message to = replies.get(i).to;
            Message by = replies.get(i).by;
            Why why = i == 0 ? Why.FIRST_DROPPED : null;
            waits.add(Transcript.ended(Kind.RESPONSE, to.createdAt(), to.index(), by.createdAt(), by, 1, why));
        }
        if (open && unanswered != null) {
            if (own.isEmpty()) {
                waits.add(Transcript.lasting(Kind.FIRST_RESPONSE, acceptedAt, null, 0, true));
            }
            waits.add(Transcript.lasting(Kind.RESPONSE, unanswered.createdAt(), unanswered.index(), 1, true));
        }
        return waits;
    }
}
