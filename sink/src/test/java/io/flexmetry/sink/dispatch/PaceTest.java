package io.flexmetry.sink.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pace against a simulated Twilio that lets so many requests a second through, with somebody who always has one. */
class PaceTest {

    private static final Instant START = Instant.parse("2026-01-05T10:00:00Z");

    private Instant now = START;
    private int through;
    private int stopped;

    @Test
    void shouldNotLimitBeforeALimitWasMet() {
        Pace pace = new Pace(Double.POSITIVE_INFINITY, START);

        for (int i = 0; i < 10_000; i++) {
            assertThat(pace.untilFree(now)).isZero();
            pace.take(now);
        }
    }

    @Test
    void shouldNotExceedWhatIsConfigured() {
        Pace pace = new Pace(20, START);

        int sent = 0;
        while (now.isBefore(START.plusSeconds(60))) {
            now = now.plus(pace.untilFree(now));
            pace.take(now);
            pace.passed(now);
            sent++;
        }

        assertThat(sent).isBetween(1190, 1205);
    }

    @ParameterizedTest
    @CsvSource({"5, 0", "100, 0", "100, 1", "640, 1"})
    void shouldUseMostOfTheLimitAndRarelyExceedIt(int limit, int retryAfterSeconds) {
        Pace pace = new Pace(Double.POSITIVE_INFINITY, START);
        run(pace, limit, retryAfterSeconds, Duration.ofSeconds(30));
        through = 0;
        stopped = 0;

        run(pace, limit, retryAfterSeconds, Duration.ofMinutes(5));

        assertThat(through).isGreaterThan((int) (limit * 300 * 0.8));
        assertThat(stopped).isLessThan(through / 50 + 10);
    }

    @Test
    void shouldFindBackAfterAStorm() {
        Pace pace = new Pace(Double.POSITIVE_INFINITY, START);
        run(pace, 0, 1, Duration.ofMinutes(2));
        assertThat(stopped).isLessThan(150);
        through = 0;

        run(pace, 100, 0, Duration.ofMinutes(2));
        through = 0;
        run(pace, 100, 0, Duration.ofMinutes(1));

        assertThat(through).isGreaterThan(4800);
    }

    @Test
    void shouldPauseAsLongAsItIsTold() {
        Pace pace = new Pace(Double.POSITIVE_INFINITY, START);

        pace.stopped(START, Duration.ofSeconds(17));

        assertThat(pace.untilFree(START)).isEqualTo(Duration.ofSeconds(17));
        assertThat(pace.untilFree(START.plusSeconds(17))).isLessThan(Duration.ofSeconds(1));
    }

    /** Twilio counts per second; an answer takes 20 ms, in which others go out. */
    private void run(Pace pace, int limit, int retryAfterSeconds, Duration time) {
        Instant end = now.plus(time);
        long second = -1;
        int inSecond = 0;
        while (now.isBefore(end)) {
            Duration wait = pace.untilFree(now);
            // one connection of many: without a pace it would send 640 a second
            now = now.plus(wait.isZero() ? Duration.ofNanos(1_562_500) : wait);
            if (!pace.untilFree(now).isZero()) {
                continue;
            }
            pace.take(now);
            if (now.getEpochSecond() != second) {
                second = now.getEpochSecond();
                inSecond = 0;
            }
            if (++inSecond <= limit) {
                through++;
                pace.passed(now);
            } else {
                stopped++;
                pace.stopped(now, retryAfterSeconds == 0 ? null : Duration.ofSeconds(retryAfterSeconds));
            }
        }
    }
}
