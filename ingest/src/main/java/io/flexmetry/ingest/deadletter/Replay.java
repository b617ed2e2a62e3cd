package io.flexmetry.ingest.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.publish.EventPublisher;
import io.flexmetry.ingest.signature.Form;
import io.flexmetry.ingest.signature.MalformedFormException;
import io.flexmetry.ingest.spool.RefusedRecord;
import io.flexmetry.ingest.webhook.Incoming;
import io.flexmetry.ingest.webhook.Parameters;
import io.flexmetry.ingest.webhook.UnusableWebhookException;
import io.flexmetry.ingest.webhook.Webhook;
import io.flexmetry.ingest.webhook.Webhooks;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.SerializationException;

/** Processes dead letters again. Idempotent, because events have ids. A letter that still cannot be parsed does not create another one. */
final class Replay {

    private static final JsonMapper JSON = new JsonMapper();

    private final EventPublisher publisher;
    private final Webhooks webhooks;

    Replay(EventPublisher publisher, Webhooks webhooks) {
        this.publisher = publisher;
        this.webhooks = webhooks;
    }

    /**
     * Publishes the content of a dead letter.
     *
     * @return why it could not be published; empty when it is durable
     */
    Optional<String> replay(DeadLetter letter) {
        DeadLetter.Cut cut = letter.cut();
        if (cut != null) {
            return Optional.of("Expected the whole original but only the first " + DeadLetter.MOST_ORIGINAL_BYTES
                    + " of " + cut.bytes() + " bytes were kept; its SHA-256 is " + cut.sha256());
        }
        try {
            if (letter.source().startsWith("/")) {
                Incoming incoming = read(letter);
                byte[] value = incoming.value();
                CompletableFuture.allOf(incoming.destinations().entrySet().stream()
                                .map(destination -> publisher.publishRaw(
                                        destination.getKey(),
                                        destination.getValue().getBytes(UTF_8),
                                        value))
                                .toArray(CompletableFuture<?>[]::new))
                        .join();
            } else {
                republish(letter);
            }
            return Optional.empty();
        } catch (UnusableWebhookException e) {
            return Optional.of(e.reason());
        } catch (MalformedFormException e) {
            return Optional.of(e.reason());
        } catch (JsonProcessingException e) {
            return Optional.of("Expected JSON but it is not");
        } catch (SerializationException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (CompletionException e) {
            return Optional.of("Kafka did not accept it: " + e.getCause());
        }
    }

    /**
     * Publishes a record that Kafka refused.
     *
     * @return why it could not be published; empty when it is durable
     */
    Optional<String> replay(RefusedRecord record) {
        try {
            publisher.publishRaw(record.topic(), record.key(), record.value()).join();
            return Optional.empty();
        } catch (CompletionException e) {
            return Optional.of("Kafka did not accept it: " + e.getCause());
        }
    }

    private Incoming read(DeadLetter letter)
            throws UnusableWebhookException, MalformedFormException, JsonProcessingException {
        byte[] original = letter.originalBytes();
        Webhook form = webhooks.forms().get(letter.source());
        return form == null
                ? webhooks.element(JSON.readTree(new String(original, UTF_8)), letter.receivedAt())
                : form.read(Parameters.of(Form.parse(original)), letter.receivedAt());
    }

    /** Publishes the record to its topic again, if its readers can parse it now. */
    private void republish(DeadLetter letter) {
        String name = letter.source().substring(0, Math.max(0, letter.source().indexOf('/')));
        Topic<?, ?> topic = Topics.ALL.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new SerializationException("Expected one of our topics but it is " + name));
        topic.valueSerde().deserializer().deserialize(name, letter.originalBytes());
        byte[] key = letter.key() == null ? null : letter.key().getBytes(UTF_8);
        publisher.publishRaw(name, key, letter.originalBytes()).join();
    }
}
