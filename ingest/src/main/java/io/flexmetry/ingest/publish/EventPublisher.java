package io.flexmetry.ingest.publish;

import static java.util.Map.entry;

import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes to Kafka with acks=all. It never blocks the caller, which is an event loop: when the broker or the buffer
 * cannot take a record now, the answer is a failure now.
 */
public final class EventPublisher implements AutoCloseable {

    /** Conversations waits 5 s for an answer; it must have one before, and the spool needs a moment too. */
    static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(3);

    private static final int BATCH_BYTES = 64 << 10;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final Set<String> unknown = new HashSet<>();

    /** A publisher on a cluster. */
    public static EventPublisher connect(String bootstrapServers) {
        return new EventPublisher(new KafkaProducer<>(
                Map.ofEntries(
                        entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                        entry(ProducerConfig.CLIENT_ID_CONFIG, "flexmetry-ingest"),
                        entry(ProducerConfig.ACKS_CONFIG, "all"),
                        entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
                        // a batch holds what came within a millisecond: there is little to compress, and it costs a
                        // third
                        entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none"),
                        // who waits is Twilio: what comes while a request is under way makes the next batch
                        entry(ProducerConfig.LINGER_MS_CONFIG, 0),
                        entry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1),
                        entry(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES),
                        entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY_TIMEOUT.toMillis()),
                        entry(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) DELIVERY_TIMEOUT.toMillis() / 2),
                        entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MOST_RECORD_BYTES),
                        // never block the event loop; discover() fetches the metadata before the first send,
                        entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0),
                        // and it must not be forgotten in a quiet night
                        entry(
                                ProducerConfig.METADATA_MAX_IDLE_CONFIG,
                                Duration.ofDays(365).toMillis())),
                new ByteArraySerializer(),
                new ByteArraySerializer()));
    }

    EventPublisher(Producer<byte[], byte[]> producer) {
        this.producer = producer;
        Topics.ALL.forEach(topic -> unknown.add(topic.name()));
    }

    /**
     * Asks for the topics that are not known yet; to be called now and then by one thread until it says true.
     *
     * @return whether all topics are known, and records can be taken
     */
    public boolean discover() {
        unknown.removeIf(topic -> {
            try {
                return !producer.partitionsFor(topic).isEmpty();
            } catch (KafkaException e) {
                // not known yet: the producer has asked, and the next call may find it
                return false;
            }
        });
        return unknown.isEmpty();
    }

    /**
     * Sends a record.
     *
     * @return completes when all in-sync replicas have it, exceptionally when they do not
     */
    public <V> CompletableFuture<Void> publish(Topic<String, V> topic, String key, V value) {
        return publishRaw(
                topic.name(),
                topic.keySerde().serializer().serialize(topic.name(), key),
                topic.valueSerde().serializer().serialize(topic.name(), value));
    }

    /** Sends a record that is bytes already. */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback tells
    public CompletableFuture<Void> publishRaw(String topic, byte @Nullable [] key, byte[] value) {
        CompletableFuture<Void> durable = new CompletableFuture<>();
        try {
            producer.send(new ProducerRecord<>(topic, key, value), (metadata, failure) -> {
                if (failure == null) {
                    durable.complete(null);
                } else {
                    durable.completeExceptionally(failure);
                }
            });
        } catch (KafkaException e) {
            durable.completeExceptionally(e);
        }
        return durable;
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }
}
