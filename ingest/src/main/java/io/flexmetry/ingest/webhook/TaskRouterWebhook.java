package io.flexmetry.ingest.webhook;

import static io.flexmetry.contract.event.Source.TASKROUTER;

import com.fasterxml.jackson.databind.JsonNode;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Event callback of a TaskRouter workspace.
 *
 * @see <a href="https://www.twilio.com/docs/taskrouter/api/event/reference">Twilio: event reference</a>
 */
public final class TaskRouterWebhook implements Webhook {

    private static final Map<String, ReservationFact.Change> RESERVATION_TYPES =
            types("reservation.", ReservationFact.Change.values());
    private static final Map<String, TaskFact.Change> TASK_TYPES = types("task.", TaskFact.Change.values());
    private static final String WORKER_TYPES = "worker.";

    private final Set<String> attributeNames;

    /** @param attributeNames task attributes that are kept, because a configured policy uses them; limited by {@link Limits} */
    public TaskRouterWebhook(Set<String> attributeNames) {
        this.attributeNames = attributeNames.stream()
                .filter(name -> name.length() <= Limits.MOST_ATTRIBUTE_NAME)
                .sorted()
                .limit(Limits.MOST_ATTRIBUTES)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Incoming read(Parameters parameters, Instant receivedAt) throws UnusableWebhookException {
        String type = parameters.require("EventType");
        Instant occurredAt = occurredAt(parameters, receivedAt);
        Attributes task = parameters.attributes("TaskAttributes");
        Attributes worker = hasWorker(type) ? parameters.attributes("WorkerAttributes") : Attributes.ABSENT;
        Fact fact = fact(type, parameters, task.object(), worker.object());
        Event event = new Event(eventId(type, occurredAt, parameters), type, occurredAt, receivedAt, TASKROUTER, fact);
        return place(event, parameters).leavingOut(leftOut(fact, task.object())).countingMalformed(task, worker);
    }

    private static boolean hasWorker(String type) {
        return RESERVATION_TYPES.containsKey(type) || type.startsWith(WORKER_TYPES);
    }

    /** Twilio's EV sid, which is not documented as mandatory; otherwise type, subject and time. */
    private static String eventId(String type, Instant occurredAt, Parameters parameters)
            throws UnusableWebhookException {
        String sid = parameters.find("Sid");
        if (sid != null) {
            return sid;
        }
        for (String name : List.of("ReservationSid", "TaskSid", "WorkerSid", "ResourceSid")) {
            String subject = parameters.find(name);
            if (subject != null) {
                return type + "/" + subject + "/" + occurredAt;
            }
        }
        return type + "/" + occurredAt;
    }

    private Fact fact(String type, Parameters parameters, JsonNode attributes, JsonNode workerAttributes)
            throws UnusableWebhookException {
        ReservationFact.Change reservation = RESERVATION_TYPES.get(type);
        if (reservation != null) {
            return new ReservationFact(
                    reservation,
                    parameters.require("ReservationSid"),
                    task(parameters, attributes),
                    worker(parameters, workerAttributes),
                    Parameters.sid(attributes.path("conference").path("participants"), "worker"));
        }
        TaskFact.Change task = TASK_TYPES.get(type);
        if (task != null) {
            return new TaskFact(task, task(parameters, attributes));
        }
        if (type.startsWith(WORKER_TYPES)) {
            return new WorkerFact(worker(parameters, workerAttributes), parameters.find("WorkerActivityName"));
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

    private Task task(Parameters parameters, JsonNode attributes) throws UnusableWebhookException {
        String conversationSid = Parameters.sid(attributes, "conversationSid");
        String channel = parameters.find("TaskChannelUniqueName");
        return new Task(
                parameters.require("TaskSid"),
                parameters.findInteger("TaskVersion"),
                channel == null ? Parameters.text(attributes, "channelType", Limits.MOST_TEXT) : channel,
                parameters.find("TaskQueueName"),
                conversationSid == null ? Parameters.sid(attributes, "channelSid") : conversationSid,
                Parameters.text(attributes.path("conversations"), "conversation_id", Limits.MOST_TEXT),
                parameters.find("WorkflowName"),
                interaction(attributes),
                kept(attributes));
    }

    private static Task.@Nullable Interaction interaction(JsonNode attributes) throws UnusableWebhookException {
        String interactionSid = Parameters.sid(attributes, "flexInteractionSid");
        String channelSid = Parameters.sid(attributes, "flexInteractionChannelSid");
        return interactionSid == null || channelSid == null ? null : new Task.Interaction(interactionSid, channelSid);
    }

    private Map<String, String> kept(JsonNode attributes) {
        Map<String, String> kept = new TreeMap<>();
        for (String name : attributeNames) {
            JsonNode value = attributes.path(name);
            if (isText(value) && value.asText().length() <= Limits.MOST_TEXT) {
                kept.put(name, value.asText());
            }
        }
        return kept;
    }

    /** Number of attributes that a policy uses but that are too long: customers can write arbitrary attributes. */
    private int leftOut(Fact fact, JsonNode attributes) {
        return fact instanceof ReservationFact || fact instanceof TaskFact
                ? (int) attributeNames.stream()
                        .map(attributes::path)
                        .filter(value -> isText(value) && value.asText().length() > Limits.MOST_TEXT)
                        .count()
                : 0;
    }

    private static boolean isText(JsonNode value) {
        return value.isValueNode() && !value.isNull();
    }

    private static Worker worker(Parameters parameters, JsonNode attributes) throws UnusableWebhookException {
        String contactUri = Parameters.text(attributes, "contact_uri", Limits.MOST_TEXT);
        return new Worker(
                parameters.require("WorkerSid"),
                parameters.find("WorkerName"),
                contactUri == null ? null : contactUri.substring(contactUri.indexOf(':') + 1));
    }

    private static Instant occurredAt(Parameters parameters, Instant now) throws UnusableWebhookException {
        return parameters.find("TimestampMs") == null
                ? Parameters.plausible("Timestamp", Instant.ofEpochSecond(parameters.requireNumber("Timestamp")), now)
                : Parameters.plausible(
                        "TimestampMs", Instant.ofEpochMilli(parameters.requireNumber("TimestampMs")), now);
    }

    private static <E extends Enum<E>> Map<String, E> types(String prefix, E[] changes) {
        return Stream.of(changes)
                .collect(Collectors.toUnmodifiableMap(
                        change ->
                                prefix + change.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        Function.identity()));
    }
}
