package io.flexmetry.sink.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | PT0S",
                "17 | PT17S",
                "300 | PT5M",
                "301 | PT5M",
                "999999 | PT5M",
                "99999999999999999999999999 | PT5M",
                "Mon, 05 Jan 2026 10:00:40 GMT | PT40S",
                "Mon, 05 Jan 2026 10:00:00 GMT | PT0S",
                "Tue, 06 Jan 2026 10:00:00 GMT | PT5M",
                "Fri, 31 Dec 9999 23:59:59 GMT | PT5M"
            })
    void shouldWaitForRetryAfterButFiveMinutesAtMost(String value, Duration expected) {
        assertThat(RetryAfter.parse(value, NOW)).hasValue(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "1.5", "soon", "1e9", "PT5S", "Mon, 05 Jan 2026 09:59:59 GMT", "Mon, 99 Jan 2026"})
    void shouldIgnoreWhatIsNoFutureTime(String value) {
        assertThat(RetryAfter.parse(value, NOW)).isEmpty();
    }
}
