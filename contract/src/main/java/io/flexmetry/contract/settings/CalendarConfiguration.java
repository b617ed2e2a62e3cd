package io.flexmetry.contract.settings;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.flexmetry.contract.calendar.BusinessHours;
import io.flexmetry.contract.calendar.OpenHours;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code calendar} of the YAML file: opening hours of the contact centre.
 *
 * @param common opening hours of queues without their own; absent if those queues are always open
 * @param queues opening hours by queue name
 */
public record CalendarConfiguration(@Nullable BusinessHours common, Map<String, BusinessHours> queues) {

    /** The length of a queue name must be below {@value}. */
    public static final int MOST_NAME = 128;

    /** Always open. */
    public static final CalendarConfiguration NONE = new CalendarConfiguration(null, Map.of());

    private static final List<String> WEEKDAYS =
            Stream.of(DayOfWeek.values()).map(CalendarConfiguration::name).toList();
    private static final Pattern HOURS =
            Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d)-(?:([01]\\d|2[0-3]):([0-5]\\d)|24:00)");
    private static final int MINUTES_OF_HOUR = 60;
    private static final int MINUTES_OF_DAY = 24 * MINUTES_OF_HOUR;

    /** Opening hours of a queue; null if it is always open. */
    public @Nullable BusinessHours of(@Nullable String queueName) {
        BusinessHours own = queueName == null ? null : queues.get(queueName);
        return own == null ? common : own;
    }

    /**
     * One calendar of the file.
     *
     * @param zone null for the common one
     * @param holidays null for the common ones
     */
    record QueueCalendar(
            @Nullable ZoneId zone,
            Map<DayOfWeek, List<OpenHours>> hours,
            @Nullable Set<LocalDate> holidays) {

        @JsonCreator
        static QueueCalendar parse(
                @JsonProperty("zone") @Nullable String zone,
                @JsonProperty("hours") @Nullable Map<String, JsonNode> hours,
                @JsonProperty("holidays") @Nullable List<String> holidays) {
            return new QueueCalendar(zoneOf(zone), weekOf(hours), holidaysOf(holidays));
        }
    }

    @JsonCreator
    static CalendarConfiguration parse(
            @JsonProperty("zone") @Nullable String zone,
            @JsonProperty("hours") @Nullable Map<String, JsonNode> hours,
            @JsonProperty("holidays") @Nullable List<String> holidays,
            @JsonProperty("queues") @Nullable Map<String, QueueCalendar> queues) {
        QueueCalendar all = new QueueCalendar(
                zoneOf(zone),
                hours == null && queues != null && !queues.isEmpty() ? Map.of() : weekOf(hours),
                holidaysOf(holidays));
        Map<String, BusinessHours> own = new TreeMap<>();
        if (queues != null) {
            queues.forEach((name, queue) -> {
                if (name.length() >= MOST_NAME) {
                    throw new SettingsException(
                            "queues." + name,
                            "Expected names of queues to have fewer than " + MOST_NAME + " characters but one has "
                                    + name.length());
                }
                own.put(name, hours("queues." + name, queue, all));
            });
        }
        return new CalendarConfiguration(all.hours().isEmpty() ? null : hours("", all, all), own);
    }

    private static BusinessHours hours(String key, QueueCalendar calendar, QueueCalendar common) {
        ZoneId zone = calendar.zone() == null ? common.zone() : calendar.zone();
        if (zone == null) {
            throw new SettingsException(key, "Expected a calendar to have a zone, such as zone: Europe/Berlin");
        }
        Set<LocalDate> holidays = calendar.holidays() == null ? common.holidays() : calendar.holidays();
        return new BusinessHours(zone, calendar.hours(), holidays == null ? Set.of() : holidays);
    }

    private static @Nullable ZoneId zoneOf(@Nullable String name) {
        try {
            return name == null ? null : ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new SettingsException(
                    "zone",
                    "Expected a time zone such as Europe/Berlin but it is " + name + ". Did you mean "
                            + Nearest.to(name, ZoneId.getAvailableZoneIds()) + "?");
        }
    }

    private static Map<DayOfWeek, List<OpenHours>> weekOf(@Nullable Map<String, JsonNode> hours) {
        if (hours == null || hours.isEmpty()) {
            throw new SettingsException(
                    hours == null ? "" : "hours",
                    "Expected a calendar to have hours of at least one weekday, such as hours: { monday: 09:00-17:00 }");
        }
        Map<DayOfWeek, List<OpenHours>> week = new EnumMap<>(DayOfWeek.class);
        hours.forEach((day, written) -> {
            int weekday = WEEKDAYS.indexOf(day);
            if (weekday < 0) {
                throw new SettingsException(
                        "hours." + day,
                        "Expected a weekday but it is " + day + ". Did you mean " + Nearest.to(day, WEEKDAYS) + "?");
            }
            week.put(DayOfWeek.of(weekday + 1), ofDay("hours." + day, written));
        });
        return week;
    }

    private static List<OpenHours> ofDay(String key, JsonNode written) {
        if (!written.isArray()) {
            return List.of(interval(key, written));
        }
        List<OpenHours> hours = new ArrayList<>();
        for (JsonNode one : written) {
            String place = key + "[" + hours.size() + "]";
            OpenHours interval = interval(place, one);
            for (OpenHours other : hours) {
                if (interval.overlaps(other)) {
                    throw new SettingsException(
                            place, "Expected the hours of a day not to overlap but " + interval + " overlaps " + other);
                }
            }
            hours.add(interval);
        }
        if (hours.isEmpty()) {
            throw new SettingsException(
                    key, "Expected hours, such as 09:00-17:00, but there are none. Leave out a closed day");
        }
        return hours;
    }

    private static OpenHours interval(String key, JsonNode written) {
        Matcher hours = HOURS.matcher(written.asText());
        if (!written.isTextual() || !hours.matches()) {
            throw new SettingsException(
                    key,
                    "Expected hours from 00:00 to 24:00, such as 09:00-17:00, but it is "
                            + (written.isValueNode() && !written.isNull() ? written.asText() : "something else"));
        }
        int from = minute(hours.group(1), hours.group(2));
        int to = hours.group(3) == null ? MINUTES_OF_DAY : minute(hours.group(3), hours.group(4));
        if (from >= to) {
            throw new SettingsException(
                    key,
                    "Expected hours to start before they end but they are " + written.asText()
                            + ". Split hours over midnight between both days: 22:00-24:00 on the first, 00:00-06:00 on the second");
        }
        return new OpenHours(from, to);
    }

    private static int minute(String hour, String minute) {
        return Integer.parseInt(hour) * MINUTES_OF_HOUR + Integer.parseInt(minute);
    }

    private static @Nullable Set<LocalDate> holidaysOf(@Nullable List<String> written) {
        if (written == null) {
            return null;
        }
        Set<LocalDate> days = new TreeSet<>();
        for (int i = 0; i < written.size(); i++) {
            String key = "holidays[" + i + "]";
            LocalDate day;
            try {
                day = LocalDate.parse(written.get(i));
            } catch (DateTimeException e) {
                throw new SettingsException(key, "Expected a date such as 2026-12-25 but it is " + written.get(i));
            }
            if (!days.add(day)) {
                throw new SettingsException(
                        key, "Expected each holiday to be listed once but " + day + " is listed twice");
            }
        }
        return days;
    }

    private static String name(DayOfWeek day) {
        return day.name().toLowerCase(Locale.ROOT);
    }
}
