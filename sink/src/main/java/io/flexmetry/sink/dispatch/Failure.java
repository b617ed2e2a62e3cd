package io.flexmetry.sink.dispatch;

import com.twilio.exception.ApiConnectionException;
import com.twilio.exception.ApiException;
import io.flexmetry.sink.twilio.TryAgainException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Why a try went wrong, and so what is to be done about it. */
sealed interface Failure {

    int BAD_REQUEST = 400;
    int UNAUTHORIZED = 401;
    int FORBIDDEN = 403;
    int NOT_FOUND = 404;
    int PRECONDITION_FAILED = 412;
    int TOO_MANY_REQUESTS = 429;

    /** Twilio does not know the subject (any more). Final. */
    record Gone() implements Failure {}

    /** It cannot be done. Final. */
    record Refused(String reason) implements Failure {}

    /** Somebody else wrote in between: read their version at once. */
    record Conflict(String reason) implements Failure {}

    /** Too fast. Nobody's fault. */
    record TooFast(Optional<Duration> told) implements Failure {}

    /** Our credentials are not accepted. Not the subject's fault, and a person may repair it. */
    record Locked(String reason) implements Failure {}

    /** Twilio failed, or there was no whole answer and what it did is unknown. */
    record Unavailable(String reason) implements Failure {}

    /** Tells by exception and status. Whatever is not known to be final is tried again. */
    static Failure of(RuntimeException e) {
        if (e instanceof TryAgainException again) {
            return again.status() == TOO_MANY_REQUESTS
                    ? new TooFast(again.retryAfter())
                    : new Unavailable("Twilio answered " + again.status());
        }
        if (e instanceof ApiConnectionException) {
            return new Unavailable(String.valueOf(e.getMessage()));
        }
        if (e instanceof ApiException api) {
            return of(Objects.requireNonNullElse(api.getStatusCode(), 0), api.getCode());
        }
        return new Refused("Expected an answer of Twilio's but could not read it: " + e);
    }

    private static Failure of(int status, Integer code) {
        String reason = "Twilio answered " + status + " code " + code;
        return switch (status) {
            case NOT_FOUND -> new Gone();
            case BAD_REQUEST -> new Refused(reason);
            case PRECONDITION_FAILED -> new Conflict(reason);
            case UNAUTHORIZED, FORBIDDEN -> new Locked(reason);
            default -> new Unavailable(reason);
        };
    }
}
