package io.flexmetry.sink.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    @ParameterizedTest
    @CsvSource({"1, 100", "2, 200", "4, 800", "5, 1000", "1000, 1000"})
    void shouldStayUnderABoundThatDoubles(int attempt, long bound) {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), largest());

        assertThat(backoff.delay(attempt)).isEqualTo(Duration.ofMillis(bound));
    }

    /** Always the largest value that is allowed. */
    private static RandomGenerator largest() {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("Expected a bound");
            }

            @Override
            public long nextLong(long bound) {
                return bound - 1;
            }
        };
    }
}
