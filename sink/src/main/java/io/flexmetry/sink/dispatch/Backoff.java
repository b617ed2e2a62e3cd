package io.flexmetry.sink.dispatch;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The delay before the next attempt: random up to a bound that doubles with each failure (full jitter).
 *
 * @param initial bound before the second attempt
 * @param most upper limit of the bound
 * @param random source of the jitter
 */
public record Backoff(Duration initial, Duration most, RandomGenerator random) {

    private static final int DOUBLINGS = 20;

    /** Starts at 250 ms, up to 30 s. */
    public static Backoff standard() {
        return new Backoff(Duration.ofMillis(250), Duration.ofSeconds(30), RandomGenerator.getDefault());
    }

    /** The delay after this number of failures, at least 1. */
    Duration delay(int failures) {
        long bound = Math.min(most.toMillis(), initial.toMillis() << Math.min(failures - 1, DOUBLINGS));
        return Duration.ofMillis(random.nextLong(bound + 1));
    }
}
