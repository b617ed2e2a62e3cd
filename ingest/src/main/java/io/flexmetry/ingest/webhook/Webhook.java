package io.flexmetry.ingest.webhook;

import java.time.Instant;
import java.util.List;

/** Turns one kind of webhook into events. */
@FunctionalInterface
public interface Webhook {

    /** The parameters of which one at least says what kind of event it is. */
    default List<String> kinds() {
        return List.of("EventType");
    }

    /**
     * Reads what Twilio signed. An unknown event type is no error: it is kept as it is.
     *
     * @throws UnusableWebhookException if a parameter that its type needs is missing or not readable
     */
    Incoming read(Parameters parameters, Instant receivedAt) throws UnusableWebhookException;
}
