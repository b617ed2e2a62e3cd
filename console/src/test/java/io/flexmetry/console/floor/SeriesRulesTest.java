package io.flexmetry.console.floor;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.console.floor.FloorModel.Snapshot;
import io.flexmetry.contract.floor.Stage;
import io.flexmetry.contract.floor.TaskStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesRulesTest {

    /** 12:02 of a day whose second bucket is 00:15 to 00:30, and so on; the last one begins at 12:00. */
    private static final Instant NOW = Instant.parse("2026-01-05T12:02:00Z");

    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final int RUNNING = 48;

    private final List<ReservationSummary> rows = new ArrayList<>();
    private final List<TaskStatus> tasks = new ArrayList<>();

    @Test
    void shouldTakeMediansOfWhatClosedInABucket() {
        row("10:15:00", "Support", "10", "4");
        row("10:20:00", "Support", "20", null);
        row("10:29:59.999", "Sales", "60", "8");
        row("10:30:00", "Support", "90", "90");
        row(null, "Support", "1", "1");
        row("12:02:00", "Support", "7", null);

        assertThat(bucket("10:15").firstResponse()).isEqualTo(statistic("20", "60", 3));
        assertThat(bucket("10:15").response()).isEqualTo(statistic("6", "8", 2));
        assertThat(bucket("10:30").firstResponse()).isEqualTo(statistic("90", "90", 1));
        assertThat(bucket("12:00").firstResponse())
                .as("what still runs is not in it")
                .isEqualTo(statistic("7", "7", 1));
        assertThat(bucket("12:00").response()).as("no number, no zero").isNull();
    }

    @Test
    void shouldHaveGapsAndNoZerosWhereNothingClosed() {
        row("10:15:00", "Support", null, null);

        assertThat(series(null).buckets()).hasSize(RUNNING + 1).allSatisfy(bucket -> {
            assertThat(bucket.firstResponse()).isNull();
            assertThat(bucket.response()).isNull();
            assertThat(bucket.accepted()).isZero();
            assertThat(bucket.waiting()).isZero();
        });
    }

    @Test
    void shouldLeaveOutWhatIsBeforeTheWindowOrAfterNow() {
        rows.add(summary(NOW.minusSeconds(86_400), "Support", "1", "1"));
        row("12:02:01", "Support", "1", "1");
        tasks.add(
                new TaskStatus("WT1", Stage.ENDED, NOW, at("12:02:01"), at("12:03:00"), null, null, null, null, null));
        tasks.add(task(Stage.ASSIGNED, NOW, NOW.minusSeconds(90_000), NOW.minusSeconds(86_400)));

        assertThat(series(null).buckets()).allSatisfy(bucket -> {
            assertThat(bucket.firstResponse()).isNull();
            assertThat(bucket.accepted()).isZero();
            assertThat(bucket.waiting()).isZero();
        });
    }

    @Test
    void shouldCountWhenTasksWereAcceptedFirst() {
        tasks.add(task(Stage.ASSIGNED, at("10:15:00"), at("10:00:00"), at("10:15:00")));
        tasks.add(task(Stage.ENDED, at("11:00:00"), at("10:00:00"), at("10:29:59")));
        tasks.add(task(Stage.WAITING, at("11:30:00"), at("10:00:00"), at("10:30:00")));

        assertThat(bucket("10:00").accepted()).isZero();
        assertThat(bucket("10:15").accepted()).isEqualTo(2);
        assertThat(bucket("10:30").accepted()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // stage, since, created, accepted: the first and the last bucket at whose end it waits; - if there is none
        "accepted within a bucket,         ASSIGNED, 10:10, 10:05, 10:10, -,     -",
        "accepted when a bucket ended,     ASSIGNED, 10:15, 10:05, 10:15, -,     -",
        "accepted after two of them,       WRAPPING, 11:00, 10:05, 10:31, 10:00, 10:15",
        "created when one ended,           ASSIGNED, 10:16, 10:15, 10:16, 10:00, 10:00",
        "waits,                            WAITING,  11:50, 11:50, -,     11:45, 12:00",
        "is offered,                       OFFERED,  11:59, 11:50, -,     11:45, 12:00",
        "came just now,                    WAITING,  12:02, 12:02, -,     12:00, 12:00",
        "given up by the customer,         ENDED,    11:10, 10:50, -,     10:45, 10:45",
        "again after a transfer,           WAITING,  11:00, 10:05, 10:20, 10:00, 10:00",
        "of unknown creation,              WAITING,  11:40, -,     -,     11:30, 12:00",
        "of unknown creation and accepted, ASSIGNED, 11:40, -,     11:40, -,     -",
        "accepted before it was created,   ASSIGNED, 10:05, 10:40, 10:05, -,     -",
        "since yesterday,                  WAITING,  00:00, x,     -,     00:00, 12:00",
    })
    void shouldCountWhoWaitsWhenABucketEnds(
            String name, Stage stage, String since, String created, String accepted, String first, String last) {
        tasks.add(task(
                stage,
                at(since),
                created.equals("x") ? NOW.minusSeconds(86_400) : atOrNull(created),
                atOrNull(accepted)));

        List<Instant> waiting = series(null).buckets().stream()
                .filter(bucket -> bucket.waiting() > 0)
                .map(Series.Bucket::from)
                .toList();

        assertThat(series(null).buckets())
                .extracting(Series.Bucket::waiting)
                .as("never negative, never twice")
                .allMatch(count -> count == 0 || count == 1);
        if (first.equals("-")) {
            assertThat(waiting).as(name).isEmpty();
        } else {
            assertThat(waiting).first().isEqualTo(at(first));
            assertThat(waiting).last().isEqualTo(at(last));
            assertThat(waiting)
                    .as("without a gap")
                    .hasSize((int) (at(last).getEpochSecond() - at(first).getEpochSecond()) / 900 + 1);
        }
    }

    @Test
    void shouldCoverOneQueue() {
        row("10:15:00", "Support", "10", null);
        row("10:15:00", "Sales", "30", null);
        rows.add(summary(at("10:15:00"), null, "50", null));
        tasks.add(task(Stage.ASSIGNED, at("10:15:00"), at("10:00:00"), at("10:15:00")));

        assertThat(bucket("10:15").firstResponse()).isEqualTo(statistic("30", "50", 3));
        Series support = series("Support");
        assertThat(support.queue()).isEqualTo("Support");
        assertThat(support.buckets().get(41).firstResponse()).isEqualTo(statistic("10", "10", 1));
        assertThat(support.buckets().get(41).accepted()).isEqualTo(1);
        assertThat(series("Sales").buckets().get(41).accepted()).isZero();
        assertThat(series("unheard of").buckets()).hasSize(RUNNING + 1);
    }

    /** The same records in another order. */
    @Test
    void shouldNotDependOnTheOrder() {
        row("10:15:00", "Support", "10", "4");
        row("10:16:00", "Support", "20", "5");
        tasks.add(task(Stage.WAITING, at("11:00:00"), at("11:00:00"), null));
        tasks.add(task(Stage.ASSIGNED, at("10:15:00"), at("10:00:00"), at("10:15:00")));
        Series before = series(null);

        Collections.reverse(rows);
        Collections.reverse(tasks);

        assertThat(series(null)).isEqualTo(before);
    }

    private Series.Bucket bucket(String from) {
        return series(null).buckets().stream()
                .filter(bucket -> bucket.from().equals(at(from)))
                .findFirst()
                .orElseThrow();
    }

    private Series series(@Nullable String queue) {
        return SeriesRules.series(new Snapshot(rows, tasks, List.of()), Window.TODAY, queue, NOW, UTC);
    }

    private void row(@Nullable String closed, String queue, @Nullable String firstResponse, @Nullable String response) {
        rows.add(summary(closed == null ? null : at(closed), queue, firstResponse, response));
    }

    private static ReservationSummary summary(
            @Nullable Instant closedAt,
            @Nullable String queue,
            @Nullable String firstResponse,
            @Nullable String response) {
        return new ReservationSummary(
                "WR1",
                "WT1",
                "WK1",
                null,
                "chat",
                queue,
                at("09:00:00"),
                closedAt,
                null,
                true,
                number(firstResponse),
                null,
                number(response),
                null,
                null,
                null,
                null);
    }

    private static TaskStatus task(
            Stage stage, Instant since, @Nullable Instant createdAt, @Nullable Instant acceptedAt) {
        return new TaskStatus("WT1", stage, since, createdAt, acceptedAt, null, "chat", "Support", null, null);
    }

    private static Statistic statistic(String median, String p90, int of) {
        return new Statistic(new BigDecimal(median), new BigDecimal(p90), of);
    }

    private static @Nullable BigDecimal number(@Nullable String value) {
        return value == null ? null : new BigDecimal(value);
    }

    private static @Nullable Instant atOrNull(String time) {
        return time.equals("-") ? null : at(time);
    }

    private static Instant at(String time) {
        return Instant.parse("2026-01-05T" + (time.length() == 5 ? time + ":00" : time) + "Z");
    }
}
