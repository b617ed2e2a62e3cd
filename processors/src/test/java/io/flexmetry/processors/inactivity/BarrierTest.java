package io.flexmetry.processors.inactivity;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.processors.inactivity.Barrier.Marker;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BarrierTest {

    private static final Instant NOW = Instant.parse("2026-01-05T09:00:00Z");

    private final Barrier barrier = new Barrier("name", 3, 12);

    @Test
    void shouldClearWhenEveryMarkerIsBack() {
        List<Marker> round = barrier.begin(NOW, NOW);
        assertThat(round).hasSize(13);
        for (Marker marker : round.subList(1, 13)) {
            assertThat(arrived(marker)).isFalse();
        }
        assertThat(barrier.clearedUntil()).isEqualTo(Instant.EPOCH);

        assertThat(arrived(round.get(0))).isTrue();
        assertThat(barrier.clearedUntil()).isEqualTo(NOW);
        assertThat(arrived(round.get(0))).as("twice").isFalse();
    }

    @Test
    void shouldHaveSeveralRoundsInFlightButNotMany() {
        assertThat(barrier.begin(NOW, NOW)).isNotEmpty();
        assertThat(barrier.begin(NOW, NOW.plusMillis(100))).as("too soon").isEmpty();
        List<Marker> second = barrier.begin(NOW.plusSeconds(1), NOW.plusSeconds(1));
        assertThat(barrier.begin(NOW.plusSeconds(2), NOW.plusSeconds(2))).isNotEmpty();
        assertThat(barrier.begin(NOW.plusSeconds(3), NOW.plusSeconds(3))).isNotEmpty();
        assertThat(barrier.begin(NOW.plusSeconds(4), NOW.plusSeconds(4)))
                .as("too many")
                .isEmpty();

        second.forEach(this::arrived);
        assertThat(barrier.clearedUntil()).isEqualTo(NOW.plusSeconds(1));
        assertThat(barrier.begin(NOW.plusSeconds(5), NOW.plusSeconds(5))).isNotEmpty();
        assertThat(barrier.begin(NOW.plusSeconds(99), NOW.plusSeconds(99)))
                .as("the others got lost")
                .isNotEmpty();
    }

    @Test
    void shouldIgnoreTheMarkersOfAnotherBarrier() {
        List<Marker> round = barrier.begin(NOW, NOW);
        new Barrier("another", 3, 12).begin(NOW, NOW).forEach(this::arrived);

        assertThat(barrier.clearedUntil()).isEqualTo(Instant.EPOCH);
        round.forEach(this::arrived);
        assertThat(barrier.clearedUntil()).isEqualTo(NOW);
    }

    private boolean arrived(Marker marker) {
        return barrier.arrived((MarkerFact) marker.event().fact());
    }
}
