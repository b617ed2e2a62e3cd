package io.flexmetry.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.publish.DurablePublisher;
import io.flexmetry.ingest.webhook.Incoming;
import io.flexmetry.ingest.webhook.UnusableWebhookException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores authentic input: as an event, or as a dead letter if it cannot be parsed. Content is never a reason for an error response,
 * because Twilio would not retry.
 */
record Intake(DurablePublisher publisher, InstantSource clock, Meters meters) {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    /** Parses one event. */
    @FunctionalInterface
    interface Reader {
        /** @param receivedAt time of receipt, our clock */
        Incoming read(Instant receivedAt) throws UnusableWebhookException;
    }

    /**
     * Parses and publishes an event.
     *
     * @param source source of a dead letter
     * @param original bytes for a dead letter
     * @return completes when it is durable, exceptionally if it cannot be stored
     */
    CompletableFuture<Void> accept(String source, byte[] original, Reader reader) {
        Instant receivedAt = clock.instant();
        meters.taken(source);
        try {
            Incoming incoming = reader.read(receivedAt);
            meters.leftOut(source, incoming.leftOut());
            meters.withoutObject(source, incoming.withoutObject());
            return counted(source, publish(incoming), place -> {
                meters.stored(source, place);
                meters.lag(source, incoming.event().occurredAt(), receivedAt);
            });
        } catch (UnusableWebhookException e) {
            LOG.atWarn()
                    .addKeyValue("source", source)
                    .addKeyValue("error", e.reason())
                    .log("Dead letter");
            DeadLetter letter = DeadLetter.ofWebhook(e.reason(), source, receivedAt, original);
            return counted(
                    source,
                    publisher.publish(Topics.DEAD_LETTERS, source, letter),
                    place -> meters.deadLettered(source));
        }
    }

    /** Completes with the place of the original when all its copies are durable. */
    private CompletableFuture<DurablePublisher.Place> publish(Incoming incoming) throws UnusableWebhookException {
        byte[] value = incoming.value();
        List<CompletableFuture<DurablePublisher.Place>> copies = incoming.destinations().entrySet().stream()
                .map(place ->
                        publisher.publishRaw(place.getKey(), place.getValue().getBytes(UTF_8), value))
                .toList();
        return CompletableFuture.allOf(copies.toArray(CompletableFuture<?>[]::new))
                .thenCompose(all -> copies.get(0));
    }

    private CompletableFuture<Void> counted(
            String source, CompletableFuture<DurablePublisher.Place> durable, Consumer<DurablePublisher.Place> stored) {
        return durable.whenComplete((place, failure) -> {
                    if (failure == null) {
                        stored.accept(place);
                    } else {
                        meters.failed(source);
                    }
                })
                .thenApply(place -> null);
    }

    /** The response once the event is durable, or cannot be. */
    static CompletableFuture<Answer> answer(CompletableFuture<Void> durable) {
        return durable.handle((nothing, failure) -> {
            if (failure == null) {
                return Answer.ACCEPTED;
            }
            LOG.atWarn().addKeyValue("error", failure).log("Neither Kafka nor the spool stored an event");
            return Answer.UNAVAILABLE;
        });
    }
}
