package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far the messages of a conversation are read, and what they come to. Its size depends on the number of reservations,
 * not of messages.
 *
 * @param lastIndex of the messages read; −1 before the first
 * @param lastAt time of the last message read
 * @param waiting customer messages that no window holds and that nobody has answered
 * @param contested customer messages that several windows hold, by those windows' reservations in the order of
 *     their acceptance, joined by commas
 * @param tallies by reservation SID
 * @param lastMessages who spoke last
 */
record FoldState(
        long lastIndex,
        Instant lastAt,
        @Nullable Unclaimed waiting,

        @AtMost(value = MOST_CONTESTED, key = MOST_CONTENDERS)
        Map<String, Unclaimed> contested,

        @AtMost(Conversation.MOST_RESERVATIONS) Map<String, Tally> tallies,
        LastMessages lastMessages) {

    /** The most groups of reservations that contend for messages. Of one more, the oldest group's are settled as at the end. */
    static final int MOST_CONTESTED = 20;

    /** The SIDs of all reservations, joined. */
    static final int MOST_CONTENDERS = Conversation.MOST_RESERVATIONS * (Limits.MOST_SID + 1);

    static final FoldState START = new FoldState(-1, Instant.EPOCH, null, Map.of(), Map.of(), LastMessages.NONE);

    /** The same without reservations that are not known any more. */
    FoldState only(Set<String> reservations) {
        return reservations.containsAll(tallies.keySet())
                ? this
                : new FoldState(lastIndex, lastAt, waiting, contested, Kept.only(tallies, reservations), lastMessages);
    }
}
