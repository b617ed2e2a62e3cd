package io.flexmetry.processors.focus;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.FocusFact;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The network delay of batches is removed from the times of their events. */
class LatencyTest {

    private static final Instant START = Instant.parse("2026-01-05T10:00:00Z");
    private static final Duration AFTER = Duration.ofSeconds(45);

    /** The client's clock is an hour behind. */
    private static final long APART = 3_600_000;

    @Test
    void shouldMakeAllBatchesAsFastAsTheFastestAroundThem() {
        List<FocusEvent> events = List.of(late(0, 250), late(15_000, 20), late(30_000, 80));

        assertThat(millis(events)).containsExactly(20L, 15_020L, 30_020L);
    }

    @Test
    void shouldKeepDurationsWhateverTheDelay() {
        Random random = new Random(42);
        for (int round = 0; round < 200; round++) {
            List<FocusEvent> events = new ArrayList<>();
            List<Long> happened = new ArrayList<>();
            int fastest = random.nextInt(8);
            for (int i = 0; i < 8; i++) {
                happened.add(i * 5_000L + random.nextInt(4_000));
                events.add(late(happened.get(i), i == fastest ? 5 : 5 + random.nextInt(900)));
            }
            Collections.shuffle(events, random);

            assertThat(millis(events))
                    .containsExactlyElementsOf(
                            happened.stream().map(at -> at + 5).toList());
        }
    }

    @Test
    void shouldIgnoreDifferencesThatOnlyASetClockExplains() {
        FocusEvent before = event(0, 0L);
        FocusEvent after = event(10_000, -APART);

        assertThat(millis(List.of(before, after))).containsExactly(0L, 10_000L);
    }

    @Test
    void shouldNotMoveEventsWithAnUnknownDelay() {
        assertThat(millis(List.of(event(0, null), late(1_000, 10)))).containsExactly(0L, 1_010L);
    }

    @Test
    void shouldNotDependOnEventsFarAway() {
        List<FocusEvent> near = List.of(late(0, 250), late(15_000, 80));
        List<FocusEvent> all = new ArrayList<>(near);
        all.add(late(70_000, 10));
        all.add(late(-660_000, 10));

        assertThat(millis(all)).containsSubsequence(millis(near));
    }

    private static List<Long> millis(List<FocusEvent> events) {
        return Latency.levelled(events, AFTER).stream()
                .map(event -> Duration.between(START, event.at()).toMillis())
                .toList();
    }

    private static FocusEvent late(long happened, long delay) {
        return event(happened + delay, APART + delay);
    }

    private static FocusEvent event(long at, @Nullable Long clocksApart) {
        return new FocusEvent(START.plusMillis(at), "tab", at, FocusFact.Change.HEARTBEAT, null, clocksApart);
    }
}
