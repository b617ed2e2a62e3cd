package io.flexmetry.console.web;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How often the API may be asked, by everybody together: a token bucket. Used by one event loop. */
final class RequestRate {

    /** As many pages as may come back at once after the console was away. */
    static final int BURST = 500;

    private static final double PER_SECOND = 100;

    private final LongSupplier nanos;
    private double left = BURST;
    private long asOf;

    /**
     * A full one.
     *
     * @param nanos a clock that never goes back
     */
    RequestRate(LongSupplier nanos) {
        this.nanos = nanos;
        this.asOf = nanos.getAsLong();
    }

    /** Whether one more may be answered now. */
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
