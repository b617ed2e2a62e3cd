package io.flexmetry.processors.conversation;

import java.time.Instant;

/**
 * A customer's messages of which is not known yet to which reservation they belong, added up.
 *
 * @param texts the messages
 * @param lastAt when the last of them was sent
 * @param unanswered those that nobody has answered
 */
record Unclaimed(Texts texts, Instant lastAt, Wait unanswered) {

    static Unclaimed of(Message message, Instant at) {
        return new Unclaimed(Texts.of(message), at, Wait.of(at));
    }

    Unclaimed plus(Unclaimed later) {
        return new Unclaimed(texts.plus(later.texts), later.lastAt, unanswered.plus(later.unanswered));
    }

    /** Somebody answered to whom they do not belong: they count, but nobody waits any more. */
    Unclaimed answered() {
        return new Unclaimed(texts, lastAt, Wait.NONE);
    }
}
