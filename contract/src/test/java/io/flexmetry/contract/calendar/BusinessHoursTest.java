package io.flexmetry.contract.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BusinessHoursTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final OpenHours ALL_DAY = new OpenHours(0, 1440);
    private static final OpenHours OFFICE = new OpenHours(540, 1020);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Zones whose clocks change at night, at midnight, by half an hour, by a whole day, and never. */
    private static final List<String> ZONES = List.of(
            "Europe/Berlin",
            "America/New_York",
            "Africa/Cairo",
            "America/Sao_Paulo",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Asia/Kolkata",
            "UTC");

    /** Times at which the clocks of these zones change. */
    private static final List<String> CHANGES = List.of(
            "2026-03-29T01:00:00Z",
            "2026-10-25T01:00:00Z",
            "2026-03-08T07:00:00Z",
            "2026-11-01T06:00:00Z",
            "2026-04-23T22:00:00Z",
            "2026-10-29T21:00:00Z",
            "2018-11-04T03:00:00Z",
            "2018-02-18T02:00:00Z",
            "2026-04-04T15:00:00Z",
            "2026-10-03T15:30:00Z",
            "2011-12-30T10:00:00Z",
            "2026-06-15T12:00:00Z");

    record Times(Instant from, Instant to) {}

    @Property(tries = 2_000)
    void shouldEqualACountOfOpenMinutes(@ForAll("hours") BusinessHours hours, @ForAll("times") Times times) {
        assertThat(hours.between(times.from, times.to)).isEqualTo(counted(hours, times.from, times.to));
    }

    @Property(tries = 2_000)
    void shouldReturnTheEarliestInstantAfterThatMuchOpenTime(
            @ForAll("hours") BusinessHours hours, @ForAll("times") Times times, @ForAll("lengths") Duration open) {
        Instant at = hours.after(times.from, open);

        assertThat(hours.between(times.from, at)).isEqualTo(open);
        assertThat(open.isZero() ? at : at.minusMillis(1))
                .as("no later than needed")
                .matches(before -> open.isZero()
                        ? before.equals(times.from)
                        : hours.between(times.from, before).compareTo(open) < 0);
    }

    @Property(tries = 500)
    void shouldBeAdditive(
            @ForAll("hours") BusinessHours hours, @ForAll("times") Times times, @ForAll("lengths") Duration more) {
        Instant later = times.to.plus(more);

        assertThat(hours.between(times.from, times.to).plus(hours.between(times.to, later)))
                .isEqualTo(hours.between(times.from, later));
    }

    @Example
    void shouldCountDaysWithClockChanges() {
        BusinessHours always = everyDay(ALL_DAY);

        assertThat(always.between(berlin("2026-03-29T00:00"), berlin("2026-03-30T00:00")))
                .isEqualTo(Duration.ofHours(23));
        assertThat(always.between(berlin("2026-10-25T00:00"), berlin("2026-10-26T00:00")))
                .isEqualTo(Duration.ofHours(25));
        assertThat(everyDay(new OpenHours(150, 300)).between(berlin("2026-03-29T00:00"), berlin("2026-03-30T00:00")))
                .as("from 02:30, which does not exist in that night, to 05:00")
                .isEqualTo(Duration.ofHours(2));
        assertThat(everyDay(new OpenHours(150, 240)).between(berlin("2026-10-25T00:00"), berlin("2026-10-26T00:00")))
                .as("from 02:30 to 04:00, with half an hour that occurs twice")
                .isEqualTo(Duration.ofHours(2));
    }

    @Example
    void shouldNotCountNightsWeekendsAndHolidays() {
        Map<DayOfWeek, List<OpenHours>> week = new EnumMap<>(DayOfWeek.class);
        for (DayOfWeek day : List.of(DayOfWeek.THURSDAY, DayOfWeek.FRIDAY, DayOfWeek.MONDAY)) {
            week.put(day, List.of(OFFICE));
        }
        BusinessHours hours = new BusinessHours(BERLIN, week, Set.of(LocalDate.parse("2026-12-25")));

        // Thursday, a holiday, the weekend, Monday
        assertThat(hours.between(berlin("2026-12-24T16:50"), berlin("2026-12-28T09:05")))
                .isEqualTo(Duration.ofMinutes(15));
        assertThat(hours.after(berlin("2026-12-24T16:50"), Duration.ofMinutes(10)))
                .as("the last moment of the day, not the first of the next")
                .isEqualTo(berlin("2026-12-24T17:00"));
        assertThat(hours.after(berlin("2026-12-24T16:50"), Duration.ofMinutes(11)))
                .isEqualTo(berlin("2026-12-28T09:01"));
        assertThat(hours.between(berlin("2026-12-28T09:05"), berlin("2026-12-24T16:50")))
                .as("backwards")
                .isZero();
    }

    @Example
    void shouldRefuseMissingOrOverlappingHours() {
        assertThatThrownBy(() -> new BusinessHours(BERLIN, Map.of(DayOfWeek.MONDAY, List.of()), Set.of()))
                .hasMessage("Expected opening hours on at least one day but there are none");
        assertThatThrownBy(() -> everyDay(new OpenHours(540, 600), new OpenHours(599, 660)))
                .hasMessage("Expected the hours of MONDAY not to overlap but 09:00-10:00 and 09:59-11:00 do");
        assertThatThrownBy(() -> new OpenHours(1320, 360)).hasMessageEndingWith("but they are 22:00-06:00");
        assertThat(everyDay(new OpenHours(540, 600), new OpenHours(600, 660)).week())
                .as("adjacent intervals do not overlap")
                .hasSize(7);
    }

    @Provide
    Arbitrary<BusinessHours> hours() {
        return Combinators.combine(
                        Arbitraries.of(ZONES),
                        Arbitraries.of(DayOfWeek.class).set().ofMinSize(1),
                        Arbitraries.randomValue(BusinessHoursTest::day))
                .as((zone, days, day) -> {
                    Map<DayOfWeek, List<OpenHours>> week = new EnumMap<>(DayOfWeek.class);
                    days.forEach(weekday -> week.put(weekday, day));
                    return new BusinessHours(
                            ZoneId.of(zone),
                            week,
                            Set.of(LocalDate.parse("2026-03-30"), LocalDate.parse("2026-10-24")));
                });
    }

    /** One to three intervals; with a bias to nights and whole days. */
    private static List<OpenHours> day(Random random) {
        if (random.nextInt(4) == 0) {
            return List.of(ALL_DAY);
        }
        List<Integer> ends = new ArrayList<>();
        int most = random.nextBoolean() ? 240 : 1440;
        int count = 1 + random.nextInt(3);
        while (ends.size() < 2 * count) {
            int end = random.nextInt(most + 1);
            if (!ends.contains(end)) {
                ends.add(end);
            }
        }
        Collections.sort(ends);
        List<OpenHours> hours = new ArrayList<>();
        for (int i = 0; i < ends.size(); i += 2) {
            hours.add(new OpenHours(ends.get(i), ends.get(i + 1)));
        }
        return hours;
    }

    @Provide
    Arbitrary<Times> times() {
        return Combinators.combine(
                        Arbitraries.of(CHANGES),
                        Arbitraries.integers().between(-2_000, 2_000),
                        Arbitraries.integers().between(0, 4_000))
                .as((change, before, length) -> {
                    Instant from = Instant.parse(change).plus(MINUTE.multipliedBy(before));
                    return new Times(from, from.plus(MINUTE.multipliedBy(length)));
                });
    }

    @Provide
    Arbitrary<Duration> lengths() {
        return Arbitraries.longs().between(0, 90_000).map(Duration::ofSeconds);
    }

    /** Counts the minutes whose local time is within the hours. */
    private static Duration counted(BusinessHours hours, Instant from, Instant to) {
        long minutes = 0;
        for (Instant minute = from; minute.isBefore(to); minute = minute.plus(MINUTE)) {
            LocalDateTime clock = LocalDateTime.ofInstant(minute, hours.zone());
            int shown = 60 * clock.getHour() + clock.getMinute();
            boolean open = !hours.holidays().contains(clock.toLocalDate())
                    && hours.week().getOrDefault(clock.getDayOfWeek(), List.of()).stream()
                            .anyMatch(some -> some.from() <= shown && shown < some.to());
            minutes += open ? 1 : 0;
        }
        return Duration.ofMinutes(minutes);
    }

    private static BusinessHours everyDay(OpenHours... hours) {
        Map<DayOfWeek, List<OpenHours>> week = new EnumMap<>(DayOfWeek.class);
        for (DayOfWeek day : DayOfWeek.values()) {
            week.put(day, List.of(hours));
        }
        return new BusinessHours(BERLIN, week, Set.of());
    }

    private static Instant berlin(String local) {
        return LocalDateTime.parse(local).atZone(BERLIN).toInstant();
    }
}
