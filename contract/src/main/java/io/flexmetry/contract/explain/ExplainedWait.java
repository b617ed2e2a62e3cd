package io.flexmetry.contract.explain;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long somebody waited for a reservation's agent.
 *
 * @param kind for what
 * @param from its beginning
 * @param fromIndex of the message with which it began; absent where it began with the acceptance
 * @param to its end; absent while it lasts
 * @param toIndex of the message that ended it
 * @param seconds its length, not rounded
 * @param messages how many of the customer's messages waited in it
 * @param counted whether it is in the numbers
 * @param why it is not
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

    /** What is waited for. */
    public enum Kind {
        /** The agent's first message, from the acceptance on. */
        @JsonProperty("first-response")
        FIRST_RESPONSE,
        /** A reply to what the customer wrote. */
        @JsonProperty("response")
        RESPONSE
    }
}
