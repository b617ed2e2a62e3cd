package io.flexmetry.contract.explain;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A wait for a reservation's agent.
 *
 * @param kind what was waited for
 * @param from start
 * @param fromIndex index of the message that started it; absent if it started with the acceptance
 * @param to end; absent while it lasts
 * @param toIndex index of the message that ended it
 * @param seconds length, not rounded
 * @param messages number of the customer's messages in it
 * @param counted whether a metric uses it
 * @param why why it does not count
 */
public record ExplainedWait(
        Kind kind,
        Instant from,
        @Nullable Long fromIndex,
        @Nullable Instant to,
        @Nullable Long toIndex,
        @Nullable BigDecimal seconds,
        long messages,
        boolean counted,
        @Nullable Why why) {

    /** Kinds of waits. */
    public enum Kind {
        /** For the agent's first message, from the acceptance on. */
        @JsonProperty("first-response")
        FIRST_RESPONSE,
        /** For a reply to the customer's messages. */
        @JsonProperty("response")
        RESPONSE
    }
}
