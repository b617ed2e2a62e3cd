package io.flexmetry.sink.twilio;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Says when a request may go out, and hears what came back. */
public interface Traffic {

    /**
     * An answer.
     *
     * @param request kind of request: method and path without SIDs
     * @param sentAt what {@link #before} gave
     * @param status of HTTP
     * @param retryAfter how long Twilio wants us to wait; absent if it did not say
     * @param exhausted whether Twilio says that none of our limit remains
     */
    record Answer(
            String request,
            Instant sentAt,
            int status,
            @Nullable Duration retryAfter,
            boolean exhausted) {}

    /** Waits until another request may go out; gives when that is. */
    Instant before() throws InterruptedException;

    /** An answer came. */
    void answered(Answer answer);

    /** Nobody waits, nobody hears. */
    static Traffic free() {
        return new Traffic() {
            @Override
            public Instant before() {
                return Instant.EPOCH;
            }

            @Override
            public void answered(Answer answer) {
                // nobody learns from it
            }
        };
    }
}
