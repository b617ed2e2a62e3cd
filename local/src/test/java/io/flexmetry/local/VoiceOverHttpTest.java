package io.flexmetry.local;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.explain.Explanation;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.service.Query;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.api.Api;
import io.flexmetry.local.twilio.InsightsStore.Measured;
import io.flexmetry.local.twilio.SimulatedTask;
import io.flexmetry.processors.explain.ExplainQuery;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Voice quality through the real endpoints, with a clock that tests move. */
class VoiceOverHttpTest {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final AtomicReference<Instant> CLOCK = new AtomicReference<>(Instant.parse("2026-01-05T09:00:00Z"));

    @TempDir
    static Path folder;

    private static LocalStack stack;

    @BeforeAll
    static void start() throws Exception {
        Path yaml = folder.resolve("flexmetry.yaml");
        Files.writeString(yaml, "writeBack: { lateWorkflow: WW00000000000000000000000000000001 }");
        stack = LocalStack.start(
                Environment.of(Map.of("FLEXMETRY_HTTP_PORT", "0", "FLEXMETRY_CONFIG", yaml.toString())),
                folder,
                InstantSource.system(),
                CLOCK::get);
        await().until(stack::isReady);
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void shouldPutTheScoreOnTheTaskWhileItCounts() throws Exception {
        Phone phone = new Phone("in time", "\"conversations\":{\"conversation_id\":\"KD1\",\"other\":1.50}");
        phone.accepted(0, "ana").sounded("ana", 0, "4.0", "4.5", null, "3.5").wrapUp(60, "ana");

        pass(Duration.ofSeconds(161));

        await().untilAsserted(() -> assertThat(phone.task().attributes())
                .contains("\"other\":1.50", "\"conversation_id\":\"KD1\"", "\"conversation_measure_5\":4"));
        await().untilAsserted(() -> assertThat(phone.row("ana")).satisfies(row -> {
            assertThat(row.writeBack())
                    .extracting(ReservationMetrics.WriteBack::status)
                    .isEqualTo("written");
            assertThat(row.values())
                    .containsEntry(Metric.MOS, new BigDecimal("4"))
                    .containsEntry(Metric.MOS_SAMPLES, new BigDecimal("3"))
                    .containsEntry(Metric.MINIMUM_MOS, new BigDecimal("3.5"));
            assertThat(row.voice().region()).isEqualTo("us1");
        }));
        phone.explainedAs("ana", "metrics");
        phone.completed(300, "ana");
        assertThat(phone.linked()).isEmpty();
    }

    @Test
    void shouldCountEachOf120SamplesOnThreePagesOnce() throws Exception {
        Phone phone = new Phone("pages", "\"a\":1");
        String[] scores = new String[120];
        Arrays.setAll(scores, i -> i < 60 ? "4.0" : "3.0");
        phone.accepted(0, "ana").sounded("ana", 0, scores).wrapUp(1_200, "ana");

        pass(Duration.ofSeconds(1_301));

        await().untilAsserted(() -> assertThat(phone.row("ana").values())
                .containsEntry(Metric.MOS_SAMPLES, new BigDecimal("120"))
                .containsEntry(Metric.MOS, new BigDecimal("3.5"))
                .containsEntry(Metric.LOW_MOS_SHARE, new BigDecimal("0.5")));
        assertThat(stack.calls().requests(phone.callSid("ana")))
                .as("three pages")
                .isEqualTo(3);
        phone.explainedAs("ana", "metrics");
    }

    @Test
    void shouldLinkOneTaskToACallWhoseScoreIsLate() throws Exception {
        Phone phone = new Phone("late", "\"a\":1");
        phone.accepted(0, "ana").sounded("ana", 400, "4.0", "4.2").wrapUp(60, "ana");
        phone.completed(80, "ana");

        pass(Duration.ofSeconds(161));
        await().until(() -> stack.calls().requests(phone.callSid("ana")) == 1);

        await().untilAsserted(() -> {
            // in small steps, because the next look-up is due a fixed time after the outcome of the previous one was
            // read
            pass(Duration.ofSeconds(10));
            assertThat(phone.linked()).hasSize(1);
        });
        await().untilAsserted(() -> assertThat(phone.linked()).singleElement().satisfies(task -> {
            assertThat(task.status()).isEqualTo("canceled");
            assertThat(task.attributes())
                    .contains(
                            "\"conversation_id\":\"" + phone.taskSid + "\"",
                            "\"virtual\":\"Yes\"",
                            "\"conversation_measure_5\":4.1")
                    .doesNotContain("customer");
        }));
        await().untilAsserted(
                        () -> assertThat(phone.row("ana").writeBack().status()).isEqualTo("linked"));
        assertThat(phone.row("ana").values()).containsEntry(Metric.MOS, new BigDecimal("4.1"));
    }

    @Test
    void shouldGiveEachAgentOfATransferredCallTheirOwnScore() throws Exception {
        Phone phone = new Phone("transfer", "\"a\":1");
        phone.accepted(0, "ana").sounded("ana", 0, "4.0").sounded("ben", 0, "3.0");
        phone.names("ana").reservation(50, "accepted", "ben");
        phone.names("ben").wrapUp(60, "ana").completed(70, "ana");
        phone.wrapUp(120, "ben");

        pass(Duration.ofSeconds(221));

        await().untilAsserted(
                        () -> assertThat(phone.row("ana").values()).containsEntry(Metric.MOS, new BigDecimal("4")));
        await().untilAsserted(
                        () -> assertThat(phone.row("ben").values()).containsEntry(Metric.MOS, new BigDecimal("3")));
        phone.explainedAs("ana", "metrics");
        phone.explainedAs("ben", "metrics");
        await().untilAsserted(() -> assertThat(phone.task().attributes())
                .as("ben may still complete")
                .contains("\"conversation_measure_5\":3"));
        await().untilAsserted(() -> assertThat(phone.linked())
                .as("ana has completed")
                .singleElement()
                .satisfies(task -> assertThat(task.attributes()).contains("\"conversation_measure_5\":4")));
    }

    @Test
    void shouldHaveNoVoiceQualityForAChat() throws Exception {
        Phone chat = new Phone("chat", "\"a\":1", "chat");
        chat.reservation(0, "accepted", "ana").reservation(60, "wrapup", "ana");
        Phone probe = new Phone("probe of the chat", "\"a\":1");
        probe.accepted(0, "ana").sounded("ana", 0, "4.0").wrapUp(60, "ana");

        pass(Duration.ofHours(1));

        await().untilAsserted(() -> assertThat(probe.row("ana").values()).containsKey(Metric.MOS));
        assertThat(chat.row("ana").voice()).isNull();
        assertThat(chat.task().attributes()).doesNotContain("conversation_measure_5");
        assertThat(chat.linked()).isEmpty();
    }

    @Test
    void shouldReportThatInsightsAreNotEnabledAndStopLookUps() throws Exception {
        Phone phone = new Phone("off", "\"a\":1");
        stack.calls().switchOff(true);
        try {
            phone.accepted(0, "ana").sounded("ana", 0, "4.0").wrapUp(60, "ana");
            pass(Duration.ofSeconds(161));
            await().untilAsserted(() -> assertThat(phone.voice("ana")).satisfies(voice -> {
                assertThat(voice.reason()).isEqualTo("not-enabled");
                assertThat(voice.detail()).contains("403");
            }));
            JsonNode sound = phone.explained("ana").get("sound");
            assertThat(sound.get("why").asText()).isEqualTo("not-enabled");
            assertThat(sound.get("detail").asText()).contains("403");
            pass(Duration.ofHours(1));
            Phone probe = new Phone("probe of what is off", "\"a\":1");
            probe.accepted(0, "ana").wrapUp(60, "ana");
            pass(Duration.ofSeconds(161));
            await().untilAsserted(() -> assertThat(probe.voice("ana").reason()).isEqualTo("not-enabled"));
        } finally {
            stack.calls().switchOff(false);
        }
        assertThat(stack.calls().requests(phone.callSid("ana"))).isEqualTo(1);
        assertThat(phone.linked()).isEmpty();
        // tasks are written nevertheless
        await().until(stack::isReady);
    }

    @Test
    void shouldGoOnAskingOverErrors() throws Exception {
        Phone phone = new Phone("errors", "\"a\":1");
        phone.accepted(0, "ana").sounded("ana", 0, "4.0").wrapUp(60, "ana");
        stack.calls().failNext(3);

        pass(Duration.ofSeconds(161));

        await().untilAsserted(
                        () -> assertThat(phone.row("ana").values()).containsEntry(Metric.MOS, new BigDecimal("4")));
        assertThat(stack.calls().requests(phone.callSid("ana"))).isGreaterThan(1);
    }

    @Test
    void shouldDistinguishACustomersLegFromAnAgents() throws Exception {
        Phone phone = new Phone("foreign", "\"a\":1");
        phone.accepted(0, "ana");
        stack.calls()
                .put(
                        phone.callSid("ana"),
                        new Measured("sip", CLOCK.get(), CLOCK.get(), 60, Collections.singletonList(null)));
        phone.wrapUp(60, "ana");

        pass(Duration.ofSeconds(161));

        await().untilAsserted(() -> assertThat(phone.voice("ana").reason()).isEqualTo("not-an-sdk-leg"));
    }

    @Test
    void shouldUseSamplesOfEventStreamsInsteadOfALookUp() throws Exception {
        Phone phone = new Phone("streams", "\"a\":1");
        phone.accepted(0, "ana");
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            String at = CLOCK.get().plusSeconds(i * 10L).toString();
            batch.append(i == 0 ? "[" : ",")
                    .append(
                            "{\"specversion\":\"1.0\",\"type\":\"com.twilio.voice.insights.call-metrics.sdk\",\"id\":\"EZ")
                    .append(i)
                    .append("\",\"time\":\"")
                    .append(at)
                    .append("\",\"data\":{\"call_sid\":\"")
                    .append(phone.callSid("ana"))
                    .append("\",\"edge\":\"sdk_edge\",\"direction\":\"both\",\"timestamp\":\"")
                    .append(at)
                    .append("\",\"sdk_edge\":{\"interval\":{\"mos\":{\"value\":3.0}}}}}");
        }
        assertThat(stack.sender()
                        .sendJson("/webhooks/event-streams", batch.append("]").toString()))
                .isEqualTo(204);
        await().untilAsserted(() -> assertThat(phone.row("ana").values())
                .as("during the call")
                .containsEntry(Metric.MOS, new BigDecimal("3")));
        await().untilAsserted(() -> assertThat(TopicReader.readAll(stack.bootstrapServers(), Topics.LOW_QUALITY))
                .filteredOn(alert -> alert.callSid().equals(phone.callSid("ana")))
                .hasSize(1));
        phone.wrapUp(100, "ana");
        pass(Duration.ofHours(1));

        await().untilAsserted(() -> assertThat(phone.voice("ana").knownAt()).isNotNull());
        phone.explainedAs("ana", "event-streams");
        assertThat(TopicReader.readAll(stack.bootstrapServers(), Topics.CALL_COMMANDS))
                .extracting(Command::subject)
                .doesNotContain(phone.callSid("ana"));
    }

    private static void pass(Duration time) {
        CLOCK.updateAndGet(now -> now.plus(time));
    }

    /** A call that begins now. */
    private static final class Phone {
        private final Instant start = CLOCK.get();
        private final String name;
        private final String taskSid;
        private final String channel;
        private String attributes;
        private String named = "";

        private Phone(String name, String attributes) {
            this(name, attributes, "voice");
        }

        private Phone(String name, String attributes, String channel) {
            this.name = name;
            this.taskSid = sid("WT", name);
            this.channel = channel;
            this.attributes = "{" + attributes + "}";
            stack.tasks()
                    .create(new SimulatedTask(
                            taskSid, this.attributes, 1, "assigned", channel, "Phone", null, start, start));
        }

        private String callSid(String agent) {
            return sid("CA", name + agent);
        }

        /** Adds this agent's call to the task's attributes. */
        private Phone names(String agent) {
            named = callSid(agent);
            return this;
        }

        private Phone accepted(int second, String agent) throws Exception {
            return names(agent).reservation(second, "accepted", agent);
        }

        private Phone wrapUp(int second, String agent) throws Exception {
            return reservation(second, "wrapup", agent);
        }

        private Phone completed(int second, String agent) throws Exception {
            boolean last = named.equals(callSid(agent));
            if (last) {
                stack.tasks().move(taskSid, "completed");
            }
            return reservation(second, "completed", agent);
        }

        /** Twilio publishes the scores this many seconds after the call's start. */
        private Phone sounded(String agent, int availableAfter, String... scores) {
            List<BigDecimal> samples = new ArrayList<>();
            Arrays.stream(scores).forEach(score -> samples.add(score == null ? null : new BigDecimal(score)));
            stack.calls()
                    .put(callSid(agent), new Measured("client", start, start.plusSeconds(availableAfter), 60, samples));
            return this;
        }

        private Phone reservation(int second, String change, String agent) throws Exception {
            Instant at = start.plusSeconds(second);
            Map<String, String> form = new LinkedHashMap<>();
            form.put("EventType", "reservation." + change);
            form.put("Sid", sid("EV", name + change + agent));
            form.put("TimestampMs", Long.toString(at.toEpochMilli()));
            form.put("TaskSid", taskSid);
            form.put("TaskAttributes", withCall(task().attributes()));
            form.put("TaskChannelUniqueName", channel);
            form.put("TaskQueueName", "Phone");
            form.put("ReservationSid", sid("WR", name + agent));
            form.put("WorkerSid", sid("WK", name + agent));
            form.put("WorkerName", agent + "@example.com");
            form.put("WorkerAttributes", "{\"contact_uri\":\"client:" + agent + "\"}");
            assertThat(stack.sender().send("/webhooks/taskrouter", form)).isEqualTo(204);
            return this;
        }

        private String withCall(String text) {
            return named.isEmpty()
                    ? text
                    : text.substring(0, text.length() - 1)
                            + ",\"conference\":{\"participants\":{\"customer\":\"CA1\",\"worker\":\"" + named + "\"}}}";
        }

        private SimulatedTask task() {
            return stack.tasks().last(taskSid).orElseThrow();
        }

        private List<SimulatedTask> linked() {
            return stack.tasks()
                    .select(task -> task.attributes().contains("flexmetry_command")
                            && task.attributes().contains("\"conversation_id\":\"" + taskSid + "\""));
        }

        private ReservationMetrics row(String agent) {
            List<ReservationMetrics> rows =
                    TopicReader.readAll(stack.bootstrapServers(), Topics.RESERVATION_METRICS).stream()
                            .filter(row -> row.reservationSid().equals(sid("WR", name + agent)))
                            .toList();
            assertThat(rows).isNotEmpty();
            return rows.get(rows.size() - 1);
        }

        private JsonNode explained(String agent) throws Exception {
            Query.Answer answer = stack.explain().answer(URI.create(ExplainQuery.PATH + taskSid));
            assertThat(answer.status()).as(answer.json()).isEqualTo(200);
            assertThat(Api.violationsOf(Explanation.class, answer.json())).isEmpty();
            for (JsonNode call : JSON.readTree(answer.json()).get("calls")) {
                if (call.get("reservationSid").asText().equals(sid("WR", name + agent))) {
                    return call;
                }
            }
            throw new AssertionError("Expected the call of " + agent + " in " + answer.json());
        }

        /** The numbers of the row follow from the sums of the explanation alone. */
        private void explainedAs(String agent, String source) throws Exception {
            JsonNode call = explained(agent);
            assertThat(call.get("callSid").asText()).isEqualTo(callSid(agent));
            assertThat(call.at("/sound/samples/0/source").asText()).isEqualTo(source);
            assertThat(RecomputedNumbers.ofCall(call))
                    .containsKey("mos")
                    .isEqualTo(RecomputedNumbers.ofCalls(row(agent).values()));
        }

        private ReservationMetrics.Voice voice(String agent) {
            ReservationMetrics.Voice voice = row(agent).voice();
            assertThat(voice).isNotNull();
            return voice;
        }
    }
}
