package io.flexmetry.ingest;

import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.publish.EventPublisher;
import io.flexmetry.ingest.signature.Form;
import io.flexmetry.ingest.signature.MalformedFormException;
import io.flexmetry.ingest.signature.SignatureValidator;
import io.flexmetry.ingest.webhook.Incoming;
import io.flexmetry.ingest.webhook.UnusableWebhookException;
import io.flexmetry.ingest.webhook.Webhook;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one webhook: decode, verify, read, publish. Knows nothing of HTTP but its status codes.
 *
 * <p>What is authentic is never refused for its content: Twilio would not send it again. It becomes a dead letter.
 */
final class WebhookEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookEndpoint.class);

    private final Webhook webhook;
    private final SignatureValidator signatures;
    private final EventPublisher publisher;
    private final InstantSource clock;

    WebhookEndpoint(Webhook webhook, SignatureValidator signatures, EventPublisher publisher, InstantSource clock) {
        this.webhook = webhook;
        this.signatures = signatures;
        this.publisher = publisher;
        this.clock = clock;
    }

    /**
     * Takes one request.
     *
     * @param path without the query, names the source of a dead letter
     * @param pathAndQuery raw, as in the request line
     */
    CompletableFuture<Answer> take(String path, String pathAndQuery, @Nullable String signature, byte[] body) {
        Form form;
        try {
            form = Form.parse(body);
        } catch (MalformedFormException e) {
            return CompletableFuture.completedFuture(Answer.malformed(e.reason()));
        }
        if (signature == null) {
            return CompletableFuture.completedFuture(
                    Answer.unsigned("Expected the header X-Twilio-Signature but it is missing"));
        }
        if (!signatures.isValid(pathAndQuery, form, signature)) {
            return CompletableFuture.completedFuture(Answer.unsigned("Expected X-Twilio-Signature to be made with the"
                    + " account's auth token over the public URL and this body, but it is not"));
        }
        if (form.find("EventType").isEmpty()) {
            return CompletableFuture.completedFuture(
                    Answer.malformed("Expected the parameter EventType but it is missing"));
        }
        return publish(path, form, body).handle((durable, failure) -> {
            if (failure == null) {
                return Answer.ACCEPTED;
            }
            LOG.atWarn().addKeyValue("error", failure).log("Kafka did not take an event");
            return Answer.UNAVAILABLE;
        });
    }

    private CompletableFuture<Void> publish(String path, Form form, byte[] body) {
        Instant receivedAt = clock.instant();
        try {
            Incoming incoming = webhook.read(form, receivedAt);
            return publisher.publish(incoming.topic(), incoming.key(), incoming.event());
        } catch (UnusableWebhookException e) {
            LOG.atWarn()
                    .addKeyValue("source", path)
                    .addKeyValue("error", e.reason())
                    .log("Dead letter");
            return publisher.publish(Topics.DEAD_LETTERS, path, DeadLetter.of(e.reason(), path, receivedAt, body));
        }
    }
}
