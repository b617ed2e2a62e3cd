package io.flexmetry.sink.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stops asking when Twilio fails for several subjects in a row; then lets one try through now and again until it succeeds.
 * One subject that fails alone is its own problem.
 *
 * <p>Not thread-safe: its owner asks and tells it under a lock.
 */
final class Breaker {

    /** So many different subjects fail, with no success in between. */
    private static final int MOST_FAILING = 5;

    private static final Duration RECENT = Duration.ofMinutes(1);
    private static final Duration WHILE_PROBING = Duration.ofSeconds(1);

    private final Backoff backoff;
    private final Set<String> failing = new HashSet<>();
    private @Nullable Instant openUntil;
    private boolean probing;
    private int openings;
    private @Nullable Instant answeredAt;

    Breaker(Backoff backoff) {
        this.backoff = backoff;
    }

    /** How long until a try may begin; zero for at once. */
    Duration untilFree(Instant now) {
        if (openUntil == null) {
            return Duration.ZERO;
        }
        if (now.isBefore(openUntil)) {
            return Duration.between(now, openUntil);
        }
        return probing ? WHILE_PROBING : Duration.ZERO;
    }

    /** A try begins. */
    void taken() {
        probing = openUntil != null;
    }

    /** A try begun earlier is over, however it ended. */
    void ended() {
        probing = false;
    }

    /** Twilio answered and let us in. */
    void succeeded(Instant now) {
        answeredAt = now;
        close();
    }

    /** Twilio answered, but did not let us in: it does not fail, and serves nobody either. */
    void refused() {
        close();
    }

    private void close() {
        failing.clear();
        openUntil = null;
        probing = false;
        openings = 0;
    }

    /** Twilio did not answer, or with 5xx. */
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

    /** Whether Twilio has answered somebody not long ago. */
    boolean isAnswering(Instant now) {
        return answeredAt != null && now.isBefore(answeredAt.plus(RECENT));
    }
}
