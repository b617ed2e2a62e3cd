package io.flexmetry.processors.conversation;

import java.time.Instant;
import java.util.Map;
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
 * @param speech who spoke last
 */
record FoldState(
        long lastIndex,
        Instant lastAt,
        @Nullable Unclaimed waiting,
        Map<String, Unclaimed> contested,
        Map<String, Tally> tallies,
        Speech speech) {

    static final FoldState START = new FoldState(-1, Instant.EPOCH, null, Map.of(), Map.of(), Speech.NONE);
}
