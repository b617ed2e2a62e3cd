package io.flexmetry.contract.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code focus} of the YAML file.
 *
 * @param heartbeat interval of the beacon's heartbeats; focus ends in a tab without events for three intervals
 * @param countHidden whether a hidden tab counts as focus
 */
public record FocusConfiguration(Duration heartbeat, boolean countHidden) {

    private static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration LONGEST_HEARTBEAT = Duration.ofMinutes(4);
    private static final int MISSED = 3;

    public FocusConfiguration(@Nullable Duration heartbeat, boolean countHidden) {
        this.heartbeat = heartbeat == null ? DEFAULT_HEARTBEAT : heartbeat;
        this.countHidden = countHidden;
        Durations.requireWithin(
                "heartbeat", "focus.heartbeat", this.heartbeat, Duration.ofSeconds(1), LONGEST_HEARTBEAT);
    }

    /** Focus ends after this time without an event of the tab. */
    public Duration patience() {
        return heartbeat.multipliedBy(MISSED);
    }
}
