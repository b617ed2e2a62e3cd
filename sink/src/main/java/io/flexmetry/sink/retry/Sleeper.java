package io.flexmetry.sink.retry;

import java.time.Duration;

/** Waits; tests do not. */
@FunctionalInterface
public interface Sleeper {

    /** Waits for that long. */
    void sleep(Duration duration) throws InterruptedException;

    /** The real one. */
    static Sleeper real() {
        return duration -> Thread.sleep(duration.toMillis());
    }
}
