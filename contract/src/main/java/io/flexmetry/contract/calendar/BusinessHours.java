package io.flexmetry.contract.calendar;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When somebody is there. Open is every moment at which the clock on the wall shows a time of the day's hours, whatever was done to
 * that clock: of the hour that it skips in spring nothing counts, and the one that it shows twice in autumn counts twice.
 *
 * @param zone of the clock
 * @param week hours of the weekdays, in their order; a day without any is closed
 * @param holidays days that are closed whatever their weekday
 */
public record BusinessHours(ZoneId zone, Map<DayOfWeek, List<OpenHours>> week, Set<LocalDate> holidays) {

    /**
     * Checks the hours.
     *
     * @throws IllegalArgumentException if there are none, or some of a day overlap
     */
    public BusinessHours {
        Map<DayOfWeek, List<OpenHours>> sorted = new EnumMap<>(DayOfWeek.class);
        week.forEach((day, hours) -> {
            if (!hours.isEmpty()) {
                sorted.put(day, hours.stream().sorted().toList());
            }
        });
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("Expected hours of one day at least but there are none");
        }
        sorted.forEach((day, hours) -> {
            for (int i = 1; i < hours.size(); i++) {
                if (hours.get(i).overlaps(hours.get(i - 1))) {
                    throw new IllegalArgumentException("Expected hours of " + day + " to be apart but "
                            + hours.get(i - 1) + " and " + hours.get(i) + " overlap");
                }
            }
        });
        week = Collections.unmodifiableMap(sorted);
        holidays = Set.copyOf(holidays);
    }

    /** How much of the time between two instants is open; nothing if the second one is not the later. */
    public Duration between(Instant from, Instant to) {
        Duration open = Duration.ZERO;
        Instant time = from;
        while (time.isBefore(to)) {
            Stretch next = next(time, to);
            if (next == null) {
                return open;
            }
            open = open.plus(next.length());
            time = next.end;
        }
        return open;
    }

    /**
     * The instant at which so much open time has passed.
     *
     * @param open nothing or more
     */
    public Instant after(Instant from, Duration open) {
        Duration left = open;
        Instant time = from;
        while (!left.isZero()) {
            Stretch next = next(time, Instant.MAX);
            if (next == null) {
                return Instant.MAX;
            }
            if (next.length().compareTo(left) >= 0) {
                return next.start.plus(left);
            }
            left = left.minus(next.length());
            time = next.end;
        }
        return time;
    }

    /** The first open time from an instant on and before another, as far as one day's hours and one offset from UTC go. */
    private @Nullable Stretch next(Instant from, Instant to) {
        ZoneRules rules = zone.getRules();
        Instant time = from;
        while (time.isBefore(to)) {
            ZoneOffset offset = rules.getOffset(time);
            ZoneOffsetTransition change = rules.nextTransition(time);
            Instant until = change == null || change.getInstant().isAfter(to) ? to : change.getInstant();
            LocalDate day = LocalDateTime.ofInstant(time, offset).toLocalDate();
            Instant midnight = day.atTime(LocalTime.MIN).toInstant(offset);
            for (OpenHours hours : of(day)) {
                Instant start = later(time, midnight.plus(Duration.ofMinutes(hours.from())));
                Instant end = earlier(until, midnight.plus(Duration.ofMinutes(hours.to())));
                if (start.isBefore(end)) {
                    return new Stretch(start, end);
                }
            }
            time = earlier(until, midnight.plus(Duration.ofDays(1)));
        }
        return null;
    }

    private List<OpenHours> of(LocalDate day) {
        return holidays.contains(day) ? List.of() : week.getOrDefault(day.getDayOfWeek(), List.of());
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private record Stretch(Instant start, Instant end) {

        Duration length() {
            return Duration.between(start, end);
        }
    }
}
