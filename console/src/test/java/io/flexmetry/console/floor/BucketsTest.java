package io.flexmetry.console.floor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketsTest {

    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        // window, now, zone, first bucket, last bucket, number of buckets
        "FIVE_MINUTES,   2026-01-05T12:00:00Z,     UTC,             2026-01-05T11:55:00Z, 2026-01-05T12:00:00Z, 21",
        "FIVE_MINUTES,   2026-01-05T12:00:14.999Z, UTC,             2026-01-05T11:55:00Z, 2026-01-05T12:00:00Z, 21",
        "FIVE_MINUTES,   2026-01-05T12:00:15Z,     UTC,             2026-01-05T11:55:15Z, 2026-01-05T12:00:15Z, 21",
        "THIRTY_MINUTES, 2026-01-05T12:00:59Z,     UTC,             2026-01-05T11:30:00Z, 2026-01-05T12:00:00Z, 31",
        "TODAY,          2026-01-05T00:00:00Z,     UTC,             2026-01-05T00:00:00Z, 2026-01-05T00:00:00Z, 1",
        "TODAY,          2026-01-05T00:14:59.999Z, UTC,             2026-01-05T00:00:00Z, 2026-01-05T00:00:00Z, 1",
        "TODAY,          2026-01-05T00:15:00Z,     UTC,             2026-01-05T00:00:00Z, 2026-01-05T00:15:00Z, 2",
        "TODAY,          2026-01-05T23:59:59Z,     UTC,             2026-01-05T00:00:00Z, 2026-01-05T23:45:00Z, 96",
        "TODAY,          2026-01-05T12:00:00Z,     Asia/Kathmandu,  2026-01-04T18:15:00Z, 2026-01-05T12:00:00Z, 72",
        // an hour is skipped, an hour is repeated, half an hour is repeated
        "TODAY,          2026-03-29T21:59:59Z,     Europe/Berlin,   2026-03-28T23:00:00Z, 2026-03-29T21:45:00Z, 92",
        "TODAY,          2026-10-25T22:59:59Z,     Europe/Berlin,   2026-10-24T22:00:00Z, 2026-10-25T22:45:00Z, 100",
        "TODAY,          2026-04-05T13:29:59Z,     Australia/Lord_Howe, 2026-04-04T13:00:00Z, 2026-04-05T13:15:00Z, 98",
        // the day begins at one o'clock, because the hour before is skipped
        "TODAY,          2026-09-06T04:20:00Z,     America/Santiago, 2026-09-06T04:00:00Z, 2026-09-06T04:15:00Z, 2",
    })
    void shouldCutAWindow(Window window, Instant now, ZoneId zone, Instant first, Instant last, int count) {
        Buckets buckets = Buckets.of(window, now, zone);

        assertThat(buckets.count()).isEqualTo(count);
        assertThat(buckets.from(0)).isEqualTo(first);
        assertThat(buckets.from(count - 1)).isEqualTo(last);
        assertThat(buckets.holding(now)).isEqualTo(count - 1);
    }

    @ParameterizedTest
    @CsvSource({
        // a time, the bucket that contains it, the first one that ends at or after it; one bucket per minute from 11:30
        // to 12:00
        "2026-01-04T00:00:00Z,     -1,  0",
        "2026-01-05T11:29:59.999Z, -1,  0",
        "2026-01-05T11:30:00Z,      0,  0",
        "2026-01-05T11:30:59.999Z,  0,  0",
        "2026-01-05T11:31:00Z,      1,  0",
        "2026-01-05T11:31:00.001Z,  1,  1",
        "2026-01-05T11:59:59.999Z, 29, 29",
        "2026-01-05T12:00:00Z,     30, 29",
        "2026-01-05T12:00:00.001Z, 31, 31",
        "9999-01-01T00:00:00Z,     31, 31",
    })
    void shouldKnowWhereAMomentIs(Instant moment, int holding, int endingFrom) {
        Buckets buckets = Buckets.of(Window.THIRTY_MINUTES, NOON, ZoneId.of("UTC"));

        assertThat(buckets.holding(moment)).isEqualTo(holding);
        assertThat(buckets.endingFrom(moment)).isEqualTo(endingFrom);
    }

    @Test
    void shouldEndTheLastOneNow() {
        Buckets buckets = Buckets.of(Window.THIRTY_MINUTES, NOON.plusSeconds(40), ZoneId.of("UTC"));

        assertThat(buckets.endingFrom(NOON.plusSeconds(40))).isEqualTo(30);
        assertThat(buckets.endingFrom(NOON.plusSeconds(41))).isEqualTo(31);
    }
}
