package io.flexmetry.sink.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");

    /** Always the longest jitter. */
    private final CircuitBreaker breaker =
            new CircuitBreaker(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), new RandomGenerator() {
                @Override
                public long nextLong() {
                    return 0;
                }

                @Override
                public long nextLong(long bound) {
                    return bound - 1;
                }
            }));

    @Test
    void shouldStayClosedWhenOneSubjectFails() {
        for (int i = 0; i < 100; i++) {
            breaker.failed(NOW, "WT1");
        }

        assertThat(breaker.untilFree(NOW)).isZero();
    }

    @Test
    void shouldOpenWhenManyFailAndLetOneThroughAfterAWhile() {
        fail(5);
        assertThat(breaker.untilFree(NOW)).isEqualTo(Duration.ofSeconds(1));

        Instant later = NOW.plusSeconds(1);
        assertThat(breaker.untilFree(later)).isZero();
        breaker.taken();
        assertThat(breaker.untilFree(later)).as("only one").isPositive();

        breaker.failed(later, "WT9");
        assertThat(breaker.untilFree(later)).as("longer now").isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void shouldCloseWhenTheOneSucceeds() {
        fail(5);
        breaker.taken();

        breaker.succeeded(NOW);

        assertThat(breaker.untilFree(NOW)).isZero();
        fail(4);
        assertThat(breaker.untilFree(NOW)).isZero();
    }

    @Test
    void shouldLetAnotherThroughWhenTheFirstHasNoResult() {
        fail(5);
        breaker.taken();

        breaker.ended();

        assertThat(breaker.untilFree(NOW.plusSeconds(1))).isZero();
    }

    @Test
    void shouldCloseOn401And403WithoutCountingThemAsSuccess() {
        fail(5);

        breaker.refused();

        assertThat(breaker.untilFree(NOW)).isZero();
        assertThat(breaker.isAnswering(NOW)).isFalse();
    }

    private void fail(int subjects) {
        IntStream.range(0, subjects).forEach(i -> breaker.failed(NOW, "WT" + i));
    }
}
