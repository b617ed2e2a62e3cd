package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.settings.CalendarConfiguration;
import io.flexmetry.contract.topic.AtMost;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The newest word on the queue of a reservation, as far as it decides which hours apply: short, because a conversation has many.
 *
 * @param name of the queue; cut where it is longer than the names that a calendar can have
 * @param at when it was so
 * @param by the beginning of the id of the event that said it; decides between two of the same instant
 */
record QueueName(
        @AtMost(CalendarConfiguration.MOST_NAME) String name,
        Instant at,
        @AtMost(Limits.MOST_SID) String by) {

    private static final Comparator<QueueName> NEWNESS =
            Comparator.comparing(QueueName::at).thenComparing(QueueName::by).thenComparing(QueueName::name);

    /** What an event says, if it says anything. */
    static @Nullable QueueName ofNullable(Event event, @Nullable String name) {
        return name == null
                ? null
                : new QueueName(
                        cut(name, CalendarConfiguration.MOST_NAME),
                        event.occurredAt(),
                        cut(event.eventId(), Limits.MOST_SID));
    }

    /** The newer word of two; order does not matter. */
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
