package io.flexmetry.sink.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/** A monotonic clock and waits on it; tests simulate it. */
public interface Time {

    /** A point in time, comparable only with others of the same source. */
    Instant now();

    /** Waits for a signal, at most for this time; may return earlier. */
    void await(Condition signal, Duration most) throws InterruptedException;

    /** The system's monotonic clock, which is independent of changes of the wall clock. */
    static Time real() {
        return new Time() {
            @Override
            public Instant now() {
                return Instant.EPOCH.plusNanos(System.nanoTime());
            }

            @Override
            @SuppressWarnings("WaitNotInLoop") // the callers have the loops
            public void await(Condition signal, Duration most) throws InterruptedException {
                signal.awaitNanos(most.toNanos());
            }
        };
    }
}
