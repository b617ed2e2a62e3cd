package io.flexmetry.sink.dispatch;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Limits the request rate: a token bucket that adapts to Twilio's limits. Twilio does not publish its limits; they show
 * as 429s. Until the first one only the configured limit applies. A 429 cuts the rate below the throughput of the last
 * second. Afterwards the rate grows again, slowly near the limit where the 429 came, and faster the longer no other 429
 * comes.
 *
 * <p>Not thread-safe: the owner holds a lock during each call.
 */
final class RateLimit {

    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final double LEAST = 1;
    private static final double FIRST_GUESS = 10;
    private static final double CUT = 0.9;
    private static final double HALVE = 0.5;
    private static final double NEAR = 0.95;
    private static final double CREEP = 1.01;
    private static final double WALK = 1.05;
    private static final double CLIMB = 1.1;
    private static final double RUN = 1.2;
    private static final Duration CREEP_FOR = Duration.ofSeconds(10);
    private static final Duration WALK_FOR = Duration.ofSeconds(30);

    /** The burst size, in seconds' worth of requests. */
    private static final double BURST_SECONDS = 0.1;

    private static final double NANOS = 1e9;

    private final double most;
    private double rate;
    private double tokens = 1;
    private Instant filledAt;
    private Instant windowStart;
    private int passed;
    private int passedBefore;
    private boolean wanted;
    private double ceiling = Double.POSITIVE_INFINITY;
    private @Nullable Instant cutAt;
    private @Nullable Instant pausedUntil;

    /**
     * Creates a rate limit.
     *
     * @param most configured limit in requests per second; infinite for none
     */
    RateLimit(double most, Instant now) {
        this.most = most;
        this.rate = most;
        this.filledAt = now;
        this.windowStart = now;
    }

    /** The current limit in requests per second. */
    double rate() {
        return rate;
    }

    /** How long until a request may be sent; zero for now. */
    Duration untilFree(Instant now) {
        advance(now);
        if (pausedUntil != null && now.isBefore(pausedUntil)) {
            return Duration.between(now, pausedUntil);
        }
        if (Double.isInfinite(rate) || tokens >= 1) {
            return Duration.ZERO;
        }
        wanted = true;
        return Duration.ofNanos((long) Math.ceil((1 - tokens) / rate * NANOS));
    }

    /** A request is sent. */
    void take(Instant now) {
        advance(now);
        if (!Double.isInfinite(rate)) {
            tokens -= 1;
        }
    }

    /** Twilio processed a request, with any result other than 429. */
    void passed(Instant now) {
        advance(now);
        passed++;
    }

    /**
     * Twilio refused a request because of its rate limit, or will refuse the next one.
     *
     * @param wait Twilio's {@code Retry-After}; absent if there was none
     */
    void stopped(Instant now, @Nullable Duration wait) {
        advance(now);
        if (wait != null && (pausedUntil == null || now.plus(wait).isAfter(pausedUntil))) {
            pausedUntil = now.plus(wait);
        }
        // many requests are in flight at once: their 429s count as one
        if (cutAt != null && now.isBefore(cutAt.plus(WINDOW))) {
            return;
        }
        cutAt = now;
        double through = Math.max(passed, passedBefore);
        ceiling = Math.max(LEAST, through);
        if (through > 0) {
            rate = Math.max(LEAST, Math.min(rate, through) * CUT);
        } else {
            rate = Double.isInfinite(rate) ? FIRST_GUESS : Math.max(LEAST, rate * HALVE);
        }
        tokens = Math.min(tokens, 0);
    }

    private void advance(Instant now) {
        if (!Double.isInfinite(rate)) {
            double seconds = Duration.between(filledAt, now).toNanos() / NANOS;
            tokens = Math.min(Math.max(1, rate * BURST_SECONDS), tokens + seconds * rate);
        }
        filledAt = now;
        while (!now.isBefore(windowStart.plus(WINDOW))) {
            if (wanted && !Double.isInfinite(rate)) {
                rate = Math.min(most, rate * growth(now));
            }
            boolean skipped = !now.isBefore(windowStart.plus(WINDOW).plus(WINDOW));
            passedBefore = skipped ? 0 : passed;
            passed = 0;
            wanted = false;
            windowStart = skipped ? now : windowStart.plus(WINDOW);
        }
    }

    private double growth(Instant now) {
        Duration quiet = cutAt == null ? WALK_FOR : Duration.between(cutAt, now);
        if (quiet.compareTo(WALK_FOR) >= 0) {
            return RUN;
        }
        if (rate < ceiling * NEAR * CUT) {
            return CLIMB;
        }
        return quiet.compareTo(CREEP_FOR) < 0 ? CREEP : WALK;
    }
}
