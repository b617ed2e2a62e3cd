package io.flexmetry.processors.conversation;

import io.flexmetry.contract.settings.MetricsConfiguration.ResponseFrom;
import io.flexmetry.processors.cases.Compact;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The sums of one reservation over the messages read so far. Constant in size.
 *
 * @param firstReplyAt the agent's first message
 * @param unanswered customer messages without a reply
 * @param counted the waits that count
 * @param own the agent's messages
 * @param customer customer messages that belong to the reservation
 * @param lastCustomerAt when the last of them was sent
 * @param turns how the agent and the customer take turns
 * @param botMessages bots' messages in the window
 * @param idle how long each side waited for the other
 */
@Compact
record Tally(
        @Nullable Instant firstReplyAt,
        Wait unanswered,
        Counted counted,
        Texts own,
        Texts customer,
        @Nullable Instant lastCustomerAt,
        Turns turns,
        long botMessages,
        Idle idle) {

    static final Tally NONE =
            new Tally(null, Wait.NONE, Counted.NONE, Texts.NONE, Texts.NONE, null, Turns.NONE, 0, Idle.NONE);

    /**
     * The waits that count, milliseconds.
     *
     * @param open the part of the sum in business hours; absent where it is missing for any wait
     */
    @Compact
    record Counted(
            long waits, long sum, long longest, @Nullable Long open) {
        static final Counted NONE = new Counted(0, 0, 0, null);

        Counted plus(@Nullable Long wait, @Nullable Long openPart) {
            return wait == null
                    ? this
                    : new Counted(waits + 1, sum + wait, Math.max(longest, wait), openWith(openPart));
        }

        private @Nullable Long openWith(@Nullable Long openPart) {
            if (openPart == null || waits == 0) {
                return openPart;
            }
            return open == null ? null : (Long) (open + openPart);
        }
    }

    /**
     * How long each side waited for the other.
     *
     * @param agentMillis while the customer waited for an agent
     * @param customerMillis while it was the customer's turn
     * @param agentSince since when an agent is waited for
     * @param customerSince since when it is the customer's turn
     */
    @Compact
    record Idle(
            long agentMillis,
            long customerMillis,
            @Nullable Instant agentSince,
            @Nullable Instant customerSince) {
        static final Idle NONE = new Idle(0, 0, null, null);

        Idle customerWrote(Instant at) {
            return new Idle(
                    agentMillis,
                    customerMillis + millis(customerSince, at),
                    agentSince == null ? at : agentSince,
                    null);
        }

        Idle agentWrote(Instant at) {
            return new Idle(
                    agentMillis + millis(agentSince, at),
                    customerMillis,
                    null,
                    customerSince == null ? at : customerSince);
        }

        /** With the running wait ended. */
        Idle endedAt(Instant end) {
            return new Idle(
                    agentMillis + millis(agentSince, end), customerMillis + millis(customerSince, end), null, null);
        }

        private static long millis(@Nullable Instant from, Instant to) {
            return from == null || to.isBefore(from)
                    ? 0
                    : Duration.between(from, to).toMillis();
        }
    }

    /**
     * How agent and customer take turns.
     *
     * @param agents how often the agent began to write
     * @param isAgents whether the agent wrote last
     */
    @Compact
    record Turns(long agents, boolean isAgents) {
        static final Turns NONE = new Turns(0, false);

        Turns agentWrote() {
            return isAgents ? this : new Turns(agents + 1, true);
        }

        Turns customerWrote() {
            return new Turns(agents, false);
        }
    }

    Tally customerWrote(Unclaimed messages) {
        return new Tally(
                firstReplyAt,
                unanswered.plus(messages.unanswered()),
                counted,
                own,
                customer.plus(messages.texts()),
                Wait.latest(lastCustomerAt, messages.lastAt()),
                turns,
                botMessages,
                idle);
    }

    /** The customer wrote in the window, whichever reservation gets the message, or was waiting when the window began. */
    Tally customersTurn(Instant at) {
        return with(unanswered, turns.customerWrote(), botMessages, idle.customerWrote(at));
    }

    /** Since when the customer has waited for a reply, counted or not; absent without a wait. */
    @Nullable
    Instant waitedSince(ResponseFrom responseFrom) {
        return responseFrom == ResponseFrom.LAST ? unanswered.to() : unanswered.from();
    }

    /** The same, but absent if the wait does not count, because it began before the acceptance. */
    @Nullable
    Instant countedSince(Instant acceptedAt, ResponseFrom responseFrom) {
        Instant since = waitedSince(responseFrom);
        return since == null || since.isBefore(acceptedAt) ? null : since;
    }

    Tally ownAgentWrote(Message message, Instant at, @Nullable Long endedWait, @Nullable Long openPart) {
        return new Tally(
                firstReplyAt == null ? at : firstReplyAt,
                Wait.NONE,
                counted.plus(endedWait, openPart),
                own.plus(Texts.of(message)),
                customer,
                lastCustomerAt,
                turns.agentWrote(),
                botMessages,
                idle.agentWrote(at));
    }

    Tally otherAgentWrote(Instant at) {
        return with(Wait.NONE, turns, botMessages, idle.agentWrote(at));
    }

    Tally botWrote() {
        return with(unanswered, turns, botMessages + 1, idle);
    }

    /** With the texts and the counted waits unchanged. */
    private Tally with(Wait newUnanswered, Turns newTurns, long newBotMessages, Idle newIdle) {
        return new Tally(
                firstReplyAt, newUnanswered, counted, own, customer, lastCustomerAt, newTurns, newBotMessages, newIdle);
    }
}
