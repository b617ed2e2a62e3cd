package io.flexmetry.processors.cases;

import io.flexmetry.contract.event.Event;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The newest word on something that a source may leave out. A source that says nothing of it takes nothing away.
 *
 * @param value absent where it was said that there is none
 * @param at when it was so
 * @param by the event that said it; decides between two of the same instant
 */
public record Told(@Nullable String value, Instant at, String by) {

    private static final Comparator<Told> NEWNESS =
            Comparator.comparing(Told::at).thenComparing(Told::by);

    /** That an event says it. */
    public static Told in(Event event, @Nullable String value) {
        return new Told(value, event.occurredAt(), event.eventId());
    }

    /** That an event says it, if it does. */
    public static @Nullable Told ifSaid(Event event, @Nullable String value) {
        return value == null ? null : in(event, value);
    }

    /** The newer word of two; order does not matter. */
    public static @Nullable Told newest(@Nullable Told a, @Nullable Told b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return NEWNESS.compare(a, b) >= 0 ? a : b;
    }

    /** The earlier word of two; order does not matter. */
    public static @Nullable Told earliest(@Nullable Told a, @Nullable Told b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return NEWNESS.compare(a, b) <= 0 ? a : b;
    }

    /** What was told. */
    public static @Nullable String valueOf(@Nullable Told told) {
        return told == null ? null : told.value;
    }
}
