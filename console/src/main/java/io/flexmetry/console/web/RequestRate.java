package io.flexmetry.console.web;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A token bucket that limits the API requests of all clients together. Used on one event loop only. */
final class RequestRate {

    /** Enough for the pages that reconnect at once after a restart of the console. */
    static final int BURST = 500;

    private static final double PER_SECOND = 100;

    private final LongSupplier nanos;
    private double left = BURST;
    private long asOf;

    /**
     * Creates a full bucket.
     *
     * @param nanos a monotonic clock
     */
    RequestRate(LongSupplier nanos) {
        this.nanos = nanos;
        this.asOf = nanos.getAsLong();
    }

    /** Whether one more request may be answered now. */
    boolean take() {
        long now = nanos.getAsLong();
        left = Math.min(BURST, left + PER_SECOND * (now - asOf) / TimeUnit.SECONDS.toNanos(1));
        asOf = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
