package io.flexmetry.processors.conversation;

import io.flexmetry.contract.explain.Why;
import io.flexmetry.processors.conversation.Authors.Recognised;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Receives what {@link MessageFold} decides on each message, for explanations; the fold itself keeps sums only. A customer's
 * message that is not decided yet is in a group.
 */
interface Decisions {

    /** The group of messages outside all windows. The other groups are contested. */
    String WAITING = "";

    /** Ignores all decisions. */
    Decisions IGNORED = new Decisions() {};

    /**
     * A message was read. The following calls are about it, until the next message.
     *
     * @param by who wrote it; absent if it was removed or is unlisted
     */
    default void read(Message message, Instant at, @Nullable Recognised by) {}

    /** The message belongs to a reservation. */
    default void belongs(String reservationSid) {}

    /** The message is in that group. */
    default void undecided(String group) {}

    /** All messages of a group belong to a reservation. */
    default void decided(String group, String reservationSid) {}

    /** All messages of the group {@link #WAITING} belong to no reservation. */
    default void lost(Why why) {}

    /** All contested messages are answered. */
    default void contestedAnswered() {}

    /**
     * A reservation's agent wrote.
     *
     * @param before the sums of the reservation before the message
     * @param counted whether the message ended a wait that counts
     */
    default void replied(String reservationSid, Tally before, boolean counted) {}

    /** Another agent wrote in a reservation's window. */
    default void interrupted(String reservationSid, Tally before) {}
}
