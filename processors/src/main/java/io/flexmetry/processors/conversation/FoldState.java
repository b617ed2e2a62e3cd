package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.Compact;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sums over the messages read so far. Its size depends on the number of reservations, not of messages.
 *
 * @param lastIndex of the last message read; −1 before the first
 * @param lastAt time of the last message read
 * @param waiting customer messages outside all windows that nobody has answered
 * @param contested customer messages in several windows; the key is the SIDs of those windows' reservations in the order
 *     of their acceptance, joined by commas
 * @param tallies by reservation SID
 * @param lastMessages who spoke last
 */
@Compact
record FoldState(
        long lastIndex,
        Instant lastAt,
        @Nullable Unclaimed waiting,

        @AtMost(value = MOST_CONTESTED, key = MOST_CONTENDERS)
        Map<String, Unclaimed> contested,

        @AtMost(Conversation.MOST_RESERVATIONS) Map<String, Tally> tallies,
        LastMessages lastMessages) {

    /** The most groups of contested messages. Beyond it the oldest group is settled as at the end. */
    static final int MOST_CONTESTED = 20;

    /** The SIDs of all reservations, joined. */
    static final int MOST_CONTENDERS = Conversation.MOST_RESERVATIONS * (Limits.MOST_SID + 1);

    static final FoldState START = new FoldState(-1, Instant.EPOCH, null, Map.of(), Map.of(), LastMessages.NONE);

    /** The same without reservations that were evicted. */
    FoldState only(Set<String> reservations) {
        return new FoldState(lastIndex, lastAt, waiting, contested, Kept.only(tallies, reservations), lastMessages);
    }
}
