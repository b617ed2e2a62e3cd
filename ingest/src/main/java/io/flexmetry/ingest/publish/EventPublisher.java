package io.flexmetry.ingest.publish;

import static java.util.Map.entry;

import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.topic.Cluster;
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

    private final KafkaSettings kafka;
    private final Set<String> unknown = new HashSet<>();
    private volatile @Nullable Producer<byte[], byte[]> producer;

    /** A publisher that is not connected yet. */
    public EventPublisher(KafkaSettings kafka) {
        this(kafka, null);
    }

    EventPublisher(KafkaSettings kafka, @Nullable Producer<byte[], byte[]> producer) {
        this.kafka = kafka;
        this.producer = producer;
        Topics.ALL.forEach(topic -> unknown.add(topic.name()));
    }

    /**
     * Makes the producer as soon as the cluster has an address; to be called by one thread.
     *
     * @return whether there is one
     * @throws SettingsException if it cannot be made of the settings
     */
    public boolean connect() {
        if (producer == null && Cluster.hasAddress(kafka)) {
            try {
                Map<String, Object> config = kafka.producer(settings());
                // whoever set it for all clients did not mean that Twilio shall wait so long
                config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) DELIVERY_TIMEOUT.toMillis() / 2);
                producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
            } catch (KafkaException e) {
                throw Cluster.unusable(kafka, e);
            }
        }
        return producer != null;
    }

    private static Map<String, Object> settings() {
        return Map.ofEntries(
                entry(ProducerConfig.CLIENT_ID_CONFIG, "flexmetry-ingest"),
                entry(ProducerConfig.ACKS_CONFIG, "all"),
                entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
                // a batch holds what came within a millisecond: there is little to compress, and it costs a third
                entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none"),
                // who waits is Twilio: what comes while a request is under way makes the next batch
                entry(ProducerConfig.LINGER_MS_CONFIG, 0),
                entry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1),
                entry(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES),
                entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY_TIMEOUT.toMillis()),
                entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MOST_RECORD_BYTES),
                // never block the event loop; discover() fetches the metadata before the first send,
                entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0),
                // and it must not be forgotten in a quiet night
                entry(
                        ProducerConfig.METADATA_MAX_IDLE_CONFIG,
                        Duration.ofDays(365).toMillis()));
    }

    /**
     * Asks for the topics that are not known yet; to be called now and then by one thread until it says true.
     *
     * @return whether all topics are known, and records can be taken
     */
    public boolean discover() {
        Producer<byte[], byte[]> connected = producer;
        if (connected == null) {
            return false;
        }
        unknown.removeIf(topic -> {
            try {
                return !connected.partitionsFor(topic).isEmpty();
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
        Producer<byte[], byte[]> connected = producer;
        if (connected == null) {
            return CompletableFuture.failedFuture(new KafkaException("Expected an address of " + kafka.servers()));
        }
        CompletableFuture<Void> durable = new CompletableFuture<>();
        try {
            connected.send(new ProducerRecord<>(topic, key, value), (metadata, failure) -> {
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
        Producer<byte[], byte[]> connected = producer;
        if (connected != null) {
            connected.close(CLOSE_TIMEOUT);
        }
    }
}
