package io.flexmetry.contract.explain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which call is a reservation's, and how it sounded.
 *
 * @param reservationSid WR…
 * @param workerSid WK…
 * @param acceptedAt when the agent accepted
 * @param closedAt wrap-up, or end without one; absent while it is open
 * @param callSid CA… of the agent's leg; absent where none was named that is this agent's
 * @param named the calls that events of the reservation named as the worker's, the earliest first; events of a transferred task name
 *     another agent's, too
 * @param why it has no call; absent where it has one
 * @param sound what is known of the call; absent without one
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
     * A call that was named.
     *
     * @param callSid CA…
     * @param at when an event of this reservation named it first
     * @param firstAt when an event of any of the task's did
     * @param belongsTo WR… of the reservation whose call it is, of those that named it: the one that had been accepted last when it was
     *     first named, or the one accepted first where there was none yet; of an agent's calls the one first named counts
     */
    public record Named(
            String callSid,
            Instant at,
            Instant firstAt,
            @Nullable String belongsTo) {}

    /** The same with what is known of the call. */
    public ExplainedCall with(ExplainedSound known) {
        return new ExplainedCall(reservationSid, workerSid, acceptedAt, closedAt, callSid, named, why, known);
    }
}
