package io.flexmetry.ingest.webhook;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.Forms;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Any content of a signed webhook yields an event that can be written, read and processed, or an {@link
 * UnusableWebhookException}; never another exception.
 */
class MutatedWebhooksTest {

    private static final Instant NOW = Instant.parse("2026-01-05T08:00:11Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String STREAM = """
            {"type":"com.twilio.taskrouter.reservation.accepted","id":"EZ1","data":{"sid":"EV1","payload":{
              "timestamp":"2026-01-05T08:00:09.350Z","task_sid":"WT1","task_version":2,"task_attributes":"{}",
              "reservation_sid":"WR1","worker_sid":"WK1","worker_attributes":"{}"}}}
            """;

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(20),
                Arbitraries.of(
                        "",
                        " ",
                        "null",
                        "0",
                        "-1",
                        "1e9",
                        "9223372036854775807",
                        "99999999999999999999",
                        "+1000000000-12-31T23:59:59Z",
                        "-1000000000-01-01T00:00:00Z",
                        "1969-12-31T23:59:59Z",
                        "2009-12-31T23:59:59Z",
                        "2026-01-07T08:00:11Z",
                        "1262303999",
                        "1767800000000",
                        "x".repeat(Limits.MOST_SID + 1),
                        "x".repeat(Limits.MOST_TEXT + 1),
                        "\u0001".repeat(Limits.MOST_TEXT),
                        "\u0001".repeat(50_000),
                        "{\"conversationSid\":\"" + "x".repeat(600) + "\"}",
                        "{\"contact_uri\":\":" + "\\u0001".repeat(600) + "\"}",
                        "{\"conversations\":{\"conversation_id\":\"\\ud800\"}}",
                        "{\"" + "n".repeat(129) + "\":1,\"type\":\"" + "t".repeat(600) + "\"}",
                        "{\"" + "n".repeat(50_001) + "\":1}",
                        "{\"a\":".repeat(1_001),
                        "{",
                        "[]",
                        "{}",
                        "[1,2]",
                        "\"x\"",
                        "{\"conversationSid\":7}",
                        "{\"contact_uri\":\":\"}",
                        "onMessageAdded",
                        "onMessageRemoved",
                        "onParticipantAdded",
                        "onConversationStateUpdated",
                        "onMediaMessageSent",
                        "reservation.wrapup",
                        "task.canceled",
                        "worker.created",
                        "workflow.x"));
    }

    @Provide
    Arbitrary<Map<String, String>> changes() {
        Arbitrary<String> names = Arbitraries.of(
                "EventType",
                "Sid",
                "Timestamp",
                "TimestampMs",
                "TaskSid",
                "TaskVersion",
                "TaskAttributes",
                "ReservationSid",
                "WorkerSid",
                "WorkerAttributes",
                "ResourceSid",
                "ConversationSid",
                "ChannelSid",
                "MessageSid",
                "Index",
                "DateCreated",
                "DateUpdated",
                "DateRemoved",
                "Author",
                "From",
                "Body",
                "Media",
                "MediaSid",
                "ParticipantSid",
                "Identity",
                "Attributes",
                "StateUpdated",
                "StateTo");
        return Arbitraries.maps(names, values()).ofMaxSize(6);
    }

    @Property(tries = 5000)
    void shouldReadAnyTaskRouterForm(@ForAll("changes") Map<String, String> changes) throws IOException {
        check(new TaskRouterWebhook(Set.of()), Forms.reservation("accepted"), changes);
    }

    @Property(tries = 5000)
    void shouldReadAnyConversationsForm(@ForAll("changes") Map<String, String> changes) throws IOException {
        check(new ConversationsWebhook(true), Forms.message("Added"), changes);
    }

    @Property(tries = 5000)
    void shouldReadAnyCloudEvent(@ForAll("values") String type, @ForAll("values") String value, @ForAll int place)
            throws Exception {
        JsonNode element = JSON.readTree(STREAM);
        ObjectNode payload = (ObjectNode) element.at("/data/payload");
        switch (Math.floorMod(place, 5)) {
            case 0 -> ((ObjectNode) element).put("type", "com.twilio.taskrouter." + type);
            case 1 -> ((ObjectNode) element).put("type", "com.twilio.conversations." + type);
            case 2 -> payload.put("timestamp", value);
            case 3 -> payload.put("task_attributes", value);
            default -> ((ObjectNode) element).put("data", value);
        }
        try {
            survives(new EventStreamsWebhook(new TaskRouterWebhook(Set.of()), new ConversationsWebhook(false), false)
                    .read(element, NOW));
        } catch (UnusableWebhookException e) {
            assertThat(e.reason()).startsWith("Expected");
        }
    }

    private static void check(Webhook webhook, Map<String, String> form, Map<String, String> changes)
            throws IOException {
        Map<String, String> mutated = new HashMap<>(form);
        mutated.putAll(changes);
        try {
            survives(webhook.read(new Parameters(mutated), NOW));
        } catch (UnusableWebhookException e) {
            assertThat(e.reason()).startsWith("Expected");
        }
    }

    private static void survives(Incoming incoming) throws UnusableWebhookException, IOException {
        Event event = incoming.event();
        byte[] written = incoming.value();
        assertThat(written.length).isLessThanOrEqualTo(Topics.MOST_EVENT_BYTES);
        assertThat(incoming.key().length()).isLessThanOrEqualTo(Limits.MOST_SID);
        assertThat(event.eventId().length()).isLessThanOrEqualTo(Limits.MOST_EVENT_ID);
        assertThat(event.type().length()).isLessThanOrEqualTo(Limits.MOST_TYPE);
        if (!(event.fact() instanceof UnrecognisedFact)) {
            requireBounded(JSON.readTree(written).path("fact"));
        }
        Event read = Topics.TASK_EVENTS.valueSerde().deserializer().deserialize("t", written);
        assertThat(read.toString()).isEqualTo(wellFormed(event.toString()));
        assertThat(Limits.isPlausible(event.occurredAt(), NOW)).isTrue();
    }

    /** Half a surrogate pair is replaced by U+FFFD on reading. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(UTF_16BE), UTF_16BE);
    }

    /** All texts of a fact are within the limits; SIDs have a lower one. */
    private static void requireBounded(JsonNode node) {
        node.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (field.getKey().endsWith("Sid")) {
                assertThat(Limits.isSid(value.textValue())).as(field.getKey()).isTrue();
            } else if (value.isTextual()) {
                assertThat(value.textValue().length())
                        .as(field.getKey())
                        .isLessThanOrEqualTo(field.getKey().equals("text") ? Limits.MOST_BODY : Limits.MOST_TEXT);
            } else if (value.isArray()) {
                assertThat(value.size()).as(field.getKey()).isLessThanOrEqualTo(Limits.MOST_ATTRIBUTES);
                value.forEach(name -> assertThat(name.textValue().length())
                        .as(field.getKey())
                        .isLessThanOrEqualTo(Limits.MOST_ATTRIBUTE_NAME));
            } else {
                requireBounded(value);
            }
        });
    }
}
