package io.flexmetry.ingest.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.flexmetry.contract.privacy.Privacy;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.PrivacyConfiguration;
import io.flexmetry.contract.settings.SettingsException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parsers of all webhooks, by path. Personal data is hashed as configured. */
public final class Webhooks {

    /** Path of the Event Streams sink. */
    public static final String EVENT_STREAMS = "/webhooks/event-streams";

    private final Privacy privacy;
    private final Map<String, Webhook> forms;
    private final EventStreamsWebhook eventStreams;

    /** @param taskAttributes names of the task attributes that are kept */
    public Webhooks(PrivacyConfiguration settings, Set<String> taskAttributes, Privacy privacy) {
        this.privacy = privacy;
        Webhook taskRouter = new TaskRouterWebhook(taskAttributes);
        Webhook conversations = new ConversationsWebhook(settings.keepBodies());
        this.eventStreams = new EventStreamsWebhook(taskRouter, conversations, settings.keepBodies());
        this.forms = Map.of(
                "/webhooks/taskrouter", protect(taskRouter),
                "/webhooks/conversations", protect(conversations),
                "/webhooks/voice", protect(new VoiceWebhook()));
    }

    /** @throws SettingsException if something has to be hashed but the key is missing or too short */
    public static Webhooks from(Environment environment, Configuration configuration) {
        return new Webhooks(
                configuration.privacy(),
                configuration.inactivity().attributeNames(),
                Privacy.from(environment, configuration));
    }

    /** Parsers of the webhooks with forms, by path. */
    public Map<String, Webhook> forms() {
        return forms;
    }

    /**
     * The elements of an Event Streams delivery.
     *
     * @throws UnusableWebhookException if it is not an array
     */
    public List<JsonNode> elements(byte[] body) throws UnusableWebhookException {
        return eventStreams.elements(body);
    }

    /**
     * Parses one element of an Event Streams delivery.
     *
     * @throws UnusableWebhookException if a required field is missing or malformed
     */
    public Incoming element(JsonNode element, Instant receivedAt) throws UnusableWebhookException {
        return protect(eventStreams.read(element, receivedAt));
    }

    private Webhook protect(Webhook webhook) {
        return new Webhook() {
            @Override
            public List<String> kinds() {
                return webhook.kinds();
            }

            @Override
            public Incoming read(Parameters parameters, Instant receivedAt) throws UnusableWebhookException {
                return protect(webhook.read(parameters, receivedAt));
            }
        };
    }

    private Incoming protect(Incoming incoming) {
        return incoming.with(privacy.protect(incoming.event()));
    }
}
