package io.flexmetry.sink.dispatch;

import com.twilio.exception.ApiConnectionException;
import com.twilio.exception.ApiException;
import io.flexmetry.sink.twilio.TryAgainException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Why an attempt failed; it decides what to do next. */
sealed interface Failure {

    int BAD_REQUEST = 400;
    int UNAUTHORIZED = 401;
    int FORBIDDEN = 403;
    int NOT_FOUND = 404;
    int PRECONDITION_FAILED = 412;
    int TOO_MANY_REQUESTS = 429;

    /** Twilio does not know the subject (any more). Final. */
    record Gone() implements Failure {}

    /** The request is invalid. Final. */
    record Refused(String reason) implements Failure {}

    /** Somebody else has written in between: read again at once. */
    record Conflict(String reason) implements Failure {}

    /** Twilio answered 429. Not counted as a failure. */
    record RateLimited(Optional<Duration> retryAfter) implements Failure {}

    /** 401 or 403: about the resource, the kind of request or our credentials. {@link Access} decides which. */
    record AccessDenied(int status, String reason) implements Failure {}

    /** Our own code failed. Final, because it would fail again. */
    record Bug(String reason) implements Failure {}

    /** Twilio failed, or there was no complete response and the effect is unknown. */
    record Unavailable(String reason) implements Failure {}

    /** Classifies by exception and status. Everything that is not known to be final is retried. */
    static Failure of(RuntimeException e) {
        if (e instanceof TryAgainException again) {
            return again.status() == TOO_MANY_REQUESTS
                    ? new RateLimited(again.retryAfter())
                    : new Unavailable("Twilio answered " + again.status());
        }
        if (e instanceof ApiConnectionException) {
            return new Unavailable(String.valueOf(e.getMessage()));
        }
        if (e instanceof ApiException api) {
            return of(Objects.requireNonNullElse(api.getStatusCode(), 0), api);
        }
        return new Bug("Expected to execute the command but failed with " + e);
    }

    private static Failure of(int status, ApiException e) {
        String reason = "Twilio answered " + status + " code " + e.getCode();
        return switch (status) {
            case NOT_FOUND -> new Gone();
            case BAD_REQUEST -> new Refused(reason);
            case PRECONDITION_FAILED -> new Conflict(reason);
            case UNAUTHORIZED, FORBIDDEN -> new AccessDenied(status, reason + ": " + e.getMessage());
            default -> new Unavailable(reason);
        };
    }
}
