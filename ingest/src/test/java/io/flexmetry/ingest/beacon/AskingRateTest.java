package io.flexmetry.ingest.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.ingest.TestIngest;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AskingRateTest {

    private static final String AGENT = "192.0.2.1";
    private static final String FORGER = "192.0.2.66";

    private final TestIngest.Clock clock = new TestIngest.Clock(Instant.parse("2026-01-05T08:00:10Z"));
    private final AskingRate rate = new AskingRate(clock);

    @Test
    void shouldBoundWhatOneAddressMayAsk() {
        assertThat(taken(FORGER, 200)).isEqualTo(50);
        assertThat(taken(AGENT, 1)).isEqualTo(1);
        clock.advance(Duration.ofSeconds(2));
        assertThat(taken(FORGER, 200)).isEqualTo(2);
    }

    @Test
    void shouldBoundWhatAllMayAskTogether() {
        int all = 0;
        for (int i = 0; i < 20; i++) {
            all += taken("198.51.100." + i, 60);
        }

        assertThat(all).isEqualTo(500);
        clock.advance(Duration.ofSeconds(1));
        assertThat(taken(AGENT, 50)).isEqualTo(10);
    }

    @Test
    void shouldLetAWholeShiftInBehindOneAddress() {
        for (int i = 0; i < 7_500; i++) {
            assertThat(rate.take(AGENT)).isTrue();
            rate.giveBack(AGENT);
        }
    }

    private int taken(String address, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += rate.take(address) ? 1 : 0;
        }
        return taken;
    }
}
