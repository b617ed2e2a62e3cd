package io.flexmetry.sink.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker: opens when requests fail for several subjects in a row, then lets single attempts through until
 * one succeeds. Failures of a single subject do not open it.
 *
 * <p>Not thread-safe: the owner holds a lock during each call.
 */
final class CircuitBreaker {

    /** Opens when this many different subjects fail without a success in between. */
    private static final int MOST_FAILING = 5;

    private static final Duration RECENT = Duration.ofMinutes(1);
    private static final Duration WHILE_PROBING = Duration.ofSeconds(1);

    private final Backoff backoff;
    private final Set<String> failing = new HashSet<>();
    private @Nullable Instant openUntil;
    private boolean probing;
    private int openings;
    private @Nullable Instant answeredAt;

    CircuitBreaker(Backoff backoff) {
        this.backoff = backoff;
    }

    /** How long until an attempt may begin; zero for now. */
    Duration untilFree(Instant now) {
        if (openUntil == null) {
            return Duration.ZERO;
        }
        if (now.isBefore(openUntil)) {
            return Duration.between(now, openUntil);
        }
        return probing ? WHILE_PROBING : Duration.ZERO;
    }

    /** An attempt begins. */
    void taken() {
        probing = openUntil != null;
    }

    /** An attempt has ended, with any result. */
    void ended() {
        probing = false;
    }

    /** Twilio accepted a request. */
    void succeeded(Instant now) {
        answeredAt = now;
        close();
    }

    /** Twilio answered 401 or 403: the service is up, but the request was not accepted. */
    void refused() {
        close();
    }

    private void close() {
        failing.clear();
        openUntil = null;
        probing = false;
        openings = 0;
    }

    /** Twilio did not answer, or answered 5xx. */
    void failed(Instant now, String subject) {
        failing.add(subject);
        if (probing || failing.size() >= MOST_FAILING) {
            open(now);
        }
    }

    private void open(Instant now) {
        if (openUntil == null || !now.isBefore(openUntil)) {
            openings++;
            openUntil = now.plus(backoff.delay(openings));
        }
        probing = false;
    }

    /** Whether Twilio has accepted a request within the last minute. */
    boolean isAnswering(Instant now) {
        return answeredAt != null && now.isBefore(answeredAt.plus(RECENT));
    }
}
