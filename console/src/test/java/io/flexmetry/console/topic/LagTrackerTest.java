package io.flexmetry.console.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LagTrackerTest {

    private static final TopicPartition ONE = new TopicPartition("events", 0);
    private static final TopicPartition TWO = new TopicPartition("events", 1);

    private final LagTracker lagTracker = new LagTracker();

    @Test
    void shouldNotBeBehindWhenAllHasBeenRead() {
        assertThat(at(0, 5, 3, 5, 3)).isEqualTo(LagTracker.Lag.NONE);
    }

    @Test
    void shouldBeBehindSinceTheFirstEventThatWaits() {
        at(0, 5, 3, 5, 3);
        at(10, 6, 3, 5, 3);

        assertThat(at(40, 9, 4, 5, 3)).isEqualTo(new LagTracker.Lag(Duration.ofSeconds(30), 5));
    }

    @Test
    void shouldBeAsFarBehindAsWhatIsReadNowIsOld() {
        at(0, 10, 0, 0, 0);
        at(10, 20, 0, 0, 0);
        at(20, 30, 0, 0, 0);

        assertThat(at(30, 40, 0, 12, 0))
                .as("what came by the tenth second is not all read")
                .isEqualTo(new LagTracker.Lag(Duration.ofSeconds(20), 28));
    }

    @Test
    void shouldForgetItWhenTheGroupHasCaughtUp() {
        at(0, 10, 0, 0, 0);
        at(60, 10, 0, 10, 0);

        assertThat(at(70, 12, 0, 10, 0)).isEqualTo(new LagTracker.Lag(Duration.ZERO, 2));
    }

    @Test
    void shouldNotCountOnePartitionAgainstAnother() {
        assertThat(at(0, 10, 10, 20, 4).waiting()).isEqualTo(6);
    }

    @Test
    void shouldKnowTheOldestHoweverLongItTakes() {
        for (int second = 0; second < 3 * LagTracker.MOST_OBSERVATIONS; second++) {
            at(second, second + 1, 0, 0, 0);
        }

        assertThat(at(4 * LagTracker.MOST_OBSERVATIONS, 9_999, 0, 0, 0).behind())
                .isEqualTo(Duration.ofSeconds(4 * LagTracker.MOST_OBSERVATIONS));
    }

    private LagTracker.Lag at(long second, long endOfOne, long endOfTwo, long nextOfOne, long nextOfTwo) {
        return lagTracker.observe(
                Duration.ofSeconds(second).toNanos(),
                Map.of(ONE, endOfOne, TWO, endOfTwo),
                Map.of(ONE, nextOfOne, TWO, nextOfTwo));
    }
}
