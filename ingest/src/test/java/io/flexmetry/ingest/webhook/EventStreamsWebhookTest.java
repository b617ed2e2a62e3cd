package io.flexmetry.ingest.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.event.CallSampleFact;
import io.flexmetry.contract.event.CallSummaryFact;
import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.contract.voice.CallDescription;
import io.flexmetry.contract.voice.CallMeans;
import io.flexmetry.contract.voice.CallSample;
import io.flexmetry.ingest.Forms;
import io.flexmetry.ingest.signature.Form;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamsWebhookTest {

    private static final Instant NOW = Instant.parse("2026-01-05T08:00:11Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventStreamsWebhook webhook =
            new EventStreamsWebhook(new TaskRouterWebhook(Set.of()), new ConversationsWebhook(false), false);

    @Test
    void shouldYieldTheSameReservationEventAsTheCallback() throws Exception {
        Event callback = new TaskRouterWebhook(Set.of())
                .read(Parameters.of(Form.parse(Forms.encode(Forms.reservation("accepted")))), NOW)
                .event();

        Incoming stream = read("""
                {"type":"com.twilio.taskrouter.reservation.accepted","id":"EZ1","data":{
                  "sid":"EV10000000000000000000000000000001","name":"reservation.accepted","payload":{
                    "eventtype":"reservation.accepted","timestamp":"2026-01-05T08:00:09.350Z",
                    "task_sid":"WT10000000000000000000000000000001","task_version":2,
                    "task_channel_unique_name":"chat","task_queue_name":"Support",
                    "task_attributes":"{\\"conversationSid\\":\\"CH10000000000000000000000000000001\\"}",
                    "reservation_sid":"WR10000000000000000000000000000001",
                    "worker_sid":"WK10000000000000000000000000000001","worker_name":"ana@example.com",
                    "worker_attributes":"{\\"contact_uri\\":\\"client:ana_40example_2Ecom\\"}"}}}
                """);

        assertThat(stream.topic()).isEqualTo(Topics.TASK_EVENTS);
        assertThat(stream.key()).isEqualTo(Forms.TASK);
        assertThat(stream.event()).isEqualTo(viaStream(callback));
    }

    @Test
    void shouldYieldTheSameMessageEventAsTheWebhook() throws Exception {
        Event posted = new ConversationsWebhook(false)
                .read(Parameters.of(Form.parse(Forms.encode(Forms.message("Added")))), NOW)
                .event();

        Incoming stream = read("""
                {"type":"com.twilio.conversations.message.added","id":"NO1","data":{
                  "ConversationSid":"CH10000000000000000000000000000001",
                  "MessageSid":"IM10000000000000000000000000000001","Index":35,
                  "DateCreated":"2026-01-05T08:00:10.111Z","Author":"+15550100",
                  "ParticipantSid":"MB10000000000000000000000000000001","MessageBody":"two words"}}
                """);

        assertThat(stream.event()).isEqualTo(viaStream(posted));
    }

    @Test
    void shouldReadNestedBindingsAndMediaArrays() throws Exception {
        Incoming participant = read("""
                {"type":"com.twilio.conversations.participant.added","id":"NO1","data":{"ConversationSid":"CH1",
                  "ParticipantSid":"MB1","DateCreated":"2026-01-05T08:00:10Z",
                  "MessagingBinding":{"Type":"SMS","Address":"+15550100"}}}
                """);
        Incoming message = read("""
                {"type":"com.twilio.conversations.message.added","id":"NO2","data":{"ConversationSid":"CH1",
                  "MessageSid":"IM1","Index":0,"DateCreated":"2026-01-05T08:00:10Z","Author":"x","MessageBody":null,
                  "Media":[{"MediaSid":"ME1"},{"MediaSid":"ME2"}]}}
                """);

        assertThat(participant.event().fact())
                .isEqualTo(new ParticipantFact(
                        ParticipantFact.Change.ADDED, "CH1", "MB1", null, "+15550100", null, false));
        assertThat(message.event().fact()).hasFieldOrPropertyWithValue("mediaCount", 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                  |       | true",
                "{\"type\":\"agent\"}                | agent | true",
                "\"{\\\"member_type\\\":\\\"guest\\\"}\" | guest | true",
                "null                                |       | false",
                "\"\"                                |       | false"
            })
    void shouldReadWhetherAParticipantEventContainsAttributes(
            String attributes, @Nullable String type, boolean contained) throws Exception {
        Incoming participant = read("""
                {"type":"com.twilio.conversations.participant.updated","id":"NO1","data":{"ConversationSid":"CH1",
                  "ParticipantSid":"MB1","DateUpdated":"2026-01-05T08:00:10Z","Attributes":%s}}
                """.formatted(attributes));

        assertThat(participant.event().fact())
                .isEqualTo(
                        new ParticipantFact(ParticipantFact.Change.UPDATED, "CH1", "MB1", null, null, type, contained));
    }

    @Test
    void shouldReadTheStateOfAConversation() throws Exception {
        Incoming state = read("""
                {"type":"com.twilio.conversations.conversation-state.updated","id":"NO1","data":{
                  "ConversationSid":"CH1","StateUpdated":"2026-01-05T08:00:10Z","StateTo":"inactive"}}
                """);

        assertThat(state.event().fact()).isEqualTo(new ConversationFact("CH1", null, Set.of(), "inactive"));
    }

    @Test
    void shouldKeepUnknownTypesEvenWithDataAsText() throws Exception {
        Incoming summary = read("""
                {"type":"com.twilio.voice.insights.call-event.sdk","id":"EZ3",
                  "data":"{\\"call_sid\\":\\"CA1\\"}"}
                """);

        Incoming other = read("{\"type\":\"com.twilio.messaging.message.sent\",\"id\":\"EZ4\",\"data\":{}}");

        assertThat(summary.topic()).isEqualTo(Topics.VOICE_EVENTS);
        assertThat(summary.key()).isEqualTo("CA1");
        assertThat(other.topic()).isEqualTo(Topics.OTHER_EVENTS);
        assertThat(summary.event().eventId()).isEqualTo("EZ3");
        assertThat(summary.event().fact())
                .isInstanceOfSatisfying(UnrecognisedFact.class, fact -> assertThat(fact.fields())
                        .containsEntry("data", "{\"call_sid\":\"CA1\"}"));
    }

    @Test
    void shouldReadSamplesOfACall() throws Exception {
        Incoming sample = read("""
                {"type":"com.twilio.voice.insights.call-metrics.sdk","id":"EZ1","time":"2026-01-05T09:01:30Z","data":{
                  "call_sid":"CA1","edge":"sdk_edge","direction":"both","timestamp":"2026-01-05T09:00:10Z",
                  "sdk_edge":{"interval":{"packets_received":490,"packets_lost":10,"jitter":{"value":9},
                    "mos":{"min":4.1,"max":4.4,"avg":4.3,"value":4.39},"rtt":{"value":81}}}}}
                """);
        Incoming flat = read("""
                {"type":"com.twilio.voice.insights.call-metrics.sdk","id":"EZ2","time":"2026-01-05T09:01:30Z",
                  "data":"{\\"call_sid\\":\\"CA1\\",\\"interval\\":{\\"mos\\":{\\"avg\\":0.7}}}"}
                """);

        assertThat(sample.topic()).isEqualTo(Topics.VOICE_EVENTS);
        assertThat(sample.key()).isEqualTo("CA1");
        assertThat(sample.event().occurredAt()).isEqualTo(Instant.parse("2026-01-05T09:00:10Z"));
        assertThat(sample.event().fact())
                .isEqualTo(new CallSampleFact(
                        "CA1",
                        "sdk_edge",
                        new CallSample(
                                Instant.parse("2026-01-05T09:00:10Z"),
                                "both",
                                new BigDecimal("4.39"),
                                BigDecimal.valueOf(9),
                                BigDecimal.valueOf(81),
                                10L,
                                490L)));
        assertThat(flat.event().fact())
                .as("a value outside of the scale is not a score")
                .isEqualTo(new CallSampleFact(
                        "CA1",
                        "sdk_edge",
                        new CallSample(Instant.parse("2026-01-05T09:01:30Z"), null, null, null, null, null, null)));
    }

    @Test
    void shouldReadSummariesOfCallsAndParticipants() throws Exception {
        Incoming participant = read("""
                {"type":"com.twilio.voice.insights.conference-participant-summary.complete","id":"EZ1","data":{
                  "call_sid":"CA1","label":"worker","call_type":"client","duration_seconds":300,"metrics":{
                    "inbound":{"mos":4.4,"jitter":{"avg":1.2,"max":9.8},"packet_loss_percentage":0.0},
                    "outbound":{"mos":4.2,"jitter":{"avg":2.2,"max":11.0},"packet_loss_percentage":2.0}}}}
                """);
        Incoming call = read("""
                {"type":"com.twilio.voice.insights.call-summary.partial","id":"EZ2","data":{
                  "call_sid":"CA1","call_type":"carrier","duration":120,"connect_duration":115}}
                """);

        assertThat(participant.event().fact())
                .isEqualTo(new CallSummaryFact(
                        "CA1",
                        new CallDescription("client", 300, true, null),
                        new CallMeans(new BigDecimal("4.3"), new BigDecimal("1.7"), new BigDecimal("0.01"))));
        assertThat(call.event().fact())
                .isEqualTo(new CallSummaryFact(
                        "CA1", new CallDescription("carrier", 115, false, null), new CallMeans(null, null, null)));
    }

    @Test
    void shouldAcceptOnlyArrays() throws Exception {
        assertThat(webhook.elements("[{},{},1]".getBytes(UTF_8))).hasSize(3);
        for (String body : new String[] {"{}", "", "[", "x"}) {
            assertThatThrownBy(() -> webhook.elements(body.getBytes(UTF_8)))
                    .isInstanceOf(UnusableWebhookException.class)
                    .hasMessageContaining("JSON array");
        }
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                argumentSet("no type", "{\"id\":\"EZ1\",\"data\":{}}", "CloudEvent's type"),
                argumentSet("no id", "{\"type\":\"x\",\"data\":{}}", "CloudEvent's id"),
                argumentSet("no object", "7", "CloudEvent's type"),
                argumentSet(
                        "data no object",
                        "{\"type\":\"x\",\"id\":\"EZ1\",\"data\":\"[]\"}",
                        "data to be a JSON object"),
                argumentSet(
                        "no call",
                        "{\"type\":\"com.twilio.voice.insights.call-metrics.sdk\",\"id\":\"EZ1\",\"data\":{}}",
                        "call_sid"),
                argumentSet(
                        "sample at no time",
                        "{\"type\":\"com.twilio.voice.insights.call-metrics.sdk\",\"id\":\"EZ1\",\"data\":"
                                + "{\"call_sid\":\"CA1\",\"timestamp\":\"noon\"}}",
                        "ISO 8601"),
                argumentSet(
                        "no time",
                        "{\"type\":\"com.twilio.taskrouter.task.created\",\"id\":\"EZ1\",\"data\":{\"payload\":{}}}",
                        "Expected a timestamp"));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void shouldNameTheFieldAndTheRule(String element, String reason) {
        assertThatThrownBy(() -> read(element))
                .isInstanceOf(UnusableWebhookException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999", "-1", "1e10", "99999999999999999999999999999999"})
    void shouldDropImplausibleMeasurements(String jitter) throws Exception {
        // Given
        String element = """
                {"type":"com.twilio.voice.insights.call-metrics.sdk","id":"EZ1","data":{"call_sid":"CA1",
                  "timestamp":"2026-01-05T08:00:00Z","interval":{"jitter":%s}}}
                """.formatted(jitter);

        // When
        Incoming sample = read(element);

        // Then
        assertThat(sample.event().fact()).isInstanceOfSatisfying(CallSampleFact.class, fact -> assertThat(
                        fact.sample().jitter())
                .isNull());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2009-12-31T23:59:59Z", "2286-11-20T17:46:40Z", "9999-12-31T23:59:59Z"})
    void shouldRefuseImpossibleTimes(String time) {
        for (String type : List.of("taskrouter.task.created", "voice.insights.call-metrics.sdk")) {
            String element = """
                    {"type":"com.twilio.%s","id":"EZ1","data":{"call_sid":"CA1","sid":"EV1","timestamp":"%s",
                      "payload":{"task_sid":"WT1"}}}
                    """.formatted(type, time);

            assertThatThrownBy(() -> read(element))
                    .isInstanceOf(UnusableWebhookException.class)
                    .hasMessageStartingWith("Expected timestamp to be between 2010-01-01T00:00:00Z and ");
        }
    }

    private Incoming read(String element) throws Exception {
        JsonNode node = JSON.readTree(element);
        return webhook.read(node, NOW);
    }

    /** The same event from the other source: only type and source differ. */
    private static Event viaStream(Event event) {
        return new Event(
                event.eventId(),
                event.type(),
                event.occurredAt(),
                event.receivedAt(),
                Source.EVENT_STREAMS,
                event.fact());
    }
}
