package io.flexmetry.sink.dispatch;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: a random time up to a bound that doubles (full jitter).
 *
 * @param initial bound before the second try
 * @param most the largest bound
 * @param random source of the jitter
 */
public record Backoff(Duration initial, Duration most, RandomGenerator random) {

    private static final int DOUBLINGS = 20;

    /** A quarter of a second, up to half a minute. */
    public static Backoff standard() {
        return new Backoff(Duration.ofMillis(250), Duration.ofSeconds(30), RandomGenerator.getDefault());
    }

    /** After the first try that went wrong it is 1. */
    Duration delay(int failures) {
        long bound = Math.min(most.toMillis(), initial.toMillis() << Math.min(failures - 1, DOUBLINGS));
        return Duration.ofMillis(random.nextLong(bound + 1));
    }
}
