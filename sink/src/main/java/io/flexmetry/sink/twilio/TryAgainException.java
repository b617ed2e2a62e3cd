package io.flexmetry.sink.twilio;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Twilio answered 429, and has done nothing, or 5xx, and the effect is unknown. A later attempt may succeed. */
public final class TryAgainException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable Duration retryAfter;

    TryAgainException(int status, @Nullable Duration retryAfter) {
        super("Twilio answered " + status);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    /** 429 or 5xx. */
    public int status() {
        return status;
    }

    /** How long Twilio wants us to wait; absent if it did not say. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
