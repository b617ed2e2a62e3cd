package io.flexmetry.contract.voice;

import org.jspecify.annotations.Nullable;

/**
 * What a call was like, by Twilio's summary of it.
 *
 * @param type Twilio's {@code call_type}: {@code client} is a call of the Voice SDK, others have no score
 * @param durationSeconds from the answer to the end
 * @param complete whether nothing more will be told
 * @param region the Twilio region or edge location that carried the media, if it was told
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
