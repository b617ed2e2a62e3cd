package io.flexmetry.sink.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rate limit against a simulated Twilio with a limit per second and a client that always has a request to send. */
class RateLimitTest {

    private static final Instant START = Instant.parse("2026-01-05T10:00:00Z");

    private Instant now = START;
    private int through;
    private int stopped;

    @Test
    void shouldNotLimitBeforeALimitWasMet() {
        RateLimit rateLimit = new RateLimit(Double.POSITIVE_INFINITY, START);

        for (int i = 0; i < 10_000; i++) {
            assertThat(rateLimit.untilFree(now)).isZero();
            rateLimit.take(now);
        }
    }

    @Test
    void shouldNotExceedWhatIsConfigured() {
        RateLimit rateLimit = new RateLimit(20, START);

        int sent = 0;
        while (now.isBefore(START.plusSeconds(60))) {
            now = now.plus(rateLimit.untilFree(now));
            rateLimit.take(now);
            rateLimit.passed(now);
            sent++;
        }

        assertThat(sent).isBetween(1190, 1205);
    }

    @ParameterizedTest
    @CsvSource({"5, 0", "100, 0", "100, 1", "640, 1"})
    void shouldUseMostOfTheLimitAndRarelyExceedIt(int limit, int retryAfterSeconds) {
        RateLimit rateLimit = new RateLimit(Double.POSITIVE_INFINITY, START);
        run(rateLimit, limit, retryAfterSeconds, Duration.ofSeconds(30));
        through = 0;
        stopped = 0;

        run(rateLimit, limit, retryAfterSeconds, Duration.ofMinutes(5));

        assertThat(through).isGreaterThan((int) (limit * 300 * 0.8));
        assertThat(stopped).isLessThan(through / 50 + 10);
    }

    @Test
    void shouldFindBackAfterAStorm() {
        RateLimit rateLimit = new RateLimit(Double.POSITIVE_INFINITY, START);
        run(rateLimit, 0, 1, Duration.ofMinutes(2));
        assertThat(stopped).isLessThan(150);
        through = 0;

        run(rateLimit, 100, 0, Duration.ofMinutes(2));
        through = 0;
        run(rateLimit, 100, 0, Duration.ofMinutes(1));

        assertThat(through).isGreaterThan(4800);
    }

    @Test
    void shouldPauseForRetryAfter() {
        RateLimit rateLimit = new RateLimit(Double.POSITIVE_INFINITY, START);

        rateLimit.stopped(START, Duration.ofSeconds(17));

        assertThat(rateLimit.untilFree(START)).isEqualTo(Duration.ofSeconds(17));
        assertThat(rateLimit.untilFree(START.plusSeconds(17))).isLessThan(Duration.ofSeconds(1));
    }

    /** Twilio counts per second; a response takes 20 ms, during which other requests are sent. */
    private void run(RateLimit rateLimit, int limit, int retryAfterSeconds, Duration time) {
        Instant end = now.plus(time);
        long second = -1;
        int inSecond = 0;
        while (now.isBefore(end)) {
            Duration wait = rateLimit.untilFree(now);
            // one of many connections: without a rate limit they would send 640 requests per second
            now = now.plus(wait.isZero() ? Duration.ofNanos(1_562_500) : wait);
            if (!rateLimit.untilFree(now).isZero()) {
                continue;
            }
            rateLimit.take(now);
            if (now.getEpochSecond() != second) {
                second = now.getEpochSecond();
                inSecond = 0;
            }
            if (++inSecond <= limit) {
                through++;
                rateLimit.passed(now);
            } else {
                stopped++;
                rateLimit.stopped(now, retryAfterSeconds == 0 ? null : Duration.ofSeconds(retryAfterSeconds));
            }
        }
    }
}
