package io.flexmetry.console.floor;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.floor.Stage;
import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.CalendarConfiguration;
import io.flexmetry.contract.settings.PrivacyConfiguration.WorkerNames;
import io.flexmetry.contract.settings.TargetsConfiguration;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FloorRulesTest {

    private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");
    private static final ZoneId UTC = ZoneId.of("UTC");

    private final FloorModel model = new FloorModel(WorkerNames.SHOWN);

    @BeforeEach
    void fill() {
        row("WR1", "ana", "Support", minutes(20), minutes(10), Map.of(Metric.FIRST_RESPONSE_TIME, "10"), null);
        row("WR2", "ana", "Support", minutes(3), null, Map.of(Metric.FIRST_RESPONSE_TIME, "30"), minutes(1));
        row(
                "WR3",
                "ben",
                "Sales",
                minutes(100),
                minutes(50),
                Map.of(Metric.MOS, "2.5", Metric.FOCUS_TIME, "1500"),
                null);
    }

    @Test
    void shouldCountWhatRunsOrClosedInTheWindow() {
        assertThat(floor(Window.FIVE_MINUTES).tiles().handled()).isZero();
        assertThat(floor(Window.THIRTY_MINUTES).tiles().handled()).isEqualTo(1);
        assertThat(floor(Window.TODAY).tiles().handled()).isEqualTo(2);
        assertThat(floor(Window.FIVE_MINUTES).tiles().firstResponse()).isEqualTo(statistic("30", "30", 1));
        assertThat(floor(Window.TODAY).tiles().firstResponse()).isEqualTo(statistic("20", "30", 2));
        assertThat(floor(Window.TODAY).tiles().response())
                .as("no number, no statistic")
                .isNull();
    }

    @Test
    void shouldCountTasksByTheirStage() {
        task("WT4", Stage.WAITING, minutes(2), "Support");
        task("WT5", Stage.OFFERED, minutes(4), "Support");
        task("WT6", Stage.WRAPPING, minutes(9), "Sales");
        task("WT7", Stage.ENDED, minutes(30), "Support");
        // offered to a second agent while the first one has it, and back in a queue
        model.task("WT8", transferred("WT8", Stage.OFFERED), null);
        model.task("WT9", transferred("WT9", Stage.WAITING), null);

        Floor floor = floor(Window.TODAY);

        assertThat(floor.tiles().waiting()).isEqualTo(3);
        assertThat(floor.tiles().active()).isEqualTo(1);
        assertThat(floor.tiles().longestWaitSince()).isEqualTo(minutes(4));
        assertThat(floor.tiles().wrapping()).isEqualTo(1);
        assertThat(floor.queues()).extracting(Floor.Queue::name).containsExactly("Sales", "Support");
        assertThat(floor.queues().get(1).waiting()).isEqualTo(2);
        assertThat(floor.queues().get(0).longestWaitSince())
                .as("not since its creation")
                .isEqualTo(minutes(1));
    }

    @Test
    void shouldListWaitingCustomersTheLongestFirst() {
        row("WR8", "ben", "Sales", minutes(30), null, Map.of(), minutes(6));

        assertThat(floor(Window.FIVE_MINUTES).replies())
                .extracting(Floor.Reply::key)
                .containsExactly("WR8", "WR2");
        assertThat(floor(Window.FIVE_MINUTES).tiles().longestReplySince()).isEqualTo(minutes(6));
    }

    @Test
    void shouldShowWhatAnAgentDoes() {
        model.worker(
                "WKana",
                new WorkerStatus(
                        "WKana",
                        "ana",
                        "Available",
                        minutes(60),
                        List.of(new WorkerStatus.Held("WR2", "WT2", Stage.ASSIGNED, minutes(3), "chat", "Support")),
                        new WorkerStatus.Focus("WR2", minutes(2))),
                null);

        Floor.Agent ana = floor(Window.TODAY).agents().get(0);

        assertThat(ana.handled()).isEqualTo(1);
        assertThat(ana.open()).extracting(Floor.Open::waitingSince).containsExactly(minutes(1));
        assertThat(ana.focus()).isEqualTo(new Floor.OnScreen("WR2", minutes(2)));
        assertThat(ana.focusShare()).as("no focus was measured").isNull();
    }

    @Test
    void shouldComputeTheFocusShare() {
        model.worker("WKben", new WorkerStatus("WKben", "ben", null, null, List.of(), null), null);

        assertThat(floor(Window.TODAY).agents().get(0).focusShare()).isEqualByComparingTo("0.5");
    }

    @Test
    void shouldNameCallsThatSoundBad() {
        assertThat(floor(Window.TODAY).calls()).extracting(Floor.Call::key).containsExactly("WR3");
        assertThat(floor(Window.FIVE_MINUTES).calls()).isEmpty();
    }

    @Test
    void shouldForgetWhatIsGone() {
        model.row("WR1", null, null);

        assertThat(floor(Window.TODAY).tiles().handled()).isEqualTo(1);
        assertThat(model.find("WTWR1")).isEmpty();
    }

    @Test
    void shouldReturnATasksRowsAsInTheTopic() {
        assertThat(model.find("WTWR1").orElseThrow().rows()).containsExactly("{WR1}");
        assertThat(model.find("WTWR1").orElseThrow().ledger()).isNull();
    }

    @Test
    void shouldBeginTheDayAtMidnightOfTheZoneAlsoWhenClocksChange() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");

        assertThat(Window.TODAY.from(Instant.parse("2026-03-29T20:00:00Z"), berlin))
                .isEqualTo(Instant.parse("2026-03-28T23:00:00Z"));
        assertThat(Window.TODAY.from(Instant.parse("2026-03-30T20:00:00Z"), berlin))
                .isEqualTo(Instant.parse("2026-03-29T22:00:00Z"));
    }

    @Test
    void shouldShowTheNewestReservationsFirst() {
        for (int i = 1; i <= 60; i++) {
            row("WR-" + i, "ana", "Support", minutes(200 - i), minutes(1), Map.of(), null);
        }

        List<Floor.Recent> recent = floor(Window.TODAY).recent();

        assertThat(recent).hasSize(50).extracting(Floor.Recent::key).startsWith("WR2", "WR1", "WR3", "WR-60", "WR-59");
    }

    @Test
    void shouldTakeMedianAndNinetiethPercentileExactly() {
        FloorModel ten = new FloorModel(WorkerNames.SHOWN);
        for (int i = 1; i <= 10; i++) {
            row(
                    ten,
                    "WR" + i,
                    "ana",
                    "Support",
                    minutes(9),
                    minutes(1),
                    Map.of(Metric.FIRST_RESPONSE_TIME, "" + i),
                    null);
        }

        assertThat(rules().floor(ten.snapshot(), Window.TODAY, NOW, null)
                        .tiles()
                        .firstResponse())
                .isEqualTo(statistic("5.5", "9", 10));
    }

    private static FloorRules rules() {
        return new FloorRules(new TargetRules(TargetsConfiguration.NONE, CalendarConfiguration.NONE), UTC);
    }

    private Floor floor(Window window) {
        return rules().floor(model.snapshot(), window, NOW, null);
    }

    private static Statistic statistic(String median, String p90, int of) {
        return new Statistic(new BigDecimal(median), new BigDecimal(p90), of);
    }

    private static Instant minutes(int ago) {
        return NOW.minusSeconds(60L * ago);
    }

    private void task(String sid, Stage stage, Instant since, String queue) {
        model.task(sid, new TaskStatus(sid, stage, since, since, null, null, "chat", queue, null, null), null);
    }

    private static TaskStatus transferred(String sid, Stage stage) {
        return new TaskStatus(sid, stage, minutes(1), minutes(90), minutes(80), null, "chat", "Sales", null, null);
    }

    private void row(
            String sid,
            String agent,
            String queue,
            Instant acceptedAt,
            @Nullable Instant closedAt,
            Map<Metric, String> values,
            @Nullable Instant waitingSince) {
        row(model, sid, agent, queue, acceptedAt, closedAt, values, waitingSince);
    }

    private static void row(
            FloorModel model,
            String sid,
            String agent,
            String queue,
            Instant acceptedAt,
            @Nullable Instant closedAt,
            Map<Metric, String> values,
            @Nullable Instant waitingSince) {
        Map<Metric, BigDecimal> numbers = new EnumMap<>(Metric.class);
        values.forEach((metric, value) -> numbers.put(metric, new BigDecimal(value)));
        model.row(
                sid,
                new ReservationMetrics(
                        sid,
                        "WT" + sid,
                        1,
                        closedAt == null ? ReservationMetrics.State.RUNNING : ReservationMetrics.State.FINAL,
                        "WK" + agent,
                        agent,
                        "chat",
                        queue,
                        null,
                        acceptedAt,
                        closedAt,
                        null,
                        numbers,
                        new ReservationMetrics.Messages(true, List.of(), waitingSince, null),
                        null,
                        null,
                        null),
                ("{" + sid + "}").getBytes(StandardCharsets.UTF_8));
    }
}
