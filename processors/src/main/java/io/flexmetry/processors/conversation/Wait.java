package io.flexmetry.processors.conversation;

import io.flexmetry.processors.cases.ReservationWindow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Customer messages without a reply.
 *
 * @param from the first of them; absent when nobody waits
 * @param to the last of them
 * @param messages how many
 */
record Wait(@Nullable Instant from, @Nullable Instant to, long messages) {

    static final Wait NONE = new Wait(null, null, 0);

    static Wait of(Instant at) {
        return new Wait(at, at, 1);
    }

    Wait plus(Wait other) {
        return new Wait(ReservationWindow.earlier(from, other.from), latest(to, other.to), messages + other.messages);
    }

    static @Nullable Instant latest(@Nullable Instant a, @Nullable Instant b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.isAfter(b) ? a : b;
    }
}
