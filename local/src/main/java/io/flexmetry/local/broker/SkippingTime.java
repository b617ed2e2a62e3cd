package io.flexmetry.local.broker;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/**
 * The system's time, whose monotonic part can be moved ahead: what Kafka then sees is what it sees after the process stood
 * still for so long. The time of day stays what it is.
 */
final class SkippingTime implements Time {

    private final AtomicLong skippedNanos = new AtomicLong();

    /** Lets that much time have passed. */
    void skip(long nanos) {
        skippedNanos.addAndGet(nanos);
    }

    @Override
    public long milliseconds() {
        return SYSTEM.milliseconds();
    }

    @Override
    public long nanoseconds() {
        return SYSTEM.nanoseconds() + skippedNanos.get();
    }

    @Override
    public void sleep(long ms) {
        SYSTEM.sleep(ms);
    }

    @Override
    public void waitObject(Object obj, Supplier<Boolean> condition, long deadlineMs) throws InterruptedException {
        SYSTEM.waitObject(obj, condition, deadlineMs);
    }
}
