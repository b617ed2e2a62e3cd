package io.flexmetry.console.floor;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.floor.Stage;
import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.PrivacyConfiguration.WorkerNames;
import io.flexmetry.contract.settings.TargetsConfiguration.Kind;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TargetRulesTest {

    /** A Monday. */
    private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");

    private static final Instant EARLIER = NOW.minusSeconds(600);

    private static final String TARGETS = """
            targets:
              firstResponse: { within: PT20S, share: 0.9 }
              response: { within: PT40S }
              waiting: { within: PT1M, share: 0.7 }
              queues:
                Sales: { firstResponse: { within: PT1M } }
                VIP:
                  channels:
                    voice: { waiting: { within: PT10S } }
            """;

    /** The office opens at 09:00 in Berlin, and on Mondays again half an hour before {@link #NOW}. */
    private static final String OFFICE = """
            calendar:
              zone: Europe/Berlin
              hours:
                monday: [09:00-11:00, 12:30-17:00]
                friday: 09:00-17:00
              queues:
                Hotline: { hours: { monday: 00:00-24:00 } }
            """;

    private final FloorModel model = new FloorModel(WorkerNames.SHOWN);

    @Test
    void shouldCountFirstResponsesWithinTheTarget() {
        closed("WR1", "Support", Map.of(Metric.FIRST_RESPONSE_TIME, "20"));
        closed("WR2", "Support", Map.of(Metric.FIRST_RESPONSE_TIME, "20.001"));
        closed("WR3", "Support", Map.of());
        closed("WR4", "Sales", Map.of(Metric.FIRST_RESPONSE_TIME, "60"));

        Floor floor = floor(TARGETS);

        assertThat(queue(floor, "Sales").withinTarget()).isEqualTo(reached("1.000", 1, "0.8", 60L));
        assertThat(queue(floor, "Support").withinTarget()).isEqualTo(reached("0.500", 2, "0.9", 20L));
        assertThat(floor.tiles().withinTarget()).as("of several targets").isEqualTo(reached("0.667", 3, null, null));
        assertThat(floor("").tiles().withinTarget()).as("nothing is wanted").isNull();
    }

    @Test
    void shouldCountAnswersInBusinessHoursWhereACalendarApplies() {
        closed("WR1", "Support", Map.of(Metric.FIRST_RESPONSE_TIME, "7200", Metric.FIRST_RESPONSE_TIME_IN_HOURS, "20"));
        closed("WR2", "Support", Map.of(Metric.FIRST_RESPONSE_TIME, "5"));

        assertThat(floor(TARGETS + OFFICE).tiles().withinTarget())
                .as("of the row that has the number")
                .isEqualTo(reached("1.000", 1, "0.9", 20L));
        assertThat(floor(TARGETS).tiles().withinTarget()).as("of all time").isEqualTo(reached("0.500", 2, "0.9", 20L));
    }

    @Test
    void shouldCountAcceptancesWithinTheTarget() {
        closed("WR1", "Support", Map.of());
        accepted("WT1", "Support", "chat", EARLIER, 60);
        accepted("WT2", "Support", "chat", EARLIER, 61);
        accepted("WT3", "VIP", "voice", EARLIER, 11);
        accepted("WT4", "Support", "chat", NOW.minusSeconds(90_000), 5);
        task("WT5", "Support", "chat", Stage.WAITING, EARLIER, null);

        Floor floor = floor(TARGETS);

        assertThat(queue(floor, "Support").waitingWithinTarget())
                .as("neither yesterday's nor one that waits")
                .isEqualTo(reached("0.500", 2, "0.7", 60L));
        assertThat(floor.tiles().waitingWithinTarget()).isEqualTo(reached("0.333", 3, null, null));
        assertThat(floor("").tiles().waitingWithinTarget()).isNull();
    }

    @Test
    void shouldCountAcceptancesInBusinessHoursWhereACalendarApplies() {
        // 11:29:30 to 11:31:00 UTC: the office opens at 11:30
        accepted("WT1", "Support", "chat", Instant.parse("2026-01-05T11:29:30Z"), 90);
        accepted("WT2", "Hotline", "chat", Instant.parse("2026-01-05T11:29:30Z"), 90);

        Floor floor = floor(TARGETS + OFFICE);

        assertThat(floor.tiles().waitingWithinTarget()).isEqualTo(reached("0.500", 2, "0.7", 60L));
    }

    @Test
    void shouldNameWhatIsAboutToBeMissedTheLeastTimeLeftFirst() {
        running("WR1", "Support", NOW.minusSeconds(15), null, null);
        running("WR2", "Support", NOW.minusSeconds(14), null, null);
        running("WR3", "Support", NOW.minusSeconds(500), "7", NOW.minusSeconds(45));
        running("WR4", "Support", NOW.minusSeconds(500), "7", NOW.minusSeconds(29));
        running("WR5", "Support", NOW.minusSeconds(500), "7", NOW.minusSeconds(501));
        task("WT1", "Support", "chat", Stage.WAITING, NOW.minusSeconds(46), null);
        task("WT2", "Support", "chat", Stage.OFFERED, NOW.minusSeconds(44), null);
        task("WT3", "VIP", "voice", Stage.WAITING, NOW.minusSeconds(70), null);

        List<Floor.Breach> breaches = floor(TARGETS).breaches();

        assertThat(breaches)
                .as("three quarters of 20, 40, 60 and 10 s")
                .extracting(
                        Floor.Breach::key,
                        Floor.Breach::kind,
                        breach -> breach.breachAt().getEpochSecond() - NOW.getEpochSecond())
                .containsExactly(
                        tuple("WT3", Kind.WAITING, -60),
                        tuple("WR3", Kind.RESPONSE, -5),
                        tuple("WR1", Kind.FIRST_RESPONSE, 5),
                        tuple("WT1", Kind.WAITING, 14));
        assertThat(breaches.get(1).agent()).isEqualTo("ana");
        assertThat(breaches.get(3).agent()).as("nobody has it").isNull();
        assertThat(breaches.get(3).seconds()).isEqualTo(60);
        assertThat(floor("").breaches()).isEmpty();
    }

    @Test
    void shouldTakeTheAnswerThatIsDueFirst() {
        running("WR1", "Sales", NOW.minusSeconds(50), null, NOW.minusSeconds(35));
        running("WR2", "Support", NOW.minusSeconds(35), null, NOW.minusSeconds(34));

        assertThat(floor(TARGETS).breaches())
                .extracting(Floor.Breach::key, Floor.Breach::kind)
                .containsExactly(Tuple.tuple("WR2", Kind.FIRST_RESPONSE), Tuple.tuple("WR1", Kind.RESPONSE));
    }

    @Test
    void shouldExpectNoAnswerWhereNoneIsMeasured() {
        model.row("WR1", row("WR1", "Support", EARLIER, null, Map.of(), false, null), null);
        closed("WR2", "Support", Map.of());

        assertThat(floor(TARGETS).breaches()).as("a call, and a closed one").isEmpty();
    }

    @Test
    void shouldLetTimeLeftRunInBusinessHoursOnly() {
        // closed from 10:00 to 11:30 UTC
        Instant before = Instant.parse("2026-01-05T09:59:20Z");
        task("WT1", "Support", "chat", Stage.WAITING, before, null);
        task("WT2", "Hotline", "chat", Stage.WAITING, before, null);

        assertThat(floor(TARGETS + OFFICE, Instant.parse("2026-01-05T11:30:04Z"))
                        .breaches())
                .as("44 s of 60 are not enough")
                .extracting(Floor.Breach::key)
                .containsExactly("WT2");
        assertThat(floor(TARGETS + OFFICE, Instant.parse("2026-01-05T11:30:05Z"))
                        .breaches())
                .extracting(Floor.Breach::key, Floor.Breach::breachAt)
                .containsExactly(
                        Tuple.tuple("WT2", before.plusSeconds(60)),
                        Tuple.tuple("WT1", Instant.parse("2026-01-05T11:30:20Z")));
    }

    @Test
    void shouldNameFiftyAtMost() {
        for (int i = 100; i < 160; i++) {
            task("WT" + i, "Support", "chat", Stage.WAITING, NOW.minusSeconds(i), null);
        }

        assertThat(floor(TARGETS).breaches())
                .hasSize(50)
                .extracting(Floor.Breach::key)
                .startsWith("WT159", "WT158")
                .endsWith("WT110");
    }

    @Test
    void shouldReportConfiguredQueuesWithoutTasks() {
        assertThat(floor(TARGETS + OFFICE).problem())
                .as("nothing is known at all")
                .isNull();

        closed("WR1", "Sales", Map.of());
        accepted("WT1", "VlP", "voice", EARLIER, 5);

        assertThat(floor(TARGETS + OFFICE).problem())
                .isEqualTo("The configuration has targets or hours for queues without tasks and rows:"
                        + " Hotline (did you mean Sales?), VIP (did you mean VlP?)");
        assertThat(rules(TARGETS)
                        .floor(model.snapshot(), Window.TODAY, NOW, "Kafka is away")
                        .problem())
                .as("a problem of the service comes first")
                .isEqualTo("Kafka is away");
        accepted("WT2", "VIP", "voice", EARLIER, 5);
        assertThat(floor(TARGETS).problem()).isNull();
    }

    private static Tuple tuple(String key, Kind kind, long secondsLeft) {
        return Tuple.tuple(key, kind, secondsLeft);
    }

    private Floor floor(String yaml) {
        return floor(yaml, NOW);
    }

    private Floor floor(String yaml, Instant now) {
        return rules(yaml).floor(model.snapshot(), Window.TODAY, now, null);
    }

    private static FloorRules rules(String yaml) {
        Configuration configuration = Configuration.parse("test", yaml);
        return new FloorRules(new TargetRules(configuration.targets(), configuration.calendar()), ZoneId.of("UTC"));
    }

    private static Floor.Queue queue(Floor floor, String name) {
        return floor.queues().stream()
                .filter(queue -> queue.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Floor.Reached reached(String share, int of, @Nullable String wanted, @Nullable Long seconds) {
        return new Floor.Reached(new BigDecimal(share), of, wanted == null ? null : new BigDecimal(wanted), seconds);
    }

    private void accepted(String sid, String queue, String channel, Instant createdAt, long after) {
        task(sid, queue, channel, Stage.ENDED, createdAt, createdAt.plusSeconds(after));
    }

    private void task(
            String sid, String queue, String channel, Stage stage, Instant createdAt, @Nullable Instant acceptedAt) {
        model.task(
                sid,
                new TaskStatus(sid, stage, createdAt, createdAt, acceptedAt, null, channel, queue, null, null),
                null);
    }

    private void closed(String sid, String queue, Map<Metric, String> values) {
        model.row(sid, row(sid, queue, EARLIER, NOW, values, true, null), null);
    }

    private void running(
            String sid,
            String queue,
            Instant acceptedAt,
            @Nullable String firstResponse,
            @Nullable Instant waitingSince) {
        Map<Metric, String> values =
                firstResponse == null ? Map.of() : Map.of(Metric.FIRST_RESPONSE_TIME, firstResponse);
        model.row(sid, row(sid, queue, acceptedAt, null, values, true, waitingSince), null);
    }

    private static ReservationMetrics row(
            String sid,
            String queue,
            Instant acceptedAt,
            @Nullable Instant closedAt,
            Map<Metric, String> values,
            boolean hasMessages,
            @Nullable Instant waitingSince) {
        Map<Metric, BigDecimal> numbers = new EnumMap<>(Metric.class);
        values.forEach((metric, value) -> numbers.put(metric, new BigDecimal(value)));
        return new ReservationMetrics(
                sid,
                "WT" + sid,
                1,
                closedAt == null ? ReservationMetrics.State.RUNNING : ReservationMetrics.State.FINAL,
                "WKana",
                "ana",
                "chat",
                queue,
                null,
                acceptedAt,
                closedAt,
                null,
                numbers,
                hasMessages ? new ReservationMetrics.Messages(true, List.of(), waitingSince, null) : null,
                null,
                null,
                null);
    }
}
