package io.flexmetry.processors.cases;

import io.flexmetry.contract.event.Event;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A value that some events report: the newest report counts, and an event without the value keeps the known one.
 *
 * @param value absent where the report says that there is none
 * @param at time of the event
 * @param by event id; breaks ties of the same instant
 */
@Compact
public record ReportedValue(@Nullable String value, Instant at, String by) {

    private static final Comparator<ReportedValue> NEWNESS =
            Comparator.comparing(ReportedValue::at).thenComparing(ReportedValue::by);

    /** The value that an event reports, even if absent. */
    public static ReportedValue in(Event event, @Nullable String value) {
        return new ReportedValue(value, event.occurredAt(), event.eventId());
    }

    /** The value that an event reports; absent where it reports none. */
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

    /** The value of a report; absent without either. */
    public static @Nullable String valueOf(@Nullable ReportedValue reported) {
        return reported == null ? null : reported.value;
    }
}
