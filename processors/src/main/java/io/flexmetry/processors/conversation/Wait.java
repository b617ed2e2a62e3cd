package io.flexmetry.processors.conversation;

import io.flexmetry.processors.cases.Compact;
import io.flexmetry.processors.cases.ReservationWindow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Customer messages without a reply.
 *
 * @param from when the first one was sent; absent without any
 * @param to when the last one was sent
 * @param messages how many
 */
@Compact
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
