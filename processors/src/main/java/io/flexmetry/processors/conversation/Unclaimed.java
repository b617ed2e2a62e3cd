package io.flexmetry.processors.conversation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A customer's messages of which is not known yet to which reservation they belong, added up.
 *
 * @param texts the messages
 * @param lastAt when the last of them was sent
 * @param waitsFrom the first that nobody has answered
 * @param waitsTo the last that nobody has answered
 * @param unanswered how many nobody has answered
 */
record Unclaimed(
        Texts texts,
        Instant lastAt,
        @Nullable Instant waitsFrom,
        @Nullable Instant waitsTo,
        long unanswered) {

    static Unclaimed of(Message message, Instant at) {
        return new Unclaimed(Texts.of(message), at, at, at, 1);
    }

    Unclaimed plus(Unclaimed later) {
        return new Unclaimed(
                texts.plus(later.texts),
                later.lastAt,
                waitsFrom == null ? later.waitsFrom : waitsFrom,
                later.waitsTo == null ? waitsTo : later.waitsTo,
                unanswered + later.unanswered);
    }

    /** Somebody answered to whom they do not belong: they count, but nobody waits any more. */
    Unclaimed answered() {
        return new Unclaimed(texts, lastAt, null, null, 0);
    }
}
