package io.flexmetry.contract.settings;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code beacon} of the YAML file.
 *
 * @param origins origins of the pages that may send beacons: scheme, host and port
 */
public record BeaconConfiguration(Set<String> origins) {

    private static final Set<String> DEFAULT_ORIGINS = Set.of("https://flex.twilio.com");

    public BeaconConfiguration(@Nullable Set<String> origins) {
        this.origins = origins == null ? DEFAULT_ORIGINS : Set.copyOf(origins);
        for (String origin : this.origins) {
            if (Origins.parse(origin).isEmpty()) {
                throw new SettingsException(
                        "origins",
                        "Expected beacon.origins to be origins such as https://flex.twilio.com but one is " + origin);
            }
        }
    }
}
