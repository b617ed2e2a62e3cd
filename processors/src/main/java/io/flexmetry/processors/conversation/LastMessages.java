package io.flexmetry.processors.conversation;

import io.flexmetry.processors.cases.Compact;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The last messages of a conversation.
 *
 * @param customer the customer's last message
 * @param answer the first agent's message after that one; absent while the customer waits
 * @param agent the last message of an agent
 * @param anyone the last message that is not the system's
 */
@Compact
public record LastMessages(
        @Nullable Said customer,
        @Nullable Said answer,
        @Nullable Said agent,
        @Nullable Said anyone) {

    /** No messages. */
    public static final LastMessages NONE = new LastMessages(null, null, null, null);

    /** The index of a message, and when it was sent. */
    @Compact
    public record Said(long index, Instant at) {}

    /** The customer wrote. */
    public LastMessages customerSaid(Said said) {
        return new LastMessages(said, null, agent, said);
    }

    /** An agent wrote. */
    public LastMessages agentSaid(Said said) {
        return new LastMessages(customer, answer == null ? said : answer, said, said);
    }

    /** A bot or a supervisor wrote. */
    public LastMessages otherSaid(Said said) {
        return new LastMessages(customer, answer, agent, said);
    }
}
