package io.flexmetry.processors.voice;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An agent's part of a call. Keyed by the call; a later one replaces an earlier one.
 *
 * @param callSid CA…; absent where the task named none
 * @param taskSid WT…
 * @param reservationSid WR…
 * @param workerSid WK…
 * @param acceptedAt when the agent accepted
 * @param closedAt wrap-up, or end without one; absent until then
 * @param revision rises with what is told of the reservation
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
