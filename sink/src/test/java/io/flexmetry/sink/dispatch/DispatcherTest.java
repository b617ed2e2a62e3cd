package io.flexmetry.sink.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.twilio.exception.ApiConnectionException;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.sink.dispatch.Work.Endings;
import io.flexmetry.sink.twilio.Probe;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatcherTest {

    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
    private static final Endings<String> ENDINGS =
            new Endings<>(() -> "gone", reason -> "refused " + reason, reason -> "gave up");

    private final SimulatedTime time = new SimulatedTime(NOW);
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final Dispatcher dispatcher = new Dispatcher(
            new Dispatcher.Limits(1, Double.POSITIVE_INFINITY, Duration.ofHours(1)),
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30), RandomGenerator.getDefault()),
            InstantSource.fixed(NOW),
            time,
            Duration.ofMillis(100));

    @AfterEach
    void stop() {
        dispatcher.close();
    }

    @Test
    void shouldDoTheOneWithTheLeastTimeLeftFirst() {
        submit("running", null);
        submit("later", NOW.plusSeconds(20));
        submit("soon", NOW.plusSeconds(10));
        submit("overdue", NOW.minusSeconds(10));
        start();

        await().until(() -> done.size() == 4);
        assertThat(done).containsExactly("overdue", "soon", "later", "running");
    }

    @Test
    void shouldKeepTheOrderOfASubjectAndPrioritizeWhatPrecedesSomethingUrgent() {
        dispatcher.submit(work("WT1", null, null, "a1"));
        submit("b", NOW.plusSeconds(10));
        dispatcher.submit(work("WT1", null, NOW, "a2"));
        start();

        await().until(() -> done.size() == 3);
        assertThat(done).containsExactly("a1", "a2", "b");
    }

    @Test
    void shouldDoSeveralOfAGroupAsOne() {
        CopyOnWriteArrayList<String> attempted = new CopyOnWriteArrayList<>();
        for (String name : List.of("first", "second", "third")) {
            dispatcher.submit(new Work<>(
                    "WT1",
                    "write",
                    "p",
                    "WR1",
                    null,
                    () -> {
                        attempted.add(name);
                        return name;
                    },
                    ENDINGS,
                    settled -> done.add(name + " by " + settled.result())));
        }
        dispatcher.submit(work("WT1", "WR2", null, "other"));
        start();

        await().until(() -> done.size() == 4);
        assertThat(attempted).containsExactly("third");
        assertThat(done).containsExactly("first by third", "second by third", "third by third", "other");
    }

    @Test
    void shouldNotLetOneThatFailsHoldUpTheOthers() {
        boolean[] broken = {true};
        dispatcher.submit(work("WT1", null, NOW, () -> {
            if (broken[0]) {
                throw new ApiConnectionException("cut");
            }
            return "poison";
        }));
        dispatcher.submit(work("WT1", null, NOW, "after it"));
        for (int i = 0; i < 20; i++) {
            submit("other", NOW.plusSeconds(60));
        }
        dispatcher.submit(work("WT3", null, null, () -> {
            broken[0] = false;
            return "last";
        }));
        start();

        await().until(() -> done.size() == 23);
        assertThat(done).endsWith("last", "poison", "after it");
    }

    /** Waking all idle threads for each work would cost more than the works. */
    @Test
    void shouldWakeFewThreadsForAWorkWhenManyAreIdle() {
        int threads = 50;
        int works = 100;
        AtomicInteger waits = new AtomicInteger();
        Time counting = new Time() {
            @Override
            public Instant now() {
                return time.now();
            }

            @Override
            public void await(Condition signal, Duration most) throws InterruptedException {
                waits.incrementAndGet();
                time.await(signal, most);
            }
        };
        try (Dispatcher many = new Dispatcher(
                new Dispatcher.Limits(threads, Double.POSITIVE_INFINITY, Duration.ofHours(1)),
                new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30), RandomGenerator.getDefault()),
                InstantSource.fixed(NOW),
                counting)) {
            many.start(() -> Probe.Answer.ACCEPTED, failure -> {});
            await().until(() -> waits.get() == threads);
            for (int i = 1; i <= works; i++) {
                int number = i;
                many.submit(work("WT" + i, null, NOW, "done"));
                await().pollInterval(Duration.ofMillis(1)).until(() -> done.size() == number);
            }

            assertThat(waits.get()).isLessThan(threads + 10 * works);
        }
    }

    /** One work keeps failing while others succeed; after an hour it is given up. */
    @Test
    void shouldGiveUpWhatFailsForAnHourWhileOthersAreServed() {
        dispatcher.submit(work("WT1", null, NOW, () -> {
            submit("other", NOW);
            throw new ApiConnectionException("cut");
        }));
        start();

        await().until(() -> done.contains("gave up"));
        assertThat(time.now()).isAfter(NOW.plus(Duration.ofHours(1)));
    }

    /** All requests fail for a day, so this work is not given up. */
    @Test
    void shouldNotGiveUpWhenAllRequestsFail() {
        Instant end = NOW.plus(Duration.ofDays(1));
        for (int i = 0; i < 10; i++) {
            dispatcher.submit(work("WT" + i, null, NOW, () -> {
                if (time.now().isBefore(end)) {
                    throw new ApiConnectionException("cut");
                }
                return "served";
            }));
        }
        start();

        await().until(() -> done.size() == 10);
        assertThat(done).containsOnly("served");
    }

    /** Otherwise it would fail again after each restart. */
    @Test
    void shouldRefuseWhatFailsByAFaultOfOurOwnAndGoOn() {
        dispatcher.submit(work("WT1", null, NOW, () -> {
            throw new ClassCastException("no such command");
        }));
        submit("other", NOW.plusSeconds(10));
        start();

        await().until(() -> done.size() == 2);
        assertThat(done)
                .containsExactly(
                        "refused Expected to execute the command but failed with java.lang.ClassCastException: no such command",
                        "other");
    }

    @Test
    void shouldDieWhenASettingIsWrong() {
        dispatcher.submit(work("WT1", null, NOW, () -> {
            throw new SettingsException("Expected another workspace");
        }));
        start();

        await().until(() -> done.size() == 1);
        assertThat(done).singleElement().asString().contains("died", "Expected another workspace");
    }

    @Test
    void shouldLeaveAloneWhatIsWithdrawnAndWaitForWhatIsUnderWay() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        dispatcher.submit(work("WT1", null, NOW, () -> {
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            throw new ApiConnectionException("cut");
        }));
        dispatcher.submit(work("WT1", null, NOW, "next"));
        dispatcher.submit(work("WT2", null, NOW, "other subject"));
        dispatcher.submit(new Work<>(
                "WT3", "write", "kept", null, NOW, () -> "kept", ENDINGS, settled -> done.add(settled.result())));
        start();
        begun.await();
        Thread withdrawing = new Thread(() -> {
            try {
                dispatcher.withdraw("p");
                done.add("withdrawn");
            } catch (InterruptedException e) {
                done.add("interrupted");
            }
        });
        withdrawing.start();
        await().until(() -> withdrawing.getState() == Thread.State.WAITING);
        assertThat(done).isEmpty();

        goOn.countDown();

        await().until(() -> done.contains("kept"));
        withdrawing.join();
        assertThat(done).containsExactlyInAnyOrder("withdrawn", "kept");
    }

    /** Kafka also revokes the partitions when the consumer is closed: nobody would signal a thread that waits then. */
    @Test
    void shouldNotWaitForWhatWasInterruptedByTheClose() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        dispatcher.submit(work("WT1", null, NOW, () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new ApiConnectionException("interrupted");
        }));
        start();
        begun.await();

        dispatcher.close();
        dispatcher.withdraw("p");

        assertThat(done).isEmpty();
    }

    private void start() {
        dispatcher.start(() -> Probe.Answer.ACCEPTED, failure -> done.add("died " + failure));
    }

    private void submit(String name, Instant dueBy) {
        dispatcher.submit(work("WT-" + name, null, dueBy, name));
    }

    private Work<String> work(String subject, String group, Instant dueBy, String name) {
        return new Work<>(
                subject, "write", "p", group, dueBy, () -> name, ENDINGS, settled -> done.add(settled.result()));
    }

    private Work<String> work(String subject, String group, Instant dueBy, Supplier<String> attempt) {
        return new Work<>(subject, "write", "p", group, dueBy, attempt, ENDINGS, settled -> done.add(settled.result()));
    }
}
