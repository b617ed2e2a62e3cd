package io.flexmetry.sink.twilio;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Twilio did nothing and may do it later: 429 or 5xx. */
public final class TryAgainException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final @Nullable Duration retryAfter;

    TryAgainException(int status, @Nullable Duration retryAfter) {
        super("Twilio answered " + status);
        this.retryAfter = retryAfter;
    }

    /** How long Twilio wants us to wait, if it said so. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
