package io.flexmetry.ingest.webhook;

import static io.flexmetry.contract.event.Source.TASKROUTER;

import com.fasterxml.jackson.databind.JsonNode;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * TaskRouter's workspace event callback.
 *
 * @see <a href="https://www.twilio.com/docs/taskrouter/api/event/reference">Twilio: event reference</a>
 */
public final class TaskRouterWebhook implements Webhook {

    private static final Map<String, ReservationFact.Change> RESERVATION_TYPES =
            types("reservation.", ReservationFact.Change.values());
    private static final Map<String, TaskFact.Change> TASK_TYPES = types("task.", TaskFact.Change.values());

    private final Set<String> attributeNames;

    /**
     * A reader.
     *
     * @param attributeNames task attributes that are kept: those at which the configured policies look
     */
    public TaskRouterWebhook(Set<String> attributeNames) {
        this.attributeNames = attributeNames;
    }

    @Override
    public Incoming read(Parameters parameters, Instant receivedAt) throws UnusableWebhookException {
        String type = parameters.require("EventType");
        Instant occurredAt = occurredAt(parameters);
        Event event = new Event(
                eventId(type, occurredAt, parameters),
                type,
                occurredAt,
                receivedAt,
                TASKROUTER,
                fact(type, parameters));
        return place(event, parameters);
    }

    /** Twilio's EV sid, which its documentation does not promise; otherwise what happened, to what, and when. */
    private static String eventId(String type, Instant occurredAt, Parameters parameters) {
        String sid = parameters.find("Sid");
        if (sid != null) {
            return sid;
        }
        return Stream.of("ReservationSid", "TaskSid", "WorkerSid", "ResourceSid")
                .map(parameters::find)
                .filter(Objects::nonNull)
                .findFirst()
                .map(subject -> type + "/" + subject + "/" + occurredAt)
                .orElse(type + "/" + occurredAt);
    }

    private Fact fact(String type, Parameters parameters) throws UnusableWebhookException {
        ReservationFact.Change reservation = RESERVATION_TYPES.get(type);
        if (reservation != null) {
            return new ReservationFact(
                    reservation,
                    parameters.require("ReservationSid"),
                    task(parameters),
                    worker(parameters),
                    text(parameters.object("TaskAttributes").path("conference").path("participants"), "worker"));
        }
        TaskFact.Change task = TASK_TYPES.get(type);
        if (task != null) {
            return new TaskFact(task, task(parameters));
        }
        if (type.startsWith("worker.")) {
            return new WorkerFact(worker(parameters), parameters.find("WorkerActivityName"));
        }
        return new UnrecognisedFact(parameters.values());
    }

    private static Incoming place(Event event, Parameters parameters) throws UnusableWebhookException {
        String taskSid = parameters.find("TaskSid");
        if (taskSid != null) {
            return new Incoming(Topics.TASK_EVENTS, taskSid, event);
        }
        String workerSid = parameters.find("WorkerSid");
        Topic<String, Event> topic = workerSid == null ? Topics.OTHER_EVENTS : Topics.WORKER_EVENTS;
        return new Incoming(topic, workerSid == null ? parameters.require("ResourceSid") : workerSid, event);
    }

    private Task task(Parameters parameters) throws UnusableWebhookException {
        JsonNode attributes = parameters.object("TaskAttributes");
        String conversationSid = text(attributes, "conversationSid");
        String channel = parameters.find("TaskChannelUniqueName");
        return new Task(
                parameters.require("TaskSid"),
                parameters.findInteger("TaskVersion"),
                channel == null ? text(attributes, "channelType") : channel,
                parameters.find("TaskQueueName"),
                conversationSid == null ? text(attributes, "channelSid") : conversationSid,
                text(attributes.path("conversations"), "conversation_id"),
                parameters.find("WorkflowName"),
                interaction(attributes),
                kept(attributes));
    }

    private static Task.@Nullable Interaction interaction(JsonNode attributes) {
        String interactionSid = text(attributes, "flexInteractionSid");
        String channelSid = text(attributes, "flexInteractionChannelSid");
        return interactionSid == null || channelSid == null ? null : new Task.Interaction(interactionSid, channelSid);
    }

    private Map<String, String> kept(JsonNode attributes) {
        Map<String, String> kept = new TreeMap<>();
        for (String name : attributeNames) {
            JsonNode value = attributes.path(name);
            if (value.isValueNode() && !value.isNull()) {
                kept.put(name, value.asText());
            }
        }
        return kept;
    }

    private static Worker worker(Parameters parameters) throws UnusableWebhookException {
        String contactUri = text(parameters.object("WorkerAttributes"), "contact_uri");
        return new Worker(
                parameters.require("WorkerSid"),
                parameters.find("WorkerName"),
                contactUri == null ? null : contactUri.substring(contactUri.indexOf(':') + 1));
    }

    private static Instant occurredAt(Parameters parameters) throws UnusableWebhookException {
        return parameters.find("TimestampMs") == null
                ? Parameters.plausible("Timestamp", Instant.ofEpochSecond(parameters.requireNumber("Timestamp")))
                : Parameters.plausible("TimestampMs", Instant.ofEpochMilli(parameters.requireNumber("TimestampMs")));
    }

    private static @Nullable String text(JsonNode object, String field) {
        JsonNode node = object.path(field);
        return node.isTextual() && !node.textValue().isEmpty() ? node.textValue() : null;
    }

    private static <E extends Enum<E>> Map<String, E> types(String prefix, E[] changes) {
        return Stream.of(changes)
                .collect(Collectors.toUnmodifiableMap(
                        change ->
                                prefix + change.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        Function.identity()));
    }
}
