package io.flexmetry.console.floor;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;

/** The period that the statistics of the floor cover. */
public enum Window {
    FIVE_MINUTES("5m", Duration.ofSeconds(15)),
    THIRTY_MINUTES("30m", Duration.ofMinutes(1)),
    TODAY("today", Duration.ofMinutes(15));

    private final String label;
    private final Duration bucket;

    Window(String label, Duration bucket) {
        this.label = label;
        this.bucket = bucket;
    }

    /** Its name in requests. */
    public String label() {
        return label;
    }

    /** The window with this label. */
    public static Optional<Window> of(String label) {
        return Arrays.stream(values())
                .filter(window -> window.label.equals(label))
                .findFirst();
    }

    /** The length of its {@link Buckets}. */
    Duration bucket() {
        return bucket;
    }

    /** Its start. */
    Instant from(Instant now, ZoneId zone) {
        return switch (this) {
            case FIVE_MINUTES -> now.minus(Duration.ofMinutes(5));
            case THIRTY_MINUTES -> now.minus(Duration.ofMinutes(30));
            case TODAY -> now.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
        };
    }
}
