package io.flexmetry.processors.inactivity;

import java.time.Instant;

/**
 * A silence.
 *
 * @param id what began it
 * @param since when that was, Twilio's clock
 */
record Silenced(String id, Instant since) {

    static Silenced later(Silenced a, Silenced b) {
        return a.since.isBefore(b.since) ? b : a;
    }
}
