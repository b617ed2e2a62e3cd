package io.flexmetry.processors.floor;

import static io.flexmetry.contract.event.FocusFact.Change.DESELECT;
import static io.flexmetry.contract.event.FocusFact.Change.HEARTBEAT;
import static io.flexmetry.contract.event.FocusFact.Change.HIDDEN;
import static io.flexmetry.contract.event.FocusFact.Change.SELECT;
import static io.flexmetry.contract.event.FocusFact.Change.UNLOAD;
import static io.flexmetry.contract.event.FocusFact.Change.VISIBLE;
import static io.flexmetry.contract.event.ReservationFact.Change.ACCEPTED;
import static io.flexmetry.contract.event.ReservationFact.Change.COMPLETED;
import static io.flexmetry.contract.event.ReservationFact.Change.CREATED;
import static io.flexmetry.contract.event.ReservationFact.Change.REJECTED;
import static io.flexmetry.contract.event.ReservationFact.Change.WRAPUP;
import static io.flexmetry.processors.floor.Floor.START;
import static io.flexmetry.processors.floor.Floor.WORKER;
import static io.flexmetry.processors.floor.Floor.activity;
import static io.flexmetry.processors.floor.Floor.focus;
import static io.flexmetry.processors.floor.Floor.reservation;
import static io.flexmetry.processors.floor.Floor.second;
import static io.flexmetry.processors.floor.Floor.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.floor.Stage;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.floor.WorkerStatus.Focus;
import io.flexmetry.contract.floor.WorkerStatus.Held;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.Stored;
import io.flexmetry.processors.TestTopology;
import io.flexmetry.processors.cases.CaseRouting;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Status of workers, in the whole topology on Kafka's test driver. */
class WorkerStatusTest {

    @TempDir
    private Path stateDir;

    private TopologyTestDriver driver;
    private Instant now = START;

    @BeforeEach
    void start() {
        driver = TestTopology.driver(stateDir, Configuration.defaults(), START);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void shouldPublishTheReservationsOfAWorkerFromOfferToEnd() {
        send(
                reservation(10, CREATED, "1", "ana"),
                reservation(15, ACCEPTED, "1", "ana"),
                reservation(20, CREATED, "2", "ana"),
                reservation(25, REJECTED, "2", "ana"),
                reservation(60, WRAPUP, "1", "ana"),
                reservation(90, COMPLETED, "1", "ana"));

        Held first = new Held("WR-1", "WT-1", Stage.ASSIGNED, second(15), "chat", "Support");
        assertThat(published())
                .extracting(WorkerStatus::reservations)
                .containsExactly(
                        List.of(new Held("WR-1", "WT-1", Stage.OFFERED, second(10), "chat", "Support")),
                        List.of(first),
                        List.of(first, new Held("WR-2", "WT-1", Stage.OFFERED, second(20), "chat", "Support")),
                        List.of(first),
                        List.of(new Held("WR-1", "WT-1", Stage.WRAPPING, second(60), "chat", "Support")),
                        List.of());
    }

    @Test
    void shouldNotReopenAReservationThatHasEnded() {
        send(reservation(90, COMPLETED, "1", "ana"));
        published();

        send(reservation(15, ACCEPTED, "1", "ana"), reservation(60, WRAPUP, "1", "ana"));

        assertThat(published()).isEmpty();
    }

    @Test
    void shouldNotReopenAReservationThatEndedLongBeforeOthers() {
        for (int i = 0; i < 40; i++) {
            send(reservation(10 * i, ACCEPTED, "a" + i, "ana"), reservation(10 * i + 5, COMPLETED, "a" + i, "ana"));
        }
        published();

        for (int i = 0; i < 40; i++) {
            send(reservation(10 * i, ACCEPTED, "a" + i, "ana"));
        }

        assertThat(published()).isEmpty();
    }

    @Test
    void shouldWriteOnlyTheReservationThatChanges() {
        TestOutputTopic<String, byte[]> changelog = driver.createOutputTopic(
                "flexmetry-processors-" + CaseRouting.WORKER_STORE + "-changelog",
                new StringDeserializer(),
                new ByteArrayDeserializer());
        for (int i = 0; i < 40; i++) {
            send(reservation(10 * i, ACCEPTED, "a" + i, "ana"), reservation(10 * i + 5, COMPLETED, "a" + i, "ana"));
        }
        changelog.readKeyValuesToList();

        send(reservation(500, ACCEPTED, "b", "ana"));
        assertThat(written(changelog)).containsExactly("worker-status-reservations/WK-ana/WR-b");

        send(reservation(600, COMPLETED, "b", "ana"));
        assertThat(written(changelog))
                .containsExactly(
                        "worker-status-reservations/WK-ana/WR-b",
                        // evicted
                        "worker-status-reservations/WK-ana/WR-a10");
    }

    @Test
    void shouldFindAWorkerInTheStoreAfterARestart() {
        send(
                activity(5, "Available"),
                reservation(10, ACCEPTED, "1", "ana"),
                reservation(15, COMPLETED, "1", "ana"),
                reservation(20, ACCEPTED, "2", "ana"));
        focus(30, "tab", 1, SELECT, "2");

        WorkerStatusState found = FloorTopology.workers(driver.getKeyValueStore(CaseRouting.WORKER_STORE))
                .get(WORKER);

        assertThat(found).isNotNull();
        assertThat(found.reservations()).containsOnlyKeys("WR-2");
        assertThat(found.ended()).containsExactly(entry("WR-1", second(15)));
        assertThat(WorkerStatusRules.status(WORKER, found, on("2", 30)))
                .isEqualTo(published().get(4));
    }

    @Test
    void shouldPublishTheNewestName() {
        send(renamed(10, "ana"), renamed(30, "anna"), renamed(20, "ana"), renamed(40, null));

        assertThat(published()).extracting(WorkerStatus::name).containsExactly("ana", "anna");
    }

    @Test
    void shouldPublishTheActivityAndWhenItBegan() {
        send(
                worker(0, "worker.created", "Offline"),
                activity(10, "Available"),
                worker(20, "worker.attributes.update", "Available"),
                worker(30, "worker.capability.update", null),
                // a late event
                activity(5, "Break"),
                activity(40, "Offline"));

        assertThat(published())
                .extracting(WorkerStatus::name, WorkerStatus::activityName, WorkerStatus::activitySince)
                .containsExactly(
                        tuple("ana@example.com", "Offline", second(0)),
                        tuple("ana@example.com", "Available", second(10)),
                        tuple("ana@example.com", "Offline", second(40)));
    }

    @Test
    void shouldKeepTheBeginningOfAnActivityThatIsRepeatedOften() {
        send(activity(10, "Available"));
        for (int i = 0; i < 50; i++) {
            send(worker(20 + i, "worker.attributes.update", "Available"));
        }

        assertThat(published())
                .singleElement()
                .extracting(WorkerStatus::activitySince)
                .isEqualTo(second(10));
    }

    @Test
    void shouldPublishTheTaskOnScreen() {
        accept("1", "2");

        focus(30, "tab", 1, SELECT, "1");
        focus(40, "tab", 2, SELECT, "2");
        focus(50, "tab", 3, DESELECT, null);

        assertThat(focuses()).containsExactly(on("1", 30), on("2", 40), null);
    }

    @Test
    void shouldPublishNoFocusOnATaskThatTheWorkerDoesNotHold() {
        accept("1");

        focus(30, "tab", 1, SELECT, "3");
        assertThat(published()).isEmpty();
        focus(40, "tab", 2, SELECT, "1");
        send(reservation(50, COMPLETED, "1", "ana"));

        assertThat(focuses()).containsExactly(on("1", 40), null);
    }

    @Test
    void shouldPublishNothingWhenOnlyHeartbeatsCome() {
        accept("1");
        focus(30, "tab", 1, SELECT, "1");
        published();

        for (int i = 0; i < 20; i++) {
            focus(45 + 15 * i, "tab", 2 + i, HEARTBEAT, "1");
        }

        assertThat(published()).isEmpty();
        assertThat(timers("silence")).isEqualTo(1);
    }

    @Test
    void shouldPublishNoFocusWhileTheTabIsHidden() {
        accept("1");

        focus(30, "tab", 1, SELECT, "1");
        focus(40, "tab", 2, HIDDEN, "1");
        focus(45, "tab", 3, HEARTBEAT, "1");
        focus(60, "tab", 4, VISIBLE, "1");

        assertThat(focuses()).containsExactly(on("1", 30), null, on("1", 60));
    }

    @Test
    void shouldEndTheFocusWhenATabBecomesSilent() {
        accept("1");
        focus(30, "tab", 1, SELECT, "1");
        focus(45, "tab", 2, HEARTBEAT, "1");
        published();

        until(134);
        assertThat(published()).isEmpty();
        until(141);
        assertThat(focuses()).containsExactly((Focus) null);

        focus(150, "tab", 3, HEARTBEAT, "1");
        assertThat(focuses()).containsExactly(on("1", 30));
    }

    @Test
    void shouldCountTheTabThatWasLastActiveAndNotTheLastHeartbeat() {
        accept("1", "2");

        focus(30, "other", 1, SELECT, "1");
        focus(40, "tab", 1, SELECT, "2");
        focus(45, "other", 2, HEARTBEAT, "1");
        assertThat(focuses()).containsExactly(on("1", 30), on("2", 40));

        // a silent tab remains the last active one
        until(135);
        focus(135, "other", 3, HEARTBEAT, "1");
        until(140);
        assertThat(focuses()).containsExactly((Focus) null);
        focus(145, "other", 4, VISIBLE, "1");
        assertThat(focuses()).containsExactly(on("1", 145));
    }

    @Test
    void shouldUseTheOtherTabWhenTheLastActiveOneIsClosed() {
        accept("1", "2");
        focus(30, "other", 1, SELECT, "1");
        focus(40, "tab", 1, SELECT, "2");
        published();

        focus(50, "tab", 2, UNLOAD, null);

        assertThat(focuses()).containsExactly(on("1", 30));
    }

    @Test
    void shouldPublishNothingWhenABeaconReportsLate() {
        accept("1");
        until(600);

        focus(30, "tab", 1, SELECT, "1");

        assertThat(published()).isEmpty();
    }

    @Test
    void shouldForgetADeletedWorkerAtOnceAndForEver() {
        send(activity(10, "Available"), worker(20, "worker.deleted", null));
        assertThat(published()).hasSize(2).last().isNull();

        send(activity(15, "Break"), worker(20, "worker.deleted", null));
        accept("1");
        focus(30, "tab", 1, SELECT, "1");

        assertThat(published()).isEmpty();
        after(Configuration.defaults().retention().plusHours(2));
        assertThat(published()).isEmpty();
        assertThat(stored()).isZero();
    }

    @Test
    void shouldForgetAWorkerAWeekAfterTheLastEvent() {
        send(activity(10, "Available"));
        after(Duration.ofDays(3));
        focus(259_200, "tab", 1, HEARTBEAT, null);
        published();

        after(Configuration.defaults().retention().minusHours(2));
        assertThat(published()).isEmpty();
        after(Duration.ofHours(3));

        assertThat(published()).containsExactly((WorkerStatus) null);
        assertThat(stored()).isZero();
    }

    private void accept(String... reservations) {
        for (String of : reservations) {
            send(reservation(20, ReservationFact.Change.ACCEPTED, of, "ana"));
        }
        published();
    }

    private void focus(double second, String tab, long sequence, FocusFact.Change change, String of) {
        until(second);
        TestTopology.pipe(driver, Topics.FOCUS_EVENTS, WORKER, Floor.focus(second, tab, sequence, change, of));
    }

    private void send(Event... events) {
        for (Event event : events) {
            boolean ofTask = event.fact() instanceof ReservationFact;
            TestTopology.pipe(
                    driver, ofTask ? Topics.TASK_EVENTS : Topics.WORKER_EVENTS, ofTask ? Floor.TASK : WORKER, event);
        }
    }

    private void until(double second) {
        Duration time = Duration.between(now, second(second));
        if (!time.isNegative()) {
            after(time);
        }
    }

    /** In steps, because a timer that fires may set the next one. */
    private void after(Duration time) {
        Duration step = time.compareTo(Duration.ofHours(1)) > 0 ? Duration.ofMinutes(10) : Duration.ofSeconds(1);
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            Duration left = Duration.between(now, end);
            Duration next = left.compareTo(step) < 0 ? left : step;
            driver.advanceWallClockTime(next);
            now = now.plus(next);
        }
    }

    private static Event renamed(double second, String name) {
        Event event = worker(second, "worker.attributes.update", null);
        return new Event(
                event.eventId(),
                event.type(),
                event.occurredAt(),
                event.receivedAt(),
                event.source(),
                new WorkerFact(new Worker(WORKER, name, null), null));
    }

    private static Focus on(String of, double second) {
        return new Focus("WR-" + of, second(second));
    }

    private List<Focus> focuses() {
        return published().stream().map(WorkerStatus::focus).toList();
    }

    private List<WorkerStatus> published() {
        return driver.createOutputTopic(
                        Topics.WORKER_STATUS.name(),
                        new StringDeserializer(),
                        Topics.WORKER_STATUS.valueSerde().deserializer())
                .readValuesToList();
    }

    private static List<String> written(TestOutputTopic<String, byte[]> changelog) {
        return changelog.readKeyValuesToList().stream()
                .map(entry -> entry.key)
                .filter(key -> key.startsWith("worker-status"))
                .toList();
    }

    private long timers(String kind) {
        return Stored.in(driver, CaseRouting.WORKER_STORE, "worker-status-timers").stream()
                .filter(entry -> entry.key.contains("/" + kind + "/"))
                .count();
    }

    private long stored() {
        return List.of("worker-status", "worker-status-reservations", "worker-tabs", "worker-status-timers").stream()
                .flatMap(table -> Stored.in(driver, CaseRouting.WORKER_STORE, table).stream())
                .filter(entry -> !entry.key.startsWith("!"))
                .count();
    }
}
