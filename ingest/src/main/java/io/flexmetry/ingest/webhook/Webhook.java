package io.flexmetry.ingest.webhook;

import java.time.Instant;
import java.util.List;

/** Parses one kind of webhook. */
@FunctionalInterface
public interface Webhook {

    /** Names of the parameters for the kind of event; at least one is required. */
    default List<String> kinds() {
        return List.of("EventType");
    }

    /**
     * Parses a request that Twilio signed. An unknown event type is not an error: the event is kept as received.
     *
     * @throws UnusableWebhookException if a required parameter is missing or malformed
     */
    Incoming read(Parameters parameters, Instant receivedAt) throws UnusableWebhookException;
}
