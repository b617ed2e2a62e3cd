package io.flexmetry.contract.metric;

import java.math.BigDecimal;
import java.time.Duration;

/** Normalised numbers for rows and attributes. */
public final class MetricValue {

    private static final int MILLIS = 3;

    private MetricValue() {}

    /** Seconds with millisecond precision. */
    public static BigDecimal seconds(Duration duration) {
        return normal(BigDecimal.valueOf(duration.toMillis(), MILLIS));
    }

    /** Without trailing zeros and with a scale of at least 0, so that equal numbers are equal values. */
    public static BigDecimal normal(BigDecimal exact) {
        BigDecimal stripped = exact.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
