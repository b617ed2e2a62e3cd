package io.flexmetry.contract.settings;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code voiceQuality} of the YAML file.
 *
 * @param enabled whether voice quality is measured
 * @param firstLookup time from wrap-up or end to the first look-up
 * @param giveUp time from wrap-up or end after which a score is no longer expected
 * @param edge where it is measured; {@code sdk_edge} is the agent's browser, and the only edge with a score
 */
public record VoiceConfiguration(boolean enabled, Duration firstLookup, Duration giveUp, String edge) {

    private static final Duration DEFAULT_FIRST_LOOKUP = Duration.ofSeconds(100);
    private static final Duration DEFAULT_GIVE_UP = Duration.ofMinutes(30);
    private static final Duration LONGEST_FIRST_LOOKUP = Duration.ofDays(1);
    /** The retention of the topics that contain the calls. */
    private static final Duration LONGEST_GIVE_UP = Duration.ofDays(7);

    private static final String SDK_EDGE = "sdk_edge";
    private static final List<String> EDGES = List.of(SDK_EDGE, "client_edge", "sip_edge", "carrier_edge");

    public VoiceConfiguration {
        Durations.requireWithin(
                "firstLookup", "voiceQuality.firstLookup", firstLookup, Duration.ofSeconds(1), LONGEST_FIRST_LOOKUP);
        Durations.requireWithin("giveUp", "voiceQuality.giveUp", giveUp, Duration.ofSeconds(1), LONGEST_GIVE_UP);
        if (giveUp.compareTo(firstLookup) <= 0) {
            throw new SettingsException(
                    "giveUp",
                    "Expected voiceQuality.giveUp to be longer than voiceQuality.firstLookup (" + firstLookup
                            + "), otherwise Twilio would never be asked, but it is " + giveUp);
        }
        if (!EDGES.contains(edge)) {
            throw new SettingsException(
                    "edge",
                    "Expected voiceQuality.edge to be one of " + String.join(", ", EDGES) + " but it is " + edge
                            + ". Did you mean " + Nearest.to(edge, EDGES) + "?");
        }
    }

    /** The configuration without a file. */
    public static VoiceConfiguration defaults() {
        return parse(null, null, null, null);
    }

    @JsonCreator
    static VoiceConfiguration parse(
            @JsonProperty("enabled") @Nullable Boolean enabled,
            @JsonProperty("firstLookup") @Nullable Duration firstLookup,
            @JsonProperty("giveUp") @Nullable Duration giveUp,
            @JsonProperty("edge") @Nullable String edge) {
        return new VoiceConfiguration(
                enabled == null || enabled,
                firstLookup == null ? DEFAULT_FIRST_LOOKUP : firstLookup,
                giveUp == null ? DEFAULT_GIVE_UP : giveUp,
                edge == null ? SDK_EDGE : edge);
    }
}
