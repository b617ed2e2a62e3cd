package io.flexmetry.processors.conversation;

import org.jspecify.annotations.Nullable;

/**
 * Who wrote a message.
 *
 * @param role exactly one
 * @param workerSid WK… of an agent who is known
 */
record Author(Role role, @Nullable String workerSid) {

    /** What an author is in the conversation. */
    enum Role {
        AGENT,
        SUPERVISOR,
        BOT,
        CUSTOMER,
        SYSTEM
    }

    boolean isHumanAgent() {
        return role == Role.AGENT;
    }

    boolean isCustomer() {
        return role == Role.CUSTOMER;
    }
}
