package io.flexmetry.sink.twilio;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Controls when requests are sent, and observes their responses. */
public interface RequestGate {

    /**
     * A response.
     *
     * @param request kind of request: method and path without SIDs
     * @param sentAt the result of {@link #awaitTurn}
     * @param status HTTP status
     * @param retryAfter how long Twilio wants us to wait; absent if it did not say
     * @param exhausted whether Twilio reports that none of our rate limit remains
     */
    record Answer(
            String request,
            Instant sentAt,
            int status,
            @Nullable Duration retryAfter,
            boolean exhausted) {}

    /** Waits until the next request may be sent; returns that time. */
    Instant awaitTurn() throws InterruptedException;

    /** A response was received. */
    void answered(Answer answer);

    /** No limit and no observer. */
    static RequestGate free() {
        return new RequestGate() {
            @Override
            public Instant awaitTurn() {
                return Instant.EPOCH;
            }

            @Override
            public void answered(Answer answer) {
                // nothing to observe
            }
        };
    }
}
