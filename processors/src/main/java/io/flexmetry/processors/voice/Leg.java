package io.flexmetry.processors.voice;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An agent's leg of a call. Keyed by CallSid, where a later one replaces an earlier one.
 *
 * @param callSid CA…; absent if no event named one
 * @param taskSid WT…
 * @param reservationSid WR…
 * @param workerSid WK…
 * @param acceptedAt when the agent accepted
 * @param closedAt wrap-up, or end without one; absent until then
 * @param revision increases with each change of the leg
 */
record Leg(
        @Nullable String callSid,
        String taskSid,
        String reservationSid,
        String workerSid,
        Instant acceptedAt,
        @Nullable Instant closedAt,
        int revision) {

    Leg revised() {
        return new Leg(callSid, taskSid, reservationSid, workerSid, acceptedAt, closedAt, revision + 1);
    }
}
