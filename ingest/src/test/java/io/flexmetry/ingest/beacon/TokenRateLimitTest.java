package io.flexmetry.ingest.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.ingest.TestIngest;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokenRateLimitTest {

    private static final String AGENT = "192.0.2.1";
    private static final String FORGER = "192.0.2.66";

    private final TestIngest.Clock clock = new TestIngest.Clock(Instant.parse("2026-01-05T08:00:10Z"));
    private final TokenRateLimit rate = new TokenRateLimit(clock);

    @Test
    void shouldLimitOneAddress() {
        assertThat(acquired(FORGER, 200)).isEqualTo(50);
        assertThat(acquired(AGENT, 1)).isEqualTo(1);
        clock.advance(Duration.ofSeconds(2));
        assertThat(acquired(FORGER, 200)).isEqualTo(2);
    }

    @Test
    void shouldLimitAllAddressesTogether() {
        int all = 0;
        for (int i = 0; i < 20; i++) {
            all += acquired("198.51.100." + i, 60);
        }

        assertThat(all).isEqualTo(500);
        clock.advance(Duration.ofSeconds(1));
        assertThat(acquired(AGENT, 50)).isEqualTo(10);
    }

    @Test
    void shouldNotThrottleSuccessfulValidationsFromOneAddress() {
        for (int i = 0; i < 7_500; i++) {
            assertThat(rate.tryAcquire(AGENT)).isTrue();
            rate.refund(AGENT);
        }
    }

    private int acquired(String address, int tries) {
        int acquired = 0;
        for (int i = 0; i < tries; i++) {
            acquired += rate.tryAcquire(address) ? 1 : 0;
        }
        return acquired;
    }
}
