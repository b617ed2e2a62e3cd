package io.flexmetry.processors.conversation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who spoke last in a conversation.
 *
 * @param customer the customer's last message
 * @param answer the first of an agent after that one; absent while the customer waits
 * @param agent the last of an agent
 * @param anyone the last of anybody but the system
 */
public record LastMessages(
        @Nullable Said customer,
        @Nullable Said answer,
        @Nullable Said agent,
        @Nullable Said anyone) {

    /** Nobody yet. */
    public static final LastMessages NONE = new LastMessages(null, null, null, null);

    /** A message: which and when. */
    public record Said(long index, Instant at) {}

    /** The customer wrote. */
    public LastMessages customerSaid(Said said) {
        return new LastMessages(said, null, agent, said);
    }

    /** An agent wrote. */
    public LastMessages agentSaid(Said said) {
        return new LastMessages(customer, answer == null ? said : answer, said, said);
    }

    /** Somebody else wrote who is not the system. */
    public LastMessages otherSaid(Said said) {
        return new LastMessages(customer, answer, agent, said);
    }
}
