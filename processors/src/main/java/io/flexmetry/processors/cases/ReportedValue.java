package io.flexmetry.processors.cases;

import io.flexmetry.contract.event.Event;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A value that events report now and then: the newest report counts, and an event that says nothing of it takes nothing away.
 *
 * @param value absent where it was reported that there is none
 * @param at when it was so
 * @param by the event that said it; decides between two of the same instant
 */
public record ReportedValue(@Nullable String value, Instant at, String by) {

    private static final Comparator<ReportedValue> NEWNESS =
            Comparator.comparing(ReportedValue::at).thenComparing(ReportedValue::by);

    /** That an event says it. */
    public static ReportedValue in(Event event, @Nullable String value) {
        return new ReportedValue(value, event.occurredAt(), event.eventId());
    }

    /** That an event says it, if it does. */
    public static @Nullable ReportedValue ofNullable(Event event, @Nullable String value) {
        return value == null ? null : in(event, value);
    }

    /** The newer report of two; order does not matter. */
    public static @Nullable ReportedValue newest(@Nullable ReportedValue a, @Nullable ReportedValue b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return NEWNESS.compare(a, b) >= 0 ? a : b;
    }

    /** The earlier report of two; order does not matter. */
    public static @Nullable ReportedValue earliest(@Nullable ReportedValue a, @Nullable ReportedValue b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return NEWNESS.compare(a, b) <= 0 ? a : b;
    }

    /** What was reported; absent where nothing was. */
    public static @Nullable String valueOf(@Nullable ReportedValue reported) {
        return reported == null ? null : reported.value;
    }
}
