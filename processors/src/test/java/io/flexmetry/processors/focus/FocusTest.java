package io.flexmetry.processors.focus;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.explain.FocusInterval;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.FocusConfiguration;
import io.flexmetry.contract.settings.MetricsConfiguration;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.Stored;
import io.flexmetry.processors.TestTopology;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.store.Tables;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Focus in the whole topology on Kafka's test driver. The clocks of Twilio and the driver agree. */
class FocusTest {

    @TempDir
    Path stateDir;

    private TopologyTestDriver driver;

    @AfterEach
    void stop() {
        if (driver != null) {
            driver.close();
        }
    }

    /** The first rows are those of docs/metrics.md. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 accept A, 0 accept B, 0 select A, 10 select B, 30 wrap A | A=10
            0 accept A, 0 select A, 10 deselect, 60 wrap A | A=10
            0 accept A, 0 accept B, 0 select A, 10 deselect, 60 select B, 70 select A, 75 wrap A, 75 wrap B | A=15 B=10
            0 accept A, 0 select A, 10 unload, 10 select A, 12 select A, 20 wrap A | A=20
            0 accept A, 0 select A, 10 unload, 12 select A, 20 wrap A | A=18
            0 accept A, 0 select A, 10 wrap A, 15 select A, 20 end A | A=10
            0 accept A, 0 select A, 20 end A | A=20
            0 accept A, 0 select A, 10 hide, 20 show, 30 wrap A | A=20
            0 accept A, 0 select A, 10 hide, 20 beat A, 30 wrap A | A=10
            0 accept A, 0 select A, 15 beat A, 30 beat A, 300 wrap A | A=30
            0 accept A, 0 select A, 15 beat A, 30 beat A, 70 wrap A | A=70
            0 accept A, 0 select A, 15 beat A, 300 beat A, 310 wrap A | A=25
            0 accept A, 0 select A, 20 logout, 30 wrap A | A=20
            0 accept A, 0 select A, 15 beat A, 75 beat A, 80 wrap A | A=20
            0 accept A, 20 select A, 10 deselect, 30 wrap A | A=0
            0 accept A, 0 select A, 20 logout, 25 beat A, 30 wrap A | A=25
            0 select A, 7 accept A, 20 wrap A | A=13
            0 beat A, 7 accept A, 20 wrap A | A=13
            0 accept A, 5 select B, 20 wrap A | A=0
            0 accept A, 0 accept B, 0 select A, 10 select B in 2, 20 beat A, 30 wrap A, 30 wrap B | A=10 B=20
            0 accept A, 0 accept B, 0 select A, 10 select B in 2, 20 hide in 2, 25 show in 1, 30 wrap A, 30 wrap B | A=15 B=10
            0 accept A, 0 accept B, 0 select A, 10 beat B in 2, 20 wrap A, 20 wrap B | A=20 B=0
            0 accept A, 0 select A, 10 unload, 15 beat B in 2, 15 accept B, 25 wrap A, 25 wrap B | A=10 B=10
            0 accept A, 0 hide, 5 select A, 20 wrap A | A=0
            """)
    void shouldMeasureFocus(String steps, String expected) {
        send(BrowserScript.of(steps));

        assertThat(focus()).isEqualTo(expected);
    }

    @Test
    void shouldPublishShareSwitchesAndConcurrency() {
        send(BrowserScript.of("0 accept A, 0 select A, 10 accept B, 10 select B, 20 select A, 30 wrap B, 40 wrap A"));

        Map<String, ReservationMetrics> rows = rows();
        assertThat(rows.get("WR-A").values())
                .containsEntry(Metric.FOCUS_TIME, new BigDecimal("30"))
                .containsEntry(Metric.FOCUS_SHARE, new BigDecimal("0.75"))
                .containsEntry(Metric.FOCUS_SWITCHES, new BigDecimal("2"))
                .containsEntry(Metric.CONCURRENCY, new BigDecimal("1.5"));
        assertThat(rows.get("WR-B").values())
                .containsEntry(Metric.FOCUS_TIME, new BigDecimal("10"))
                .containsEntry(Metric.CONCURRENCY, new BigDecimal("2"));
    }

    @Test
    void shouldEstimateFocusWithoutABeaconWhenTheReservationWasAlone() {
        send(BrowserScript.of("0 accept A, 20 wrap A, 100 accept B, 110 accept C, 120 wrap B, 130 wrap C"));

        Map<String, ReservationMetrics> rows = rows();
        assertThat(rows.get("WR-A").values())
                .containsOnlyKeys(Metric.CONCURRENCY, Metric.ESTIMATED_FOCUS_TIME)
                .containsEntry(Metric.ESTIMATED_FOCUS_TIME, new BigDecimal("20"));
        assertThat(rows.get("WR-B").values())
                .containsOnlyKeys(Metric.CONCURRENCY)
                .containsEntry(Metric.CONCURRENCY, new BigDecimal("1.5"));
        assertThat(read(Topics.TASK_COMMANDS)).as("an estimate is not written").isEmpty();
    }

    @Test
    void shouldCountAHiddenTabWhereThatIsConfigured() {
        open(new FocusConfiguration(Duration.ofSeconds(15), true));
        send(BrowserScript.of("0 accept A, 0 select A, 10 hide, 20 show, 30 wrap A"));

        assertThat(focus()).isEqualTo("A=30");
    }

    @Test
    void shouldRoundAsConfigured() {
        MetricsConfiguration standard = Configuration.defaults().metrics();
        driver = TestTopology.driver(
                stateDir,
                Configuration.defaults()
                        .with(new MetricsConfiguration(
                                standard.preset(),
                                standard.chatChannels(),
                                standard.responseFrom(),
                                0,
                                standard.attributes())),
                BrowserScript.START);
        send(BrowserScript.of("0 accept A, 0 select A, 10.6 deselect, 30 wrap A"));

        assertThat(focus()).isEqualTo("A=11");
    }

    @Test
    void shouldPublishAnOpenReservationOncePerHeartbeat() {
        send(BrowserScript.of("0 accept A, 0 select A, 15 beat A"));
        assertThat(rows().get("WR-A").values()).isEmpty();

        driver.advanceWallClockTime(Duration.ofSeconds(16));
        assertThat(rows().get("WR-A").values()).containsEntry(Metric.FOCUS_TIME, new BigDecimal("15"));

        send(BrowserScript.of("0 accept A, 0 select A, 15 beat A, 30 beat A").subList(3, 4));
        driver.advanceWallClockTime(Duration.ofSeconds(16));
        assertThat(rows().get("WR-A").values()).containsEntry(Metric.FOCUS_TIME, new BigDecimal("30"));
    }

    /** The browser kept the batch while it was offline. */
    @Test
    void shouldCorrectAFinalRowWhenABatchComesLate() {
        List<Event> events = BrowserScript.of("0 accept A, 0 select A, 10 select B, 20 select A, 30 wrap A");
        send(List.of(events.get(0), events.get(1), events.get(4)));
        assertThat(focus()).isEqualTo("A=30");

        send(events.subList(2, 4));
        driver.advanceWallClockTime(Duration.ofSeconds(5));

        assertThat(focus()).isEqualTo("A=20");
    }

    @Test
    void shouldCorrectAFinalRowWhenAllEventsOfTheBeaconComeLate() {
        List<Event> events = BrowserScript.of("0 accept A, 0 select A, 20 deselect, 30 wrap A");
        send(List.of(events.get(0), events.get(3)));
        assertThat(rows().get("WR-A").values()).containsKey(Metric.ESTIMATED_FOCUS_TIME);

        send(events.subList(1, 3));
        driver.advanceWallClockTime(Duration.ofSeconds(5));

        assertThat(focus()).isEqualTo("A=20");
    }

    /** With another network delay the duplicate has another time. */
    @Test
    void shouldCountADeliveryTwiceOnceWhateverItsDelay() {
        List<Event> events = BrowserScript.of("0 accept A, 59.9 select A, 70 deselect, 90 wrap A");
        List<Event> again = events.subList(1, 3).stream()
                .map(event -> new Event(
                        event.eventId(),
                        event.type(),
                        event.occurredAt().plusMillis(400),
                        event.receivedAt(),
                        event.source(),
                        event.fact()))
                .toList();
        send(again);
        send(events);
        send(again);

        assertThat(focus()).isEqualTo("A=10.1");
    }

    @Test
    void shouldMakeNoRowOfSomebodyElsesReservationAndCountIt() {
        send(BrowserScript.of("0 accept A, 0 select A, 10 select X, 20 beat X, 30 wrap A"));

        assertThat(focus()).isEqualTo("A=10");
        assertThat(driver.metrics().values().stream()
                        .filter(metric -> metric.metricName().name().equals("not-their-reservation-total"))
                        .mapToDouble(metric -> (double) metric.metricValue())
                        .sum())
                .isEqualTo(2);
    }

    /** For any sequence: no time counts twice, outside of a reservation or negatively, and the order of arrival does not matter. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldNeverMeasureMoreThanTheWallClock(long seed) {
        Random random = new Random(seed);
        List<Event> events = anyDay(random);
        send(events);
        driver.advanceWallClockTime(Duration.ofMinutes(2));
        Map<String, ReservationMetrics> rows = rows();
        driver.close();

        BigDecimal sum = BigDecimal.ZERO;
        for (ReservationMetrics row : rows.values()) {
            BigDecimal focus = row.values().getOrDefault(Metric.FOCUS_TIME, BigDecimal.ZERO);
            BigDecimal window = BigDecimal.valueOf(
                    Duration.between(row.acceptedAt(), row.wrapUpAt()).toMillis(), 3);
            assertThat(focus).isBetween(BigDecimal.ZERO, window);
            sum = sum.add(focus);
        }
        assertThat(sum).isLessThanOrEqualTo(BigDecimal.valueOf(3600));

        List<Event> shuffled = new ArrayList<>(events);
        shuffled.addAll(events.subList(0, events.size() / 2));
        Collections.shuffle(shuffled, random);
        driver = null;
        send(shuffled);
        driver.advanceWallClockTime(Duration.ofMinutes(2));
        Map<String, ReservationMetrics> others = rows();
        assertThat(others.keySet()).isEqualTo(rows.keySet());
        rows.forEach((sid, row) ->
                assertThat(others.get(sid).values()).as("seed %d %s", seed, sid).isEqualTo(row.values()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldExplainTheIntervalsThatTheValuesConsistOf(long seed) {
        List<String> steps = anySteps(new Random(seed));
        steps.sort(Comparator.comparingDouble(step -> Double.parseDouble(step.substring(0, step.indexOf(' ')))));
        send(BrowserScript.of(String.join(", ", steps)));
        driver.advanceWallClockTime(Duration.ofMinutes(2));

        assertThat(rows().values()).hasSize(5).allSatisfy(this::requireExplained);
    }

    @Test
    void shouldKeepNoMoreThanADayAndCarryOnWhatIsOpen() {
        send(BrowserScript.of("0 accept A, 0 select A, 10 deselect, 20 accept B, 20 select B, 30 wrap B"));
        driver.advanceWallClockTime(Duration.ofHours(32));
        assertThat(Stored.in(driver, FocusTopology.STORE, "minutes"))
                .as("forgotten")
                .isEmpty();

        send(BrowserScript.of(
                        "0 logout, 0 logout, 0 logout, 0 logout, 0 logout, 0 logout, 115200 select A, 115205 deselect,"
                                + " 115210 wrap A")
                .subList(6, 9));

        Map<String, ReservationMetrics> rows = rows();
        assertThat(focus(rows)).isEqualTo("A=15 B=10");
        requireExplained(rows.get("WR-A"));
    }

    /** Events are deleted twice while it is open, the first time in the middle of its focus. */
    @Test
    void shouldCountFocusOnceAndWholeWhenEventsAreDeletedMeanwhile() {
        StringBuilder steps = new StringBuilder("0 accept A, 17407 select A");
        for (int second = 17_422; second < 18_600; second += 15) {
            steps.append(", ").append(second).append(" beat A");
        }
        send(BrowserScript.of(steps + ", 18600 deselect"));
        driver.advanceWallClockTime(Duration.ofHours(30));
        driver.advanceWallClockTime(Duration.ofHours(7));

        send(BrowserScript.of("133200 wrap A"));

        ReservationMetrics row = rows().get("WR-A");
        assertThat(row.values())
                .containsEntry(Metric.FOCUS_TIME, new BigDecimal("1193"))
                .containsEntry(Metric.FOCUS_SWITCHES, new BigDecimal("1"));
    }

    @Test
    void shouldForgetAReservationADayAfterAllThatItGoesBeside() {
        send(BrowserScript.of("0 accept A, 20 accept B, 30 wrap B, 40 accept C, 50 wrap C"));
        driver.advanceWallClockTime(Duration.ofHours(32));
        assertThat(windows()).as("beside A, which is open").containsExactly("WR-A", "WR-B", "WR-C");

        send(BrowserScript.of("115200 wrap A"));
        driver.advanceWallClockTime(Duration.ofHours(32));

        assertThat(windows()).isEmpty();
    }

    @Test
    void shouldKeepWhatGoesBesideAReservationThatIsOpenLongerThanStateIsKept() {
        send(BrowserScript.of("0 accept A"));
        driver.advanceWallClockTime(Duration.ofDays(6));
        send(BrowserScript.of("518400 accept B, 518500 wrap B"));

        driver.advanceWallClockTime(Duration.ofDays(2));
        assertThat(windows()).containsExactly("WR-A", "WR-B");

        driver.advanceWallClockTime(Duration.ofDays(6));
        assertThat(windows()).as("longer than state is kept").containsExactly("WR-A");
    }

    /** Processors were down for more than a day: the events of the browser are too old. */
    @Test
    void shouldFinishARowWhoseEventsWaitedForMoreThanADay() {
        send(BrowserScript.of("0 accept A, 20 wrap A"));
        driver.advanceWallClockTime(Duration.ofHours(32));

        send(BrowserScript.of("100 accept B, 100 select B, 120 wrap B"));

        ReservationMetrics row = rows().get("WR-B");
        assertThat(row.state()).isEqualTo(ReservationMetrics.State.FINAL);
        assertThat(row.values()).doesNotContainKey(Metric.FOCUS_TIME);
    }

    @Test
    void shouldKeepAFinalRowFinalWhenTheWrapUpComesAfterADay() {
        send(BrowserScript.of("0 accept A, 0 accept B, 0 select A, 30 end A"));
        assertThat(focus()).isEqualTo("A=30");
        driver.advanceWallClockTime(Duration.ofHours(32));

        send(BrowserScript.of("29 wrap A"));

        ReservationMetrics row = rows().get("WR-A");
        assertThat(row.state()).isEqualTo(ReservationMetrics.State.FINAL);
        assertThat(row.values()).containsEntry(Metric.FOCUS_TIME, new BigDecimal("30"));
    }

    @Test
    void shouldWriteOfALongDayOnlyWhatChanges() {
        send(BrowserScript.of("0 accept R0, 1 wrap R0"));
        var changelog = driver.createOutputTopic(
                "flexmetry-processors-" + FocusTopology.STORE + "-changelog",
                new StringDeserializer(),
                new StringDeserializer());
        for (int number = 1; number < 200; number++) {
            send(BrowserScript.of(
                    "%d accept R%d, %d wrap R%d".formatted(number * 10, number, number * 10 + 5, number)));
        }
        changelog.readKeyValuesToList();

        send(BrowserScript.of("2000 accept R200"));

        assertThat(changelog.readKeyValuesToList())
                .extracting(entry -> entry.key)
                .filteredOn(key -> key.startsWith("reservations/"))
                .containsExactly("reservations/WK-ana/WR-R200");
    }

    @Test
    void shouldWriteNothingWhenTheEndFollowsTheWrapUp() {
        List<Event> events = BrowserScript.of("0 accept A, 30 wrap A, 40 end A");
        send(events.subList(0, 2));
        var changelog = driver.createOutputTopic(
                "flexmetry-processors-" + FocusTopology.STORE + "-changelog",
                new StringDeserializer(),
                new StringDeserializer());
        changelog.readKeyValuesToList();

        send(events.subList(2, 3));

        assertThat(changelog.readKeyValuesToList())
                .extracting(entry -> entry.key)
                .noneMatch(key -> key.matches("(reservations|workers|timers)/.*"));
    }

    @Test
    void shouldAffectAClosedReservationOnlyWhenItsOverlapChanges() {
        FocusReservation closed = window(0, 20);
        FocusReservation offered = FocusReservation.of("WT-B");
        FocusReservation open = window(10, null);
        FocusWorker worker = FocusWorker.NEW.withWindow(
                "WR-A", closed.withPublished(new FocusReservation.Published(closed.closedAt(), Map.of())));
        FocusRules rules = new FocusRules(new FocusConfiguration(null, false), null);

        assertThat(rules.affected(worker, offered, open)).containsExactly("WR-A");
        assertThat(rules.affected(worker, open, window(10, 15))).containsExactly("WR-A");
        assertThat(rules.affected(worker, open, window(10, 30))).isEmpty();
        assertThat(rules.affected(worker, offered, window(20, null))).isEmpty();
    }

    private static FocusReservation window(int accepted, @Nullable Integer closed) {
        FocusReservation open = FocusReservation.of("WT")
                .learn(ReservationFact.Change.ACCEPTED, BrowserScript.START.plusSeconds(accepted));
        return closed == null
                ? open
                : open.learn(ReservationFact.Change.WRAPUP, BrowserScript.START.plusSeconds(closed));
    }

    @Test
    void shouldFindAWorkerInTheStoreAfterARestart() {
        send(BrowserScript.of("0 accept A, 20 accept B, 30 wrap B"));

        FocusWorker found = FocusTopology.workers(driver.getKeyValueStore(FocusTopology.STORE))
                .get("WK-ana");

        assertThat(found).isNotNull();
        assertThat(found.windows()).containsOnlyKeys("WR-A", "WR-B");
        assertThat(found.windows().get("WR-B").closedAt()).isEqualTo(BrowserScript.START.plusSeconds(30));
    }

    private List<String> windows() {
        return Stored.in(driver, FocusTopology.STORE, "reservations").stream()
                .map(entry -> entry.key.split("/", 2)[1])
                .toList();
    }

    /** The explained intervals add up to the values. */
    private void requireExplained(ReservationMetrics row) {
        Tables tables = new Tables() {
            @Override
            public <V> Table.View<V> read(Table.Definition<V> table) {
                return table.read(driver.<String, byte[]>getKeyValueStore(table.store()));
            }
        };
        List<FocusInterval> explained =
                FocusTopology.explain(tables, Configuration.defaults(), row.workerSid(), row.reservationSid());
        assertThat(explained.stream().map(FocusInterval::seconds).reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo(row.values().getOrDefault(Metric.FOCUS_TIME, BigDecimal.ZERO));
        assertThat(explained.stream().mapToInt(FocusInterval::switches).sum())
                .isEqualTo(row.values()
                        .getOrDefault(Metric.FOCUS_SWITCHES, BigDecimal.ZERO)
                        .intValueExact());
        assertThat(explained).isSortedAccordingTo(Comparator.comparing(FocusInterval::from));
    }

    private static List<Event> anyDay(Random random) {
        return BrowserScript.of(String.join(", ", anySteps(random)));
    }

    private static List<String> anySteps(Random random) {
        List<String> steps = new ArrayList<>();
        for (char name = 'A'; name <= 'E'; name++) {
            int accepted = random.nextInt(1_800);
            steps.add(accepted + " accept " + name);
            steps.add(accepted + 1 + random.nextInt(1_700) + " wrap " + name);
        }
        for (int i = 0; i < 150; i++) {
            String at = random.nextInt(3_600_000) / 1_000.0 + " ";
            String name = String.valueOf((char) ('A' + random.nextInt(6)));
            String tab = " in " + (1 + random.nextInt(3));
            steps.add(at
                    + switch (random.nextInt(10)) {
                        case 0 -> "deselect" + tab;
                        case 1 -> "hide" + tab;
                        case 2 -> "show" + tab;
                        case 3 -> "unload" + tab;
                        case 4, 5, 6 -> "beat " + name + tab;
                        default -> "select " + name + tab;
                    });
        }
        steps.add(random.nextInt(3_600) + " logout");
        return steps;
    }

    private void open(FocusConfiguration focus) {
        driver = TestTopology.driver(stateDir, Configuration.defaults().with(focus), BrowserScript.START);
    }

    private void send(List<Event> events) {
        if (driver == null) {
            open(new FocusConfiguration(null, false));
        }
        events.forEach(event -> {
            if (event.fact() instanceof ReservationFact fact) {
                send(Topics.TASK_EVENTS, fact.task().taskSid(), event);
            } else if (event.fact() instanceof FocusFact fact) {
                send(Topics.FOCUS_EVENTS, fact.workerSid(), event);
            } else if (event.fact() instanceof WorkerFact fact) {
                send(Topics.WORKER_EVENTS, fact.worker().workerSid(), event);
            }
        });
    }

    private <V> void send(Topic<String, V> topic, String key, V value) {
        TestTopology.pipe(driver, topic, key, value, Instant.EPOCH);
    }

    private final Map<String, String> known = new TreeMap<>();

    /** Focus times of all final rows so far. */
    private String focus() {
        return focus(rows());
    }

    private String focus(Map<String, ReservationMetrics> rows) {
        rows.forEach((sid, row) -> {
            BigDecimal focus = row.values().get(Metric.FOCUS_TIME);
            if (focus != null && row.state() == ReservationMetrics.State.FINAL) {
                known.put(sid, sid.substring(3) + "=" + focus.toPlainString());
            }
        });
        return String.join(" ", known.values());
    }

    private Map<String, ReservationMetrics> rows() {
        Map<String, ReservationMetrics> latest = new HashMap<>();
        read(Topics.RESERVATION_METRICS).forEach(row -> latest.put(row.reservationSid(), row));
        return latest;
    }

    private <V> List<V> read(Topic<String, V> topic) {
        return driver.createOutputTopic(
                        topic.name(),
                        topic.keySerde().deserializer(),
                        topic.valueSerde().deserializer())
                .readValuesToList();
    }
}
