package io.flexmetry.ingest.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.topic.Topics;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Event Streams: CloudEvents. Events of TaskRouter and Conversations are translated to the parameters of their webhooks, so that both
 * sources of a fact yield the same event with the same id.
 *
 * @see <a href="https://www.twilio.com/docs/events/event-types">Twilio: event types</a>
 */
public final class EventStreamsWebhook {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String TASKROUTER = "com.twilio.taskrouter.";
    private static final String VOICE = "com.twilio.voice.";
    private static final String CONVERSATIONS = "com.twilio.conversations.";

    /** Fields with the text of a message, such as in events of Messaging. */
    private static final Set<String> TEXTS = Set.of("body", "messagebody", "message_body");

    private final Webhook taskRouter;
    private final Webhook conversations;
    private final boolean keepBodies;

    /**
     * @param taskRouter parser of translated TaskRouter events
     * @param conversations parser of translated Conversations events
     * @param keepBodies whether the texts of messages are kept in events of unknown types
     */
    public EventStreamsWebhook(Webhook taskRouter, Webhook conversations, boolean keepBodies) {
        this.taskRouter = taskRouter;
        this.conversations = conversations;
        this.keepBodies = keepBodies;
    }

    /**
     * The elements of a delivery: always an array, even for one event.
     *
     * @throws UnusableWebhookException if it is not an array
     */
    public List<JsonNode> elements(byte[] body) throws UnusableWebhookException {
        try {
            JsonNode array = JSON.readTree(body);
            if (array != null && array.isArray()) {
                List<JsonNode> elements = new ArrayList<>();
                array.forEach(elements::add);
                return elements;
            }
        } catch (IOException e) {
            // same error as for JSON that is not an array
        }
        throw new UnusableWebhookException("Expected a JSON array of CloudEvents");
    }

    /** @throws UnusableWebhookException if a required field is missing or malformed */
    public Incoming read(JsonNode element, Instant receivedAt) throws UnusableWebhookException {
        String type = Parameters.bounded("type", text(element, "type"), Limits.MOST_TYPE);
        String id = Parameters.sid("id", text(element, "id"));
        JsonNode data = object(element.path("data"));
        if (type.startsWith(TASKROUTER)) {
            return fromStream(taskRouter.read(taskRouterParameters(type, element, data, receivedAt), receivedAt));
        }
        if (type.startsWith(CONVERSATIONS)) {
            return fromStream(conversations.read(conversationsParameters(type, data), receivedAt));
        }
        if (VoiceInsights.handles(type)) {
            return VoiceInsights.read(id, type, element, data, receivedAt);
        }
        Map<String, String> fields = new HashMap<>();
        element.properties().forEach(field -> fields.put(field.getKey(), asText(field.getValue())));
        if (!keepBodies && data.properties().stream().anyMatch(field -> isText(field.getKey()))) {
            fields.put("data", withoutText(data));
        }
        Event event = new Event(id, type, receivedAt, receivedAt, Source.EVENT_STREAMS, new UnrecognisedFact(fields));
        String call = call(data);
        return type.startsWith(VOICE)
                ? new Incoming(Topics.VOICE_EVENTS, call == null ? id : call, event)
                : new Incoming(Topics.OTHER_EVENTS, id, event);
    }

    private static boolean isText(String field) {
        return TEXTS.contains(field.toLowerCase(Locale.ROOT));
    }

    private static String withoutText(JsonNode data) {
        ObjectNode rest = JSON.createObjectNode();
        data.properties().stream()
                .filter(field -> !isText(field.getKey()))
                .forEach(field -> rest.set(field.getKey(), field.getValue()));
        return rest.toString();
    }

    private static @Nullable String call(JsonNode data) throws UnusableWebhookException {
        String callSid = Parameters.sid(data, "call_sid");
        return callSid == null ? Parameters.sid(data, "conference_sid") : callSid;
    }

    /** The payload has the parameters of the callback in snake case; times are ISO 8601 instead of numbers. */
    private static Parameters taskRouterParameters(String type, JsonNode element, JsonNode data, Instant now)
            throws UnusableWebhookException {
        JsonNode payload = data.path("payload").isObject() ? data.path("payload") : object(data.path("payload"));
        Map<String, String> values = new HashMap<>();
        payload.properties().forEach(field -> values.put(pascal(field.getKey()), asText(field.getValue())));
        values.put("EventType", type.substring(TASKROUTER.length()));
        values.putIfAbsent("Sid", data.path("sid").asText());
        values.put(
                "TimestampMs",
                Long.toString(instant(element, data, payload, now).toEpochMilli()));
        Stream.of("WorkflowSid", "TaskQueueSid", "WorkspaceSid")
                .filter(values::containsKey)
                .findFirst()
                .ifPresent(subject -> values.putIfAbsent("ResourceSid", values.get(subject)));
        return new Parameters(values);
    }

    private static Instant instant(JsonNode element, JsonNode data, JsonNode payload, Instant now)
            throws UnusableWebhookException {
        for (JsonNode time : List.of(payload.path("timestamp"), data.path("timestamp"), element.path("time"))) {
            if (time.isTextual()) {
                return Parameters.instant("timestamp", time.textValue(), now);
            }
        }
        throw new UnusableWebhookException("Expected a timestamp but it is missing");
    }

    /** The data has the names of the webhook, except for the text; the form flattens nested objects. */
    private static Parameters conversationsParameters(String type, JsonNode data) {
        Map<String, String> values = new HashMap<>();
        data.properties().forEach(field -> {
            if (field.getValue().isObject() && field.getKey().equals("MessagingBinding")) {
                field.getValue()
                        .properties()
                        .forEach(
                                nested -> values.put("MessagingBinding." + nested.getKey(), asText(nested.getValue())));
            } else {
                values.put(field.getKey().equals("MessageBody") ? "Body" : field.getKey(), asText(field.getValue()));
            }
        });
        values.put("EventType", webhookType(type.substring(CONVERSATIONS.length())));
        return new Parameters(values);
    }

    /** {@code conversation-state.updated} is {@code onConversationStateUpdated}. */
    private static String webhookType(String streamType) {
        return Stream.of(streamType.split("[.-]", -1))
                .map(EventStreamsWebhook::capitalised)
                .collect(Collectors.joining("", "on", ""));
    }

    private static String pascal(String snake) {
        return Stream.of(snake.split("_", -1))
                .map(EventStreamsWebhook::capitalised)
                .collect(Collectors.joining());
    }

    private static String capitalised(String word) {
        return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static Incoming fromStream(Incoming incoming) {
        Event event = incoming.event();
        return incoming.with(new Event(
                event.eventId(),
                event.type(),
                event.occurredAt(),
                event.receivedAt(),
                Source.EVENT_STREAMS,
                event.fact()));
    }

    private static String text(JsonNode element, String field) throws UnusableWebhookException {
        JsonNode node = element.path(field);
        if (!node.isTextual() || node.textValue().isEmpty()) {
            throw new UnusableWebhookException("Expected the CloudEvent's " + field + " but it is missing");
        }
        return node.textValue();
    }

    /** An object, or a string that contains one: Twilio sends both. */
    private static JsonNode object(JsonNode node) throws UnusableWebhookException {
        try {
            JsonNode parsed = node.isTextual() ? JSON.readTree(node.textValue()) : node;
            if (parsed.isObject()) {
                return parsed;
            }
        } catch (JsonProcessingException e) {
            // same error as for JSON that is not an object
        }
        throw new UnusableWebhookException("Expected the CloudEvent's data to be a JSON object");
    }

    private static String asText(JsonNode value) {
        return value.isNull() ? "" : value.isValueNode() ? value.asText() : value.toString();
    }
}
