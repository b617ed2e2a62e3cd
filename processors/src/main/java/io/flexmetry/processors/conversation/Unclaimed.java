package io.flexmetry.processors.conversation;

import io.flexmetry.processors.cases.Compact;
import java.time.Instant;

/**
 * Sums over a customer's messages that belong to no reservation yet.
 *
 * @param texts sums over the messages
 * @param lastAt when the last one was sent
 * @param unanswered the messages without an answer
 */
@Compact
record Unclaimed(Texts texts, Instant lastAt, Wait unanswered) {

    static Unclaimed of(Message message, Instant at) {
        return new Unclaimed(Texts.of(message), at, Wait.of(at));
    }

    Unclaimed plus(Unclaimed later) {
        return new Unclaimed(texts.plus(later.texts), later.lastAt, unanswered.plus(later.unanswered));
    }

    /** After an answer of an agent to whom they do not belong: they count, but the wait is over. */
    Unclaimed answered() {
        return new Unclaimed(texts, lastAt, Wait.NONE);
    }
}
