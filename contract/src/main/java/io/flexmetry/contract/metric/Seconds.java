package io.flexmetry.contract.metric;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations as they stand in rows and attributes. */
public final class Seconds {

    private static final int MILLIS = 3;

    private Seconds() {}

    /** Seconds with the milliseconds, without trailing zeros, so that equal durations are equal values. */
    public static BigDecimal of(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(duration.toMillis(), MILLIS).stripTrailingZeros();
        return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
    }
}
