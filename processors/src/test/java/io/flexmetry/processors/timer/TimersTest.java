package io.flexmetry.processors.timer;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.processors.timer.Timers.Timer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Timers in a real store. */
class TimersTest {

    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final Duration BUDGET = Duration.ofMillis(50);
    private static final Duration OF_ONE = Duration.ofMillis(10);

    @TempDir
    Path folder;

    private final List<String> woken = new ArrayList<>();
    private KeyValueStore<String, String> store;
    private Timers timers;
    private long nanos;

    @BeforeEach
    void open() {
        store = Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("timers"), Serdes.String(), Serdes.String())
                .withLoggingDisabled()
                .build();
        store.init(
                new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder.toFile()).getStateStoreContext(),
                store);
        timers = new Timers(store, BUDGET, () -> nanos);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void shouldWakeWhoIsDueTheEarliestFirst() {
        timers.set(NOON.plusSeconds(2), "look", "c");
        timers.set(NOON, "look", "a");
        timers.set(NOON.plusSeconds(1), "forget", "b");

        timers.fire(NOON.plusMillis(999), this::wake);
        assertThat(woken).containsExactly("look a");

        timers.fire(NOON.plusSeconds(2), this::wake);
        timers.fire(NOON.plusSeconds(3), this::wake);
        assertThat(woken).containsExactly("look a", "forget b", "look c");
    }

    @Test
    void shouldLeaveTheRestForTheNextGoWhenItsTimeIsOver() {
        List<String> all =
                IntStream.range(0, 12).mapToObj(i -> "look " + (char) ('a' + i)).toList();
        // some of the same moment
        all.forEach(one -> timers.set(NOON.plusMillis((one.charAt(5) - 'a') / 4), "look", one.substring(5)));

        timers.fire(NOON.plusSeconds(1), this::workFor);
        assertThat(woken).isEqualTo(all.subList(0, 5));

        timers.fire(NOON.plusSeconds(2), this::workFor);
        assertThat(woken).isEqualTo(all.subList(0, 10));

        timers.fire(NOON.plusSeconds(3), this::workFor);
        timers.fire(NOON.plusSeconds(4), this::workFor);
        assertThat(woken).isEqualTo(all);
    }

    @Test
    void shouldWakeInTheNextGoWhoIsSetInThisOneAndIsLateAlready() {
        timers.set(NOON, "look", "b");

        timers.fire(NOON.plusSeconds(1), timer -> {
            wake(timer);
            timers.set(NOON.minusSeconds(9), "look", "a");
        });
        assertThat(woken).containsExactly("look b");

        timers.fire(NOON.plusSeconds(2), this::wake);
        assertThat(woken).containsExactly("look b", "look a");
    }

    @Test
    void shouldGoOnInTheSameStoreAsAnother() {
        timers.set(NOON, "look", "a");
        timers.set(NOON.plus(Duration.ofHours(1)), "look", "b");
        timers.fire(NOON.plus(Duration.ofMinutes(30)), this::wake);

        Timers other = new Timers(store, BUDGET, () -> nanos);
        other.set(NOON.plusSeconds(1), "look", "late");
        other.fire(NOON.plus(Duration.ofHours(1)), this::wake);

        assertThat(woken).containsExactly("look a", "look late", "look b");
    }

    private void workFor(Timer timer) {
        wake(timer);
        nanos += OF_ONE.toNanos();
    }

    private void wake(Timer timer) {
        woken.add(timer.kind() + " " + timer.id());
    }
}
