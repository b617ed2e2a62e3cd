package io.flexmetry.sink.twilio;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * The header {@code Retry-After}, as seconds or as a date. Waits are limited to {@link #MOST}: a request that is too
 * early costs one request, while a wrong value of a proxy would stop all writes for days.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#field.retry-after">RFC 9110, Retry-After</a>
 */
final class RetryAfter {

    static final Duration MOST = Duration.ofMinutes(5);

    /** A longer number exceeds five minutes in any case, and might exceed a long. */
    private static final int MOST_DIGITS = 9;

    private RetryAfter() {}

    /** How long to wait; absent if the value is neither a number of seconds nor a future date. */
    static Optional<Duration> parse(String value, Instant now) {
        String text = value.strip();
        Optional<Duration> wait = text.matches("[0-9]+") ? Optional.of(seconds(text)) : until(text, now);
        return wait.filter(duration -> !duration.isNegative())
                .map(duration -> duration.compareTo(MOST) > 0 ? MOST : duration);
    }

    private static Duration seconds(String digits) {
        return digits.length() > MOST_DIGITS ? MOST : Duration.ofSeconds(Long.parseLong(digits));
    }

    private static Optional<Duration> until(String date, Instant now) {
        try {
            return Optional.of(Duration.between(
                    now,
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant()));
        } catch (DateTimeException e) {
            // not a date: treated as absent
            return Optional.empty();
        }
    }
}
