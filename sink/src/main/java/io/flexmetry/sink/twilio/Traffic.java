package io.flexmetry.sink.twilio;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says when a request may go out, and hears what came back. */
public interface Traffic {

    /** Waits until another request may go out. */
    void before() throws InterruptedException;

    /**
     * An answer came.
     *
     * @param status of HTTP
     * @param retryAfter how long Twilio wants us to wait; absent if it did not say
     * @param exhausted whether Twilio says that none of our limit remains
     */
    void answered(int status, @Nullable Duration retryAfter, boolean exhausted);
}
