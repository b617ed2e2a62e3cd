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
 * Opening hours by weekday, in local time. Changes of the UTC offset are taken into account: an hour that daylight saving time skips
 * does not count, an hour that it repeats counts twice.
 *
 * @param zone time zone of the hours
 * @param week sorted hours of each weekday; a day without hours is closed
 * @param holidays closed days
 */
public record BusinessHours(ZoneId zone, Map<DayOfWeek, List<OpenHours>> week, Set<LocalDate> holidays) {

    /** @throws IllegalArgumentException if there are no hours, or the hours of a day overlap */
    public BusinessHours {
        Map<DayOfWeek, List<OpenHours>> sorted = new EnumMap<>(DayOfWeek.class);
        week.forEach((day, hours) -> {
            if (!hours.isEmpty()) {
                sorted.put(day, hours.stream().sorted().toList());
            }
        });
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("Expected opening hours on at least one day but there are none");
        }
        sorted.forEach((day, hours) -> {
            for (int i = 1; i < hours.size(); i++) {
                if (hours.get(i).overlaps(hours.get(i - 1))) {
                    throw new IllegalArgumentException("Expected the hours of " + day + " not to overlap but "
                            + hours.get(i - 1) + " and " + hours.get(i) + " do");
                }
            }
        });
        week = Collections.unmodifiableMap(sorted);
        holidays = Set.copyOf(holidays);
    }

    /** Open time between two instants; zero unless {@code from} is before {@code to}. */
    public Duration between(Instant from, Instant to) {
        Duration open = Duration.ZERO;
        Instant time = from;
        while (time.isBefore(to)) {
            OpenInterval next = next(time, to);
            if (next == null) {
                return open;
            }
            open = open.plus(next.length());
            time = next.end;
        }
        return open;
    }

    /** The earliest instant by which that much open time, zero or more, has passed since {@code from}. */
    public Instant after(Instant from, Duration open) {
        Duration left = open;
        Instant time = from;
        while (!left.isZero()) {
            OpenInterval next = next(time, Instant.MAX);
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

    /** The first open interval from {@code from} on and before {@code to}, within one day and one UTC offset. */
    private @Nullable OpenInterval next(Instant from, Instant to) {
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
                    return new OpenInterval(start, end);
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

    private record OpenInterval(Instant start, Instant end) {

        Duration length() {
            return Duration.between(start, end);
        }
    }
}
