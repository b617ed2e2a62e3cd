package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.settings.CalendarConfiguration;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.Compact;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The newest queue name of a reservation; it decides which business hours apply.
 *
 * @param name of the queue, cut to the longest name that a calendar can have
 * @param at time of the event
 * @param by the beginning of the event id; breaks ties of the same instant
 */
@Compact
record QueueName(
        @AtMost(CalendarConfiguration.MOST_NAME) String name,
        Instant at,
        @AtMost(Limits.MOST_SID) String by) {

    private static final Comparator<QueueName> NEWNESS =
            Comparator.comparing(QueueName::at).thenComparing(QueueName::by).thenComparing(QueueName::name);

    /** The name in an event; absent where it has none. */
    static @Nullable QueueName ofNullable(Event event, @Nullable String name) {
        return name == null
                ? null
                : new QueueName(
                        cut(name, CalendarConfiguration.MOST_NAME),
                        event.occurredAt(),
                        cut(event.eventId(), Limits.MOST_SID));
    }

    /** The newer one; order does not matter. */
    static @Nullable QueueName newest(@Nullable QueueName a, @Nullable QueueName b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return NEWNESS.compare(a, b) >= 0 ? a : b;
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
