package io.flexmetry.processors.inactivity;

import java.time.Instant;

/**
 * The start of a silence.
 *
 * @param id what it starts with: {@code m} and the index of a message, the SID of a reservation or task, or {@code WT…/EV…} of a
 *     transfer's end
 * @param at when, Twilio's clock
 */
record SilenceStart(String id, Instant at) {

    static SilenceStart later(SilenceStart a, SilenceStart b) {
        return a.at.isBefore(b.at) ? b : a;
    }
}
