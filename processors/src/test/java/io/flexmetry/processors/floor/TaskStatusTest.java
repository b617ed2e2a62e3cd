package io.flexmetry.processors.floor;

import static io.flexmetry.contract.event.ReservationFact.Change.ACCEPTED;
import static io.flexmetry.contract.event.ReservationFact.Change.COMPLETED;
import static io.flexmetry.contract.event.ReservationFact.Change.CREATED;
import static io.flexmetry.contract.event.ReservationFact.Change.REJECTED;
import static io.flexmetry.contract.event.ReservationFact.Change.TIMEOUT;
import static io.flexmetry.contract.event.ReservationFact.Change.WRAPUP;
import static io.flexmetry.processors.floor.Floor.START;
import static io.flexmetry.processors.floor.Floor.TASK;
import static io.flexmetry.processors.floor.Floor.reservation;
import static io.flexmetry.processors.floor.Floor.second;
import static io.flexmetry.processors.floor.Floor.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.floor.Stage;
import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.Stored;
import io.flexmetry.processors.TestTopology;
import io.flexmetry.processors.cases.CaseRouting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Status of tasks, in the whole topology on Kafka's test driver. */
class TaskStatusTest {

    @TempDir
    private Path stateDir;

    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        driver = TestTopology.driver(stateDir, Configuration.defaults(), START);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void shouldPublishEveryStageOfATaskOnce() {
        send(lifecycle());

        assertThat(published())
                .extracting(TaskStatus::stage, TaskStatus::since, TaskStatus::workerSid, TaskStatus::acceptedAt)
                .containsExactly(
                        tuple(Stage.WAITING, second(0), null, null),
                        tuple(Stage.OFFERED, second(10), "WK-ana", null),
                        tuple(Stage.ASSIGNED, second(15), "WK-ana", second(15)),
                        tuple(Stage.WRAPPING, second(60), "WK-ana", second(15)),
                        tuple(Stage.ENDED, second(90.1), "WK-ana", second(15)));
    }

    @Test
    void shouldPublishTheDescriptionOfATask() {
        send(task(0, TaskFact.Change.CREATED, "Support"));

        assertThat(published())
                .containsExactly(new TaskStatus(
                        TASK, Stage.WAITING, START, START, null, null, "chat", "Support", "Anyone", "CH-1"));
    }

    @Test
    void shouldPublishNothingWhenEventsAreRepeated() {
        send(lifecycle());
        published();

        send(lifecycle());

        assertThat(published()).isEmpty();
    }

    @Test
    void shouldPublishTheSameStatusInReverseOrder() {
        List<Event> reversed = new ArrayList<>(lifecycle());
        Collections.reverse(reversed);

        send(reversed);

        assertThat(published())
                .last()
                .isEqualTo(new TaskStatus(
                        TASK,
                        Stage.ENDED,
                        second(90.1),
                        START,
                        second(15),
                        "WK-ana",
                        "chat",
                        "Support",
                        "Anyone",
                        "CH-1"));
    }

    @Test
    void shouldWaitAgainSinceARefusal() {
        send(
                task(0, TaskFact.Change.CREATED, "Support"),
                reservation(10, CREATED, "1", "ana"),
                reservation(20, REJECTED, "1", "ana"),
                reservation(30, CREATED, "2", "bo"),
                reservation(50, TIMEOUT, "2", "bo"));

        assertThat(published())
                .extracting(TaskStatus::stage, TaskStatus::since, TaskStatus::workerSid)
                .containsExactly(
                        tuple(Stage.WAITING, second(0), null),
                        tuple(Stage.OFFERED, second(10), "WK-ana"),
                        tuple(Stage.WAITING, second(20), null),
                        tuple(Stage.OFFERED, second(30), "WK-bo"),
                        tuple(Stage.WAITING, second(50), null));
    }

    @Test
    void shouldCountTheReservationFurthestFromItsEndWhenATaskIsTransferred() {
        send(
                task(0, TaskFact.Change.CREATED, "Support"),
                reservation(10, ACCEPTED, "1", "ana"),
                task(40, TaskFact.Change.TRANSFER_INITIATED, "Support"),
                reservation(41, CREATED, "2", "bo"),
                reservation(45, ACCEPTED, "2", "bo"),
                reservation(50, WRAPUP, "1", "ana"),
                reservation(60, COMPLETED, "1", "ana"),
                task(61, TaskFact.Change.TRANSFER_COMPLETED, "Support"),
                reservation(70, WRAPUP, "2", "bo"));

        assertThat(published())
                .extracting(TaskStatus::stage, TaskStatus::since, TaskStatus::workerSid, TaskStatus::acceptedAt)
                .containsExactly(
                        tuple(Stage.WAITING, second(0), null, null),
                        tuple(Stage.ASSIGNED, second(10), "WK-ana", second(10)),
                        tuple(Stage.OFFERED, second(41), "WK-bo", second(10)),
                        tuple(Stage.ASSIGNED, second(45), "WK-bo", second(10)),
                        tuple(Stage.WRAPPING, second(70), "WK-bo", second(10)));
    }

    @Test
    void shouldWaitWhenItWasTransferredToAQueueWhereNobodyIs() {
        send(
                task(0, TaskFact.Change.CREATED, "Support"),
                reservation(10, ACCEPTED, "1", "ana"),
                task(40, TaskFact.Change.TRANSFER_INITIATED, "Billing"),
                reservation(50, COMPLETED, "1", "ana"));

        assertThat(published())
                .last()
                .extracting(TaskStatus::stage, TaskStatus::since, TaskStatus::workerSid)
                .containsExactly(Stage.WAITING, second(50), null);
    }

    @Test
    void shouldPublishTheQueueThatATaskWasMovedTo() {
        send(
                task(0, TaskFact.Change.CREATED, "Support"),
                task(30, TaskFact.Change.UPDATED, "Billing"),
                // a late event, and one without a queue
                task(20, TaskFact.Change.UPDATED, "Support"),
                task(40, TaskFact.Change.UPDATED, null));

        assertThat(published())
                .extracting(TaskStatus::queueName, TaskStatus::stage, TaskStatus::since)
                .containsExactly(
                        tuple("Support", Stage.WAITING, second(0)), tuple("Billing", Stage.WAITING, second(0)));
    }

    @Test
    void shouldForgetATaskADayAfterItsEnd() {
        send(lifecycle());
        published();

        pass(Duration.ofHours(23).plusMinutes(50));
        assertThat(published()).isEmpty();
        pass(Duration.ofMinutes(11));

        assertThat(published()).containsExactly((TaskStatus) null);
        assertThat(stored("task-status")).isZero();
        pass(Duration.ofDays(40));
        assertThat(published()).isEmpty();
        assertThat(stored("task-status-timers")).isZero();
    }

    @Test
    void shouldForgetADayAfterAnEndThatCameLate() {
        send(task(0, TaskFact.Change.CREATED, "Support"));
        pass(Duration.ofHours(30));
        send(task(108_000, TaskFact.Change.CANCELED, "Support"));
        published();

        pass(Duration.ofHours(23).plusMinutes(50));
        assertThat(published()).isEmpty();
        pass(Duration.ofMinutes(11));

        assertThat(published()).containsExactly((TaskStatus) null);
    }

    @Test
    void shouldForgetATaskWithoutAnEnd() {
        send(task(0, TaskFact.Change.CREATED, "Support"));
        published();

        pass(Configuration.defaults().retention().multipliedBy(4).minusHours(1));
        assertThat(published()).isEmpty();
        pass(Duration.ofHours(2));

        assertThat(published()).containsExactly((TaskStatus) null);
        assertThat(stored("task-status")).isZero();
    }

    @Test
    void shouldKeepTheNewestOffersOfATaskThatEverybodyRefuses() {
        send(task(0, TaskFact.Change.CREATED, "Support"));
        send(reservation(0.5, CREATED, "open", "bo"));
        for (int i = 1; i <= 60; i++) {
            send(reservation(i, CREATED, "a" + i, "ana"), reservation(i + 0.5, REJECTED, "a" + i, "ana"));
        }
        published();

        // a repeated event of an evicted reservation
        send(reservation(1, CREATED, "a1", "ana"));
        assertThat(published()).isEmpty();
        send(reservation(70, TIMEOUT, "open", "bo"));

        assertThat(published())
                .singleElement()
                .extracting(TaskStatus::stage, TaskStatus::since)
                .containsExactly(Stage.WAITING, second(70));
    }

    private static List<Event> lifecycle() {
        return List.of(
                task(0, TaskFact.Change.CREATED, "Support"),
                reservation(10, CREATED, "1", "ana"),
                reservation(15, ACCEPTED, "1", "ana"),
                reservation(60, WRAPUP, "1", "ana"),
                reservation(90, COMPLETED, "1", "ana"),
                task(90.1, TaskFact.Change.COMPLETED, "Support"),
                task(400, TaskFact.Change.SYSTEM_DELETED, "Support"));
    }

    private void send(Event... events) {
        send(List.of(events));
    }

    private void send(List<Event> events) {
        events.forEach(event -> TestTopology.pipe(driver, Topics.TASK_EVENTS, TASK, event));
    }

    /** In steps, because a timer that fires may set the next one. */
    private void pass(Duration time) {
        Duration step = Duration.ofMinutes(10);
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
            Duration left = time.minus(passed);
            driver.advanceWallClockTime(left.compareTo(step) < 0 ? left : step);
        }
    }

    private List<TaskStatus> published() {
        return driver.createOutputTopic(
                        Topics.TASK_STATUS.name(),
                        new StringDeserializer(),
                        Topics.TASK_STATUS.valueSerde().deserializer())
                .readValuesToList();
    }

    private long stored(String table) {
        return Stored.in(driver, CaseRouting.TASK_STORE, table).stream()
                .filter(entry -> !entry.key.startsWith("!"))
                .count();
    }
}
