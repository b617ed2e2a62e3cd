package io.flexmetry.contract.voice;

import org.jspecify.annotations.Nullable;

/**
 * Type, duration and region of a call, from Twilio's call summary.
 *
 * @param type Twilio's {@code call_type}; {@code client} is a call of the Voice SDK, others have no score
 * @param durationSeconds time from answer to end
 * @param complete whether the summary is final
 * @param region Twilio region or edge location that carried the media, if known
 */
public record CallDescription(
        @Nullable String type,
        @Nullable Integer durationSeconds,
        boolean complete,
        @Nullable String region) {

    private static final String CLIENT = "client";

    /** Whether it is known not to be a call of the Voice SDK. */
    public boolean isForeign() {
        return type != null && !type.equals(CLIENT);
    }
}
