package io.flexmetry.processors.conversation;

import io.flexmetry.contract.explain.Why;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Hears what {@link MessageFold} decides while it reads, so that it can be told why. The fold itself knows sums only. Of a
 * customer's message that is not decided yet, it hears the group in which it waits for that.
 */
interface Decisions {

    /** The group of messages that no window holds. All others are of reservations that contend for them. */
    String WAITING = "";

    /** Nobody listens. */
    Decisions UNHEARD = new Decisions() {};

    /** A message was read that is not there. */
    default void absent(Message message, Instant at) {}

    /** A message was read. What follows is about it, until the next one. */
    default void wrote(Message message, Instant at, Author author) {}

    /** It belongs to a reservation. */
    default void belongs(String reservationSid) {}

    /** It waits in that group. */
    default void undecided(String group) {}

    /** All messages of a group belong to a reservation, now that something else has happened. */
    default void decided(String group, String reservationSid) {}

    /** All messages of the group {@link #WAITING} belong to nobody. */
    default void lost(Why why) {}

    /** Of messages for which reservations contend none waits any more. */
    default void contestedAnswered() {}

    /**
     * A reservation's agent wrote.
     *
     * @param before what was known of the reservation until then
     * @param counted the counted wait that this ended, milliseconds, if it did
     */
    default void replied(String reservationSid, Tally before, @Nullable Long counted) {}

    /** Another agent wrote in a reservation's window. */
    default void interrupted(String reservationSid, Tally before) {}
}
