package io.flexmetry.processors.conversation;

import io.flexmetry.processors.cases.Compact;
import org.jspecify.annotations.Nullable;

/**
 * Who wrote a message.
 *
 * @param role the author's role
 * @param workerSid WK… of an agent, if known
 */
@Compact
record Author(Role role, @Nullable String workerSid) {

    /** Each author has exactly one role. */
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
