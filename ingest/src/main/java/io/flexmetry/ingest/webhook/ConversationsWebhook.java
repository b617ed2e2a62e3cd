package io.flexmetry.ingest.webhook;

import static io.flexmetry.contract.event.Source.CONVERSATIONS;

import com.fasterxml.jackson.databind.JsonNode;
import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Post-event webhook of Conversations, for the account, a service or one conversation; also of Programmable Chat.
 *
 * @see <a href="https://www.twilio.com/docs/conversations/conversations-webhooks">Twilio: Conversations webhooks</a>
 */
public final class ConversationsWebhook implements Webhook {

    private static final String TEXT = "Body";
    private static final String SERVICE = "ChatServiceSid";

    private final boolean keepBodies;

    /** @param keepBodies whether the text of a message is kept, and not only its length */
    public ConversationsWebhook(boolean keepBodies) {
        this.keepBodies = keepBodies;
    }

    @Override
    public Incoming read(Parameters given, Instant receivedAt) throws UnusableWebhookException {
        Parameters parameters = LegacyChat.translate(given);
        String type = parameters.require("EventType");
        return switch (type) {
            case "onMessageAdded" -> message(type, MessageFact.Change.ADDED, parameters, receivedAt);
            case "onMessageUpdated" -> message(type, MessageFact.Change.UPDATED, parameters, receivedAt);
            case "onMessageRemoved" -> message(type, MessageFact.Change.REMOVED, parameters, receivedAt);
            case "onParticipantAdded" -> participant(type, ParticipantFact.Change.ADDED, parameters, receivedAt);
            case "onParticipantUpdated" -> participant(type, ParticipantFact.Change.UPDATED, parameters, receivedAt);
            case "onParticipantRemoved" -> participant(type, ParticipantFact.Change.REMOVED, parameters, receivedAt);
            case "onConversationAdded",
                    "onConversationUpdated",
                    "onConversationRemoved",
                    "onConversationStateUpdated" -> conversation(type, parameters, receivedAt);
            default -> place(unrecognised(type, parameters, receivedAt), parameters);
        };
    }

    private Incoming message(String type, MessageFact.Change change, Parameters parameters, Instant receivedAt)
            throws UnusableWebhookException {
        String messageSid = parameters.require("MessageSid");
        Instant createdAt = parameters.requireInstant("DateCreated", receivedAt);
        Instant occurredAt = changedAt(change.name(), parameters, createdAt, receivedAt);
        String text = parameters.raw(TEXT);
        Fact fact = new MessageFact(
                change,
                parameters.require("ConversationSid"),
                messageSid,
                parameters.requireNumber("Index"),
                createdAt,
                parameters.require("Author"),
                parameters.find("ParticipantSid"),
                text == null ? null : text.length(),
                parameters.arraySize("Media"),
                text == null || !keepBodies ? null : Parameters.bounded(TEXT, text, Limits.MOST_BODY),
                parameters.find(SERVICE));
        Event event = event(messageSid + "/" + change + "/" + occurredAt, type, occurredAt, receivedAt, fact);
        return place(event, parameters);
    }

    private static Incoming participant(
            String type, ParticipantFact.Change change, Parameters parameters, Instant receivedAt)
            throws UnusableWebhookException {
        String participantSid = parameters.require("ParticipantSid");
        Instant occurredAt = changedAt(change.name(), parameters, receivedAt, receivedAt);
        Attributes attributes = attributes(parameters);
        Fact fact = new ParticipantFact(
                change,
                parameters.require("ConversationSid"),
                participantSid,
                parameters.find("Identity"),
                parameters.find("MessagingBinding.Address"),
                declaredType(attributes.object()),
                attributes.isPresent(),
                parameters.find(SERVICE));
        Event event = event(participantSid + "/" + change + "/" + occurredAt, type, occurredAt, receivedAt, fact);
        return place(event, parameters).countingMalformed(attributes);
    }

    private static Incoming conversation(String type, Parameters parameters, Instant receivedAt)
            throws UnusableWebhookException {
        String conversationSid = parameters.require("ConversationSid");
        Instant stateUpdated = parameters.findInstant("StateUpdated", receivedAt);
        Instant occurredAt = stateUpdated == null
                ? changedAt(type.substring("onConversation".length()), parameters, receivedAt, receivedAt)
                : stateUpdated;
        String stateTo = parameters.find("StateTo");
        Attributes attributes = attributes(parameters);
        Set<String> names = names(attributes.object());
        Fact fact = new ConversationFact(
                conversationSid,
                parameters.find("UniqueName"),
                names,
                stateTo == null ? parameters.find("State") : stateTo,
                parameters.find(SERVICE));
        Event event = event(conversationSid + "/" + type + "/" + occurredAt, type, occurredAt, receivedAt, fact);
        int leftOut = attributes.object().size() - names.size();
        return place(event, parameters).leavingOut(leftOut).countingMalformed(attributes);
    }

    private Event unrecognised(String type, Parameters parameters, Instant receivedAt) {
        Map<String, String> fields = new HashMap<>(parameters.values());
        if (!keepBodies) {
            fields.remove(TEXT);
        }
        // there is no id for all types: events with the same parameters are duplicates
        UUID id = UUID.nameUUIDFromBytes(fields.toString().getBytes(StandardCharsets.UTF_8));
        return event(type + "/" + id, type, receivedAt, receivedAt, new UnrecognisedFact(fields));
    }

    private static Incoming place(Event event, Parameters parameters) throws UnusableWebhookException {
        String conversationSid = parameters.find("ConversationSid");
        return conversationSid == null
                ? new Incoming(Topics.OTHER_EVENTS, parameters.require("AccountSid"), event)
                : new Incoming(Topics.CONVERSATION_EVENTS, conversationSid, event);
    }

    /** {@code DateCreated}, {@code DateUpdated} or {@code DateRemoved}, depending on the change. */
    private static Instant changedAt(String change, Parameters parameters, Instant otherwise, Instant now)
            throws UnusableWebhookException {
        String name =
                switch (change.toUpperCase(Locale.ROOT)) {
                    case "UPDATED" -> "DateUpdated";
                    case "REMOVED" -> "DateRemoved";
                    default -> "DateCreated";
                };
        Instant at = parameters.findInstant(name, now);
        return at == null ? otherwise : at;
    }

    /** Customers can write arbitrary attributes, so number and length are limited. */
    private static Set<String> names(JsonNode attributes) {
        Set<String> names = new TreeSet<>();
        attributes.fieldNames().forEachRemaining(names::add);
        return names.stream()
                .filter(name -> name.length() <= Limits.MOST_ATTRIBUTE_NAME)
                .limit(Limits.MOST_ATTRIBUTES)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Unreadable attributes do not invalidate the event. */
    private static Attributes attributes(Parameters parameters) {
        try {
            return parameters.attributes("Attributes");
        } catch (UnusableWebhookException e) {
            return Attributes.UNREADABLE;
        }
    }

    private static @Nullable String declaredType(JsonNode attributes) {
        for (String field : new String[] {"type", "member_type"}) {
            JsonNode value = attributes.path(field);
            if (value.isTextual() && value.textValue().length() <= Limits.MOST_TYPE) {
                return value.textValue();
            }
        }
        return null;
    }

    private static Event event(String id, String type, Instant occurredAt, Instant receivedAt, Fact fact) {
        return new Event(id, type, occurredAt, receivedAt, CONVERSATIONS, fact);
    }
}
