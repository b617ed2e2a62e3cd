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

    private final List<String> fired = new ArrayList<>();
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
    void shouldFireDueTimersTheEarliestFirst() {
        timers.set(NOON.plusSeconds(2), "wake", "c");
        timers.set(NOON, "wake", "a");
        timers.set(NOON.plusSeconds(1), "forget", "b");

        timers.fire(NOON.plusMillis(999), this::collect);
        assertThat(fired).containsExactly("wake a");

        timers.fire(NOON.plusSeconds(2), this::collect);
        timers.fire(NOON.plusSeconds(3), this::collect);
        assertThat(fired).containsExactly("wake a", "forget b", "wake c");
    }

    @Test
    void shouldFireTheRestWithTheNextCallWhenTheBudgetIsUsedUp() {
        List<String> all =
                IntStream.range(0, 12).mapToObj(i -> "wake " + (char) ('a' + i)).toList();
        // four at the same time
        all.forEach(one -> timers.set(NOON.plusMillis((one.charAt(5) - 'a') / 4), "wake", one.substring(5)));

        timers.fire(NOON.plusSeconds(1), this::workFor);
        assertThat(fired).isEqualTo(all.subList(0, 5));

        timers.fire(NOON.plusSeconds(2), this::workFor);
        assertThat(fired).isEqualTo(all.subList(0, 10));

        timers.fire(NOON.plusSeconds(3), this::workFor);
        timers.fire(NOON.plusSeconds(4), this::workFor);
        assertThat(fired).isEqualTo(all);
    }

    @Test
    void shouldFireWithTheNextCallWhatAnActionSetsOverdue() {
        timers.set(NOON, "wake", "b");

        timers.fire(NOON.plusSeconds(1), timer -> {
            collect(timer);
            timers.set(NOON.minusSeconds(9), "wake", "a");
        });
        assertThat(fired).containsExactly("wake b");

        timers.fire(NOON.plusSeconds(2), this::collect);
        assertThat(fired).containsExactly("wake b", "wake a");
    }

    @Test
    void shouldContinueInTheStoreOfAnother() {
        timers.set(NOON, "wake", "a");
        timers.set(NOON.plus(Duration.ofHours(1)), "wake", "b");
        timers.fire(NOON.plus(Duration.ofMinutes(30)), this::collect);

        Timers other = new Timers(table, BUDGET, () -> nanos);
        other.set(NOON.plusSeconds(1), "wake", "late");
        other.fire(NOON.plus(Duration.ofHours(1)), this::collect);

        assertThat(fired).containsExactly("wake a", "wake late", "wake b");
    }

    @Test
    void shouldFireOneTimerWithEachCallHoweverSlowTheStoreIs() {
        timers.set(NOON, "wake", "a");
        timers.set(NOON, "wake", "b");
        Timers slow = new Timers(table, BUDGET, () -> nanos += BUDGET.toNanos());

        slow.fire(NOON, this::collect);

        assertThat(fired).containsExactly("wake a");
    }

    @Test
    void shouldNotReadTheStoreWhileNothingIsDue() {
        timers.set(NOON, "wake", "a");
        timers.set(NOON.plusSeconds(10), "wake", "b");
        timers.fire(NOON, timer -> timers.set(NOON.plusSeconds(5), "wake", "earlier"));
        store.close();

        timers.fire(NOON.plusSeconds(4), this::collect);
        assertThat(timers.isDue(NOON.plusSeconds(4))).isFalse();
        assertThat(timers.isDue(NOON.plusSeconds(5))).isTrue();
    }

    @Test
    void shouldFindWhatIsDueInTheStoreOfAnother() {
        timers.set(NOON, "wake", "a");

        Timers other = new Timers(table, BUDGET, () -> nanos);

        assertThat(other.isDue(NOON.minusMillis(1))).isFalse();
        assertThat(other.isDue(NOON)).isTrue();
    }

    @Test
    void shouldAcceptAnyTime() {
        timers.set(Instant.MAX, "wake", "never");
        timers.set(Instant.parse("2286-11-20T17:46:40Z"), "wake", "far");
        timers.set(Instant.parse("1969-12-31T23:59:59Z"), "wake", "ancient");
        timers.set(Instant.MIN, "wake", "oldest");
        timers.set(NOON, "wake", "now");

        timers.fire(Instant.MIN, this::collect);
        timers.fire(NOON, this::collect);
        assertThat(fired).containsExactly("wake ancient", "wake oldest", "wake now");

        timers.fire(Instant.MAX, this::collect);
        assertThat(fired).endsWith("wake far", "wake never");
    }

    @Test
    void shouldReportWhichTimerFailedAndFireTheOthersWithTheNextCall() {
        timers.set(NOON, "wake", "a");
        timers.set(NOON.plusMillis(1), "wake", "b");

        Instant now = NOON.plusSeconds(1);
        assertThatThrownBy(() -> timers.fire(now, this::failForA))
                .isInstanceOfSatisfying(TimerFailedException.class, failed -> {
                    assertThat(failed.source()).isEqualTo("timer/timers/wake/a");
                    assertThat(failed.id()).isEqualTo("a");
                })
                .hasMessageContaining("again in PT1M")
                .hasRootCauseMessage("a bug");
        assertThat(fired).isEmpty();

        timers.fire(now, this::failForA);
        assertThat(fired).containsExactly("wake b");
    }

    @Test
    void shouldRetryAFailedTimerButNotForever() {
        timers.set(NOON, "wake", "a");

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
    void shouldFireAFailedTimerWhenTheFixIsThere() {
        timers.set(NOON, "wake", "a");
        assertThatThrownBy(() -> timers.fire(NOON, this::failForA)).isInstanceOf(TimerFailedException.class);

        Timers fixed = new Timers(table, BUDGET, () -> nanos);
        fixed.fire(NOON.plus(Duration.ofMinutes(1)), this::collect);

        assertThat(fired).containsExactly("wake a");
    }

    @Test
    void shouldNotWrapFailuresOfTheEnvironment() {
        timers.set(NOON, "wake", "a");

        assertThatThrownBy(() -> timers.fire(NOON, timer -> {
                    throw new ProcessorStateException("disk");
                }))
                .isInstanceOf(ProcessorStateException.class);
    }

    private void failForA(Timer timer) {
        if (timer.id().equals("a")) {
            throw new IllegalStateException("a bug");
        }
        collect(timer);
    }

    private void workFor(Timer timer) {
        collect(timer);
        nanos += OF_ONE.toNanos();
    }

    private void collect(Timer timer) {
        fired.add(timer.kind() + " " + timer.id());
    }
}
