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
 * Takes in what is authentic: as an event, or as a dead letter when it cannot be understood. It is never refused for its
 * content, because Twilio would not send it again.
 */
record Intake(DurablePublisher publisher, InstantSource clock, Meters meters) {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    /** Reads one thing. */
    @FunctionalInterface
    interface Reader {
        /** Reads it as received at that time. */
        Incoming read(Instant receivedAt) throws UnusableWebhookException;
    }

    /**
     * Reads and publishes.
     *
     * @param source names where a dead letter came from
     * @param original the bytes that a dead letter keeps
     * @return completes when it is durable, exceptionally when it is not
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

    /** Completes with the event's own place when all its copies are durable as well. */
    private CompletableFuture<DurablePublisher.Place> publish(Incoming incoming) throws UnusableWebhookException {
        byte[] value = incoming.value();
        List<CompletableFuture<DurablePublisher.Place>> copies = incoming.places().entrySet().stream()
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

    /** What the caller is told about it. */
    static CompletableFuture<Answer> answer(CompletableFuture<Void> durable) {
        return durable.handle((nothing, failure) -> {
            if (failure == null) {
                return Answer.ACCEPTED;
            }
            LOG.atWarn().addKeyValue("error", failure).log("Neither Kafka nor the spool took an event");
            return Answer.UNAVAILABLE;
        });
    }
}
