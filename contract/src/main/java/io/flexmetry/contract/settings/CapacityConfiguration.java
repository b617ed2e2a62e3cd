package io.flexmetry.contract.settings;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code capacity} of the YAML file: how many tasks of a channel an agent takes at a time. It repeats what TaskRouter has for
 * its workers' channels, because events tell only what changes, and do not say in which unit.
 *
 * @param channels by unique name of the task channel, from 1 to {@value #MOST}
 */
public record CapacityConfiguration(Map<String, Integer> channels) {

    /** What holds without a file: it is not known. */
    public static final CapacityConfiguration NONE = new CapacityConfiguration(Map.of());

    private static final int MOST = 100;

    /**
     * As it was written.
     *
     * @throws SettingsException if a channel has an impossible capacity
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public CapacityConfiguration(Map<String, Integer> channels) {
        this.channels = new TreeMap<>(channels);
        this.channels.forEach((channel, capacity) -> {
            if (capacity < 1 || capacity > MOST) {
                throw new SettingsException(
                        channel,
                        "Expected capacity." + channel + " to be from 1 to " + MOST + " tasks at a time but it is "
                                + capacity);
            }
        });
    }

    /** How many tasks of that channel an agent takes at a time; absent where it is not known. */
    public @Nullable Integer of(@Nullable String channel) {
        return channel == null ? null : channels.get(channel);
    }
}
