package io.flexmetry.contract.settings;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code capacity} of the YAML file: how many tasks of a channel an agent takes at a time. It repeats TaskRouter's settings of
 * the workers' channels, because events contain only changes, and no unit.
 *
 * @param channels capacity by unique name of the task channel, 1 to {@value #MOST}
 */
public record CapacityConfiguration(Map<String, Integer> channels) {

    /** The default: capacities are unknown. */
    public static final CapacityConfiguration NONE = new CapacityConfiguration(Map.of());

    private static final int MOST = 100;

    /** @throws SettingsException if a capacity is out of range */
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

    /** Capacity of a channel; null if unknown. */
    public @Nullable Integer of(@Nullable String channel) {
        return channel == null ? null : channels.get(channel);
    }
}
