package io.flexmetry.sink.retry;

import com.twilio.exception.ApiConnectionException;
import com.twilio.exception.ApiException;
import io.flexmetry.sink.twilio.TryAgainException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries until there is an outcome, and tells final answers of Twilio's from those that may be others the next time. */
public final class Retry {

    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;

    private final Backoff backoff;
    private final Sleeper sleeper;
    private final InstantSource clock;

    public Retry(Backoff backoff, Sleeper sleeper, InstantSource clock) {
        this.backoff = backoff;
        this.sleeper = sleeper;
        this.clock = clock;
    }

    /** With the pauses of a service. */
    public static Retry standard(InstantSource clock) {
        return new Retry(Backoff.standard(), Sleeper.real(), clock);
    }

    /**
     * How it ended.
     *
     * @param at our clock
     * @param attempts how often it was tried
     */
    public record Settled<R>(R result, Instant at, int attempts) {}

    /**
     * Tries until there is an outcome.
     *
     * @param subject SID of what it is about, for the log
     * @param attempt one try
     * @param gone what it comes to when Twilio does not know the subject
     * @param refused what it comes to when it cannot be done; is given the reason
     * @throws InterruptedException if it was stopped before there was an outcome
     */
    public <R> Settled<R> untilSettled(
            String subject, Supplier<R> attempt, Supplier<R> gone, Function<String, R> refused)
            throws InterruptedException {
        for (int attempts = 1; ; attempts++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("Stopped before there was an outcome");
            }
            try {
                return settled(attempt.get(), attempts);
            } catch (TryAgainException e) {
                pause(subject, attempts, e, e.retryAfter());
            } catch (ApiConnectionException e) {
                pause(subject, attempts, e, Optional.empty());
            } catch (ApiException e) {
                int status = Objects.requireNonNullElse(e.getStatusCode(), 0);
                if (status == NOT_FOUND) {
                    return settled(gone.get(), attempts);
                }
                if (status == BAD_REQUEST) {
                    return settled(refused.apply("Twilio answered " + status + " code " + e.getCode()), attempts);
                }
                // somebody else wrote in between: read their version at once, unless it goes on. The rest, 401 and 403
                // among it, is not the subject's fault, and a person may repair it
                if (status != PRECONDITION_FAILED || attempts > Backoff.QUICK_TRIES) {
                    pause(subject, attempts, e, Optional.empty());
                }
            } catch (RuntimeException e) {
                // the SDK stumbles over an answer that is not Twilio's; one subject must not hold up the others
                LOG.atError().addKeyValue("subject", subject).setCause(e).log("Could not read Twilio's answer");
                return settled(refused.apply("Expected an answer of Twilio's but could not read it: " + e), attempts);
            }
        }
    }

    private <R> Settled<R> settled(R result, int attempts) {
        return new Settled<>(result, clock.instant(), attempts);
    }

    private void pause(String subject, int attempt, RuntimeException cause, Optional<Duration> told)
            throws InterruptedException {
        Duration delay = told.orElseGet(() -> backoff.delay(attempt));
        LOG.atWarn()
                .addKeyValue("subject", subject)
                .addKeyValue("attempt", attempt)
                .addKeyValue("delay", delay)
                .addKeyValue("error", cause.getMessage())
                .log("Will try again");
        sleeper.sleep(delay);
    }
}
