package io.flexmetry.processors;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.command.CreateLinkedTask;
import io.flexmetry.contract.command.ListCallMetrics;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.event.CallSampleFact;
import io.flexmetry.contract.event.CallSummaryFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.outcome.CallOutcome;
import io.flexmetry.contract.outcome.CallOutcome.Ending;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.contract.voice.CallDescription;
import io.flexmetry.contract.voice.CallMeans;
import io.flexmetry.contract.voice.CallSample;
import io.flexmetry.contract.voice.LowQuality;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When calls are looked up, and what the answers lead to. Seconds count from the acceptance. */
class VoiceTopologyTest {

    private static final CallDescription BY_SDK = new CallDescription("client", 60, true, "us1");

    @TempDir
    Path folder;

    private TopologyTestDriver driver;
    private Instant now = Script.START;
    private final Map<String, ReservationMetrics> lastRows = new HashMap<>();
    private int events;

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void shouldAskAfterAHundredSecondsAndPutTheMeanOnTheTaskInTime() {
        start("");
        accepted();
        wrapUpAt(60);
        at(159);
        assertThat(lookUps()).isEmpty();

        at(161);
        assertThat(lookUps()).containsExactly(new ListCallMetrics("CA1/metrics/1", "CA1", now, "sdk_edge"));
        answer(1, measured("4.0", "4.5", null, "3.5"));

        ReservationMetrics row = row();
        assertThat(row.values())
                .containsEntry(Metric.MOS, new BigDecimal("4"))
                .containsEntry(Metric.MOS_SAMPLES, new BigDecimal("3"))
                .containsEntry(Metric.MINIMUM_MOS, new BigDecimal("3.5"))
                .containsEntry(Metric.LOW_MOS_SHARE, BigDecimal.ZERO)
                .containsEntry(Metric.AVERAGE_JITTER, new BigDecimal("4"))
                .containsEntry(Metric.AVERAGE_ROUND_TRIP_TIME, new BigDecimal("80"))
                .containsEntry(Metric.PACKET_LOSS, new BigDecimal("0.02"));
        assertThat(row.voice())
                .isEqualTo(new ReservationMetrics.Voice("CA1", "sdk_edge", "us1", "metrics", now, null, null));
        WriteAttributes write = lastWrite();
        assertThat(write.set()).containsEntry("conversation_measure_5", new BigDecimal("4"));
        assertThat(write.over()).isFalse();
        at(3_600);
        assertThat(lookUps()).as("once is enough").hasSize(0);
    }

    /** The state was dropped: the outcomes of earlier look-ups are read before the leg. */
    @Test
    void shouldNotAskAgainAboutACallThatWasAskedAboutBeforeItsStateWasDropped() {
        start("");
        at(7_200);
        answer(1, measured());
        answer(2, measured());
        answer(3, measured());
        accepted();
        wrapUpAt(60);

        at(3 * 3_600);

        assertThat(lookUps()).isEmpty();
        assertThat(row().voice().reason()).isEqualTo("no-samples");
    }

    @Test
    void shouldCountASampleOnceWhenItIsOnTwoPages() {
        start("");
        accepted();
        wrapUpAt(60);
        at(161);
        List<CallSample> twice = new ArrayList<>(samples("4.0", "3.0"));
        twice.addAll(samples("4.0", "3.0"));
        answer(1, new CallOutcome.Measured(twice, BY_SDK));

        assertThat(row().values())
                .containsEntry(Metric.MOS_SAMPLES, new BigDecimal("2"))
                .containsEntry(Metric.LOW_MOS_SHARE, new BigDecimal("0.5"));
    }

    @Test
    void shouldAskAgainWithGrowingGapsAndGiveUp() {
        start("");
        accepted();
        wrapUpAt(60);
        List<Long> asked = new ArrayList<>();
        for (int second = 61; second < 4_000; second++) {
            at(second);
            for (ListCallMetrics lookUp : lookUps()) {
                asked.add(Duration.between(Script.START, lookUp.issuedAt()).toSeconds() - 60);
                answer(asked.size(), new CallOutcome.Measured(List.of(), BY_SDK));
            }
        }

        assertThat(asked).hasSize(6).first().isEqualTo(100L);
        assertThat(asked.get(1) - asked.get(0)).isBetween(50L, 52L);
        assertThat(asked.get(5) - asked.get(4)).isBetween(800L, 802L);
        assertThat(row().voice().reason()).isEqualTo("no-samples");
        assertThat(row().values()).doesNotContainKey(Metric.MOS);
        assertThat(read(Topics.TASK_COMMANDS)).noneMatch(CreateLinkedTask.class::isInstance);
    }

    static Stream<Arguments> reasons() {
        return Stream.of(
                Arguments.of(new CallOutcome.NotEnabled("403"), "not-enabled", "403"),
                Arguments.of(new CallOutcome.Refused("400"), "refused", "400"),
                Arguments.of(new CallOutcome.GaveUp("500"), "gave-up", "500"),
                Arguments.of(
                        new CallOutcome.Measured(List.of(), new CallDescription("carrier", 60, false, null)),
                        "not-an-sdk-leg",
                        null),
                Arguments.of(
                        new CallOutcome.Measured(List.of(), new CallDescription("client", 9, false, null)),
                        "call-too-short",
                        null));
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void shouldSayWhyThereIsNoScoreAndAskNoMore(Ending found, String reason, String detail) {
        start("writeBack: { lateWorkflow: WW00000000000000000000000000000001 }");
        accepted();
        wrapUpAt(60);
        at(161);
        assertThat(lookUps()).hasSize(1);
        answer(1, found);
        at(4_000);

        assertThat(row().voice().reason()).isEqualTo(reason);
        assertThat(row().voice().detail()).isEqualTo(detail);
        assertThat(lookUps()).isEmpty();
        assertThat(read(Topics.TASK_COMMANDS)).noneMatch(CreateLinkedTask.class::isInstance);
    }

    @Test
    void shouldGiveUpWhenNoAnswerComesAndCorrectItselfWhenOneComesLater() {
        start("");
        accepted();
        wrapUpAt(60);
        at(161);
        at(1_859);
        assertThat(row().voice().reason()).isNull();
        at(1_861);
        assertThat(row().voice().reason()).isEqualTo("gave-up");

        answer(1, measured("4.0"));

        assertThat(row().voice().reason()).isNull();
        assertThat(row().values()).containsEntry(Metric.MOS, new BigDecimal("4"));
    }

    @Test
    void shouldUseWhatTwilioSendsInsteadOfAsking() {
        start("");
        accepted();
        sent(samples("4.0", "4.5"));
        sent(samples("4.0"));
        assertThat(row().values())
                .as("during the call")
                .containsEntry(Metric.MOS, new BigDecimal("4.25"))
                .containsEntry(Metric.MOS_SAMPLES, new BigDecimal("2"));
        assertThat(row().state()).isEqualTo(ReservationMetrics.State.RUNNING);
        wrapUpAt(60);
        at(3_600);

        assertThat(lookUps()).isEmpty();
        assertThat(row().voice().source()).isEqualTo("event-streams");
        assertThat(row().voice().knownAt()).isNotNull();
    }

    @Test
    void shouldUseASummaryAndCorrectItBySamples() {
        start("");
        accepted();
        wrapUpAt(60);
        summary("4.4");
        assertThat(row().values()).containsEntry(Metric.MOS, new BigDecimal("4.4"));
        assertThat(row().voice().source()).isEqualTo("summary");
        at(3_600);
        assertThat(lookUps()).isEmpty();

        sent(samples("4.0", "4.5"));

        assertThat(row().values()).containsEntry(Metric.MOS, new BigDecimal("4.25"));
        assertThat(row().voice().source()).isEqualTo("event-streams");
    }

    @Test
    void shouldWarnOnceWhenACallHasSoundedBadForHalfAMinute() {
        start("");
        accepted();
        sent(samples("4.0", "4.0", "3.0", "3.0", "3.0", "3.0"));
        assertThat(read(Topics.LOW_QUALITY)).as("low for 20 s").isEmpty();
        sent(samples("4.0", "4.0", "3.0", "3.0", "3.0", "3.0", "3.0", "3.0", "3.0"));

        assertThat(read(Topics.LOW_QUALITY))
                .containsExactly(new LowQuality(
                        "CA1", "WT1", "WR1", "WK1", Script.second(30), Script.second(60), new BigDecimal("3")));
    }

    @Test
    void shouldReportThatATaskNamedNoCall() {
        start("");
        reservation(0, "accepted", "voice", null);
        reservation(60, "wrapup", "voice", null);
        at(3_600);

        assertThat(lookUps()).isEmpty();
        assertThat(row().voice().reason()).isEqualTo("no-agent-call");
    }

    @Test
    void shouldPublishNothingForAChat() {
        start("");
        reservation(0, "accepted", "chat", null);
        reservation(60, "wrapup", "chat", null);
        at(3_600);

        assertThat(lookUps()).isEmpty();
        assertThat(row().voice()).isNull();
    }

    @Test
    void shouldDoNothingWhenItIsDisabled() {
        start("voiceQuality: { enabled: false }");
        accepted();
        wrapUpAt(60);
        at(3_600);

        assertThat(lookUps()).isEmpty();
        assertThat(row().voice()).isNull();
    }

    /** The first agent's wrap-up names the second agent's call, and is read before all events of the second agent. */
    @Test
    void shouldMoveACallThatTurnsOutToBeAnotherAgents() {
        start("");
        reservation("WR1", 0, "accepted", null);
        reservation("WR1", 60, "wrapup", "CA2");
        assertThat(row().voice().callSid()).isEqualTo("CA2");

        reservation("WR2", 50, "accepted", null);
        reservation("WR2", 90, "wrapup", "CA2");
        at(191);
        assertThat(lookUps()).hasSize(1);
        pipe(Topics.CALL_OUTCOMES, "CA2", new CallOutcome("CA2/metrics/1", "CA2", now, 1, measured("4.0")));

        assertThat(rows().get("WR2").values()).containsEntry(Metric.MOS, new BigDecimal("4"));
        assertThat(rows().get("WR1").voice().reason()).isEqualTo("no-agent-call");
        assertThat(rows().get("WR1").values()).doesNotContainKey(Metric.MOS);
    }

    @Test
    void shouldMeasureACallWhenTheFirstEventsOfItsTaskDoNotNameIt() {
        start("");
        reservation(0, "created", null, null);
        reservation(1, "accepted", "voice", null);
        wrapUpAt(60);
        at(161);
        answer(1, measured("4.0"));

        assertThat(row().values()).containsEntry(Metric.MOS, new BigDecimal("4"));
    }

    /** After an outage of hours, a call is looked up before it is given up. */
    @Test
    void shouldLookUpAfterAnOutage() {
        start("");
        now = Script.second(20_000);
        driver.advanceWallClockTime(Duration.ofSeconds(20_000));
        accepted();
        wrapUpAt(60);
        at(20_001);

        assertThat(lookUps()).hasSize(1);
        answer(1, measured("4.0"));
        assertThat(row().values()).containsEntry(Metric.MOS, new BigDecimal("4"));
    }

    private void start(String yaml) {
        driver = TestTopology.driver(folder, Configuration.parse("test", yaml), now);
    }

    private void accepted() {
        reservation(0, "accepted", "voice", null);
        reservation(1, "accepted", "voice", "CA1");
    }

    private void wrapUpAt(int second) {
        reservation(second, "wrapup", "voice", "CA1");
    }

    private void at(int second) {
        Instant then = Script.second(second);
        driver.advanceWallClockTime(Duration.between(now, then));
        now = then;
    }

    private void reservation(int second, String change, String channel, String callSid) {
        reservation("WR1", second, change, channel, callSid);
    }

    private void reservation(String sid, int second, String change, String callSid) {
        reservation(sid, second, change, "voice", callSid);
    }

    private void reservation(String sid, int second, String change, String channel, String callSid) {
        send(
                Topics.TASK_EVENTS,
                "WT1",
                second,
                new ReservationFact(
                        ReservationFact.Change.valueOf(change.toUpperCase(Locale.ROOT)),
                        sid,
                        new Task("WT1", 1, channel, "Phone", null, null, null, null, null),
                        new Worker("WK1", "ana", "ana"),
                        callSid));
    }

    private void sent(List<CallSample> samples) {
        samples.forEach(sample -> send(Topics.VOICE_EVENTS, "CA1", 0, new CallSampleFact("CA1", "sdk_edge", sample)));
    }

    private void summary(String mos) {
        send(
                Topics.VOICE_EVENTS,
                "CA1",
                0,
                new CallSummaryFact("CA1", BY_SDK, new CallMeans(new BigDecimal(mos), null, null)));
    }

    private void send(Topic<String, Event> topic, String key, int second, Fact fact) {
        Instant at = Script.second(second);
        pipe(topic, key, new Event("EV" + events++, "t", at, at, Source.TASKROUTER, fact));
    }

    private void answer(int lookUp, Ending found) {
        pipe(Topics.CALL_OUTCOMES, "CA1", new CallOutcome("CA1/metrics/" + lookUp, "CA1", now, 1, found));
    }

    private <V> void pipe(Topic<String, V> topic, String key, V value) {
        TestTopology.pipe(driver, topic, key, value);
    }

    private static Ending measured(String... scores) {
        return new CallOutcome.Measured(samples(scores), BY_SDK);
    }

    private static List<CallSample> samples(String... scores) {
        List<CallSample> samples = new ArrayList<>();
        for (String score : scores) {
            samples.add(new CallSample(
                    Script.second(samples.size() * 10),
                    "both",
                    score == null ? null : new BigDecimal(score),
                    BigDecimal.valueOf(4),
                    BigDecimal.valueOf(80),
                    10L,
                    490L));
        }
        return samples;
    }

    private List<ListCallMetrics> lookUps() {
        return read(Topics.CALL_COMMANDS).stream()
                .map(ListCallMetrics.class::cast)
                .toList();
    }

    private WriteAttributes lastWrite() {
        return read(Topics.TASK_COMMANDS).stream()
                .filter(WriteAttributes.class::isInstance)
                .map(WriteAttributes.class::cast)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private ReservationMetrics row() {
        return rows().get("WR1");
    }

    private Map<String, ReservationMetrics> rows() {
        read(Topics.RESERVATION_METRICS).forEach(row -> lastRows.put(row.reservationSid(), row));
        return lastRows;
    }

    private <V> List<V> read(Topic<String, V> topic) {
        return driver.createOutputTopic(
                        topic.name(),
                        topic.keySerde().deserializer(),
                        topic.valueSerde().deserializer())
                .readValuesToList();
    }
}
