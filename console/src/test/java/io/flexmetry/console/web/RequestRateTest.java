package io.flexmetry.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestRateTest {

    private long nanos = 7;
    private final RequestRate rate = new RequestRate(() -> nanos);

    @Test
    void shouldTakeABurstAndThenAHundredASecond() {
        assertThat(taken(2 * RequestRate.BURST)).isEqualTo(RequestRate.BURST);

        nanos += Duration.ofMillis(500).toNanos();

        assertThat(taken(200)).isEqualTo(50);
    }

    @Test
    void shouldNotSaveUpForMoreThanABurst() {
        nanos += Duration.ofDays(1).toNanos();

        assertThat(taken(2 * RequestRate.BURST)).isEqualTo(RequestRate.BURST);
    }

    private long taken(int asked) {
        return IntStream.range(0, asked).filter(i -> rate.take()).count();
    }
}
