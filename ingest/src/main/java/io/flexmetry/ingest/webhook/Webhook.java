package io.flexmetry.ingest.webhook;

import io.flexmetry.ingest.signature.Form;
import java.time.Instant;

/** Turns one kind of webhook into events. */
@FunctionalInterface
public interface Webhook {

    /**
     * Reads a form that Twilio signed. An unknown event type is no error: it is kept as it is.
     *
     * @throws UnusableWebhookException if a parameter that its type needs is missing or not readable
     */
    Incoming read(Form form, Instant receivedAt) throws UnusableWebhookException;
}
