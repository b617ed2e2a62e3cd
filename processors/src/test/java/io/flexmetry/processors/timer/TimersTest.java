package io.flexmetry.processors.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.timer.Timers.Timer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
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
    private KeyValueStore<String, byte[]> store;
    private Table<String> table;
    private Timers timers;
    private long nanos;

    @BeforeEach
    void open() {
        store = Table.shared("state").withLoggingDisabled().build();
        store.init(
                new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder.toFile()).getStateStoreContext(),
                store);
        table = Timers.table("state", "timers").in(store);
        timers = new Timers(table, BUDGET, () -> nanos);
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

        Timers other = new Timers(table, BUDGET, () -> nanos);
        other.set(NOON.plusSeconds(1), "look", "late");
        other.fire(NOON.plus(Duration.ofHours(1)), this::wake);

        assertThat(woken).containsExactly("look a", "look late", "look b");
    }

    @Test
    void shouldWakeOneInEachGoHoweverSlowTheStoreIs() {
        timers.set(NOON, "look", "a");
        timers.set(NOON, "look", "b");
        Timers slow = new Timers(table, BUDGET, () -> nanos += BUDGET.toNanos());

        slow.fire(NOON, this::wake);

        assertThat(woken).containsExactly("look a");
    }

    @Test
    void shouldTakeAnyTime() {
        timers.set(Instant.MAX, "look", "never");
        timers.set(Instant.parse("2286-11-20T17:46:40Z"), "look", "far");
        timers.set(Instant.parse("1969-12-31T23:59:59Z"), "look", "ancient");
        timers.set(Instant.MIN, "look", "oldest");
        timers.set(NOON, "look", "now");

        timers.fire(Instant.MIN, this::wake);
        timers.fire(NOON, this::wake);
        assertThat(woken).containsExactly("look ancient", "look oldest", "look now");

        timers.fire(Instant.MAX, this::wake);
        assertThat(woken).endsWith("look far", "look never");
    }

    @Test
    void shouldSayWhichTimerFailedAndWakeTheOthersNextTime() {
        timers.set(NOON, "look", "a");
        timers.set(NOON.plusMillis(1), "look", "b");

        Instant now = NOON.plusSeconds(1);
        assertThatThrownBy(() -> timers.fire(now, this::failForA))
                .isInstanceOfSatisfying(TimerFailedException.class, failed -> {
                    assertThat(failed.source()).isEqualTo("timer/timers/look/a");
                    assertThat(failed.id()).isEqualTo("a");
                })
                .hasMessageContaining("again in PT1M")
                .hasRootCauseMessage("a bug");
        assertThat(woken).isEmpty();

        timers.fire(now, this::failForA);
        assertThat(woken).containsExactly("look b");
    }

    @Test
    void shouldTryATimerAgainThatFailedButNotForEver() {
        timers.set(NOON, "look", "a");

        List<Duration> failed = new ArrayList<>();
        for (Duration passed = Duration.ZERO; passed.toDays() < 9; passed = passed.plusSeconds(30)) {
            try {
                timers.fire(NOON.plus(passed), this::failForA);
            } catch (TimerFailedException e) {
                failed.add(passed);
            }
        }

        assertThat(failed).extracting(Duration::toMinutes).containsExactly(0L, 1L, 5L, 21L, 85L, 341L, 1_365L, 5_461L);
        assertThat(timers.isDue(Instant.MAX)).isFalse();
    }

    @Test
    void shouldWakeAsSoonAsTheMendIsThere() {
        timers.set(NOON, "look", "a");
        assertThatThrownBy(() -> timers.fire(NOON, this::failForA)).isInstanceOf(TimerFailedException.class);

        Timers mended = new Timers(table, BUDGET, () -> nanos);
        mended.fire(NOON.plus(Duration.ofMinutes(1)), this::wake);

        assertThat(woken).containsExactly("look a");
    }

    @Test
    void shouldLeaveFailuresOfTheEnvironmentAsTheyAre() {
        timers.set(NOON, "look", "a");

        assertThatThrownBy(() -> timers.fire(NOON, timer -> {
                    throw new ProcessorStateException("disk");
                }))
                .isInstanceOf(ProcessorStateException.class);
    }

    private void failForA(Timer timer) {
        if (timer.id().equals("a")) {
            throw new IllegalStateException("a bug");
        }
        wake(timer);
    }

    private void workFor(Timer timer) {
        wake(timer);
        nanos += OF_ONE.toNanos();
    }

    private void wake(Timer timer) {
        woken.add(timer.kind() + " " + timer.id());
    }
}
