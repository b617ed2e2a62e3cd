package io.flexmetry.sink.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/** Time that only goes forward, and waiting for it; in tests it flies. */
public interface Time {

    /** A point in time; only good for comparing with others of the same source. */
    Instant now();

    /** Waits for a signal, but no longer than that; may return earlier. */
    void await(Condition signal, Duration most) throws InterruptedException;

    /** The machine's, which does not jump when somebody sets its clock. */
    static Time real() {
        return new Time() {
            @Override
            public Instant now() {
                return Instant.EPOCH.plusNanos(System.nanoTime());
            }

            @Override
            @SuppressWarnings("WaitNotInLoop") // the loops are those of the callers
            public void await(Condition signal, Duration most) throws InterruptedException {
                signal.awaitNanos(most.toNanos());
            }
        };
    }
}
