package io.flexmetry.contract.explain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The call of a reservation, and its voice quality.
 *
 * @param reservationSid WR…
 * @param workerSid WK…
 * @param acceptedAt when the agent accepted
 * @param closedAt wrap-up, or end without one; absent while it is open
 * @param callSid CA… of the agent's leg; absent if no event named a call of this agent
 * @param named calls that the reservation's events named as the worker's, the earliest first; after a transfer, events also name calls of
 *     the other agent
 * @param why why there is no call; absent if there is one
 * @param sound voice quality of the call; absent without a call
 */
public record ExplainedCall(
        String reservationSid,
        String workerSid,
        Instant acceptedAt,
        @Nullable Instant closedAt,
        @Nullable String callSid,
        List<Named> named,
        @Nullable Why why,
        @Nullable ExplainedSound sound) {

    /**
     * A call that events of the reservation named.
     *
     * @param callSid CA…
     * @param at time of the first event of this reservation that named it
     * @param firstAt time of the first event of the task that named it
     * @param belongsTo WR… of the reservation to which the call belongs, among those that named it: the last one accepted before the call was
     *     first named, otherwise the first one accepted; if an agent has several calls, the one named first counts
     */
    public record Named(
            String callSid,
            Instant at,
            Instant firstAt,
            @Nullable String belongsTo) {}

    /** A copy with the call's voice quality. */
    public ExplainedCall with(ExplainedSound known) {
        return new ExplainedCall(reservationSid, workerSid, acceptedAt, closedAt, callSid, named, why, known);
    }
}
