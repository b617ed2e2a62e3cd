package io.flexmetry.processors.conversation;

import io.flexmetry.contract.settings.MetricsConfiguration.ResponseFrom;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The sums of one reservation over the messages read so far. Constant in size.
 *
 * @param firstReplyAt the agent's first message
 * @param waitsFrom the first unanswered customer message
 * @param waitsTo the last unanswered customer message
 * @param unanswered customer messages since the last reply
 * @param waits counted waits
 * @param waitedMillis their sum
 * @param longestMillis the longest of them
 * @param own the agent's messages
 * @param customer customer messages that belong to the reservation
 * @param lastCustomerAt the last of them
 * @param turns how often the agent began to write
 * @param agentsTurn whether the agent wrote last
 * @param botMessages bots' messages in the window
 */
record Tally(
        @Nullable Instant firstReplyAt,
        @Nullable Instant waitsFrom,
        @Nullable Instant waitsTo,
        long unanswered,
        long waits,
        long waitedMillis,
        long longestMillis,
        Texts own,
        Texts customer,
        @Nullable Instant lastCustomerAt,
        long turns,
        boolean agentsTurn,
        long botMessages) {

    static final Tally NONE = new Tally(null, null, null, 0, 0, 0, 0, Texts.NONE, Texts.NONE, null, 0, false, 0);

    Tally customerWrote(Unclaimed messages) {
        return new Tally(
                firstReplyAt,
                earliest(waitsFrom, messages.waitsFrom()),
                latest(waitsTo, messages.waitsTo()),
                unanswered + messages.unanswered(),
                waits,
                waitedMillis,
                longestMillis,
                own,
                customer.plus(messages.texts()),
                latest(lastCustomerAt, messages.lastAt()),
                turns,
                agentsTurn,
                botMessages);
    }

    /** Somebody wrote whose turn it then was, in this reservation's window. */
    Tally customersTurn() {
        return new Tally(
                firstReplyAt,
                waitsFrom,
                waitsTo,
                unanswered,
                waits,
                waitedMillis,
                longestMillis,
                own,
                customer,
                lastCustomerAt,
                turns,
                false,
                botMessages);
    }

    /** The wait that a message of the agent would end now and that counts, in milliseconds; absent without one. */
    @Nullable
    Long countedWait(Instant at, Instant acceptedAt, ResponseFrom responseFrom) {
        Instant since = responseFrom == ResponseFrom.LAST ? waitsTo : waitsFrom;
        return since == null || since.isBefore(acceptedAt)
                ? null
                : (Long) Duration.between(since, at).toMillis();
    }

    Tally ownAgentWrote(Message message, Instant at, @Nullable Long wait) {
        return new Tally(
                firstReplyAt == null ? at : firstReplyAt,
                null,
                null,
                0,
                wait == null ? waits : waits + 1,
                wait == null ? waitedMillis : waitedMillis + wait,
                wait == null ? longestMillis : Math.max(longestMillis, wait),
                own.plus(Texts.of(message)),
                customer,
                lastCustomerAt,
                agentsTurn ? turns : turns + 1,
                true,
                botMessages);
    }

    Tally otherAgentWrote() {
        return new Tally(
                firstReplyAt,
                null,
                null,
                0,
                waits,
                waitedMillis,
                longestMillis,
                own,
                customer,
                lastCustomerAt,
                turns,
                agentsTurn,
                botMessages);
    }

    Tally botWrote() {
        return new Tally(
                firstReplyAt,
                waitsFrom,
                waitsTo,
                unanswered,
                waits,
                waitedMillis,
                longestMillis,
                own,
                customer,
                lastCustomerAt,
                turns,
                agentsTurn,
                botMessages + 1);
    }

    private static @Nullable Instant earliest(@Nullable Instant a, @Nullable Instant b) {
        return Reservation.earliest(a, b);
    }

    private static @Nullable Instant latest(@Nullable Instant a, @Nullable Instant b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.isAfter(b) ? a : b;
    }
}
