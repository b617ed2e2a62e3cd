package io.flexmetry.ingest.publish;

import static java.util.Map.entry;

import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.topic.Cluster;
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
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes to Kafka with acks=all. Never blocks the caller, which is an event loop: if the broker or the buffer cannot accept a record now,
 * it fails now.
 */
public final class EventPublisher implements AutoCloseable {

    /** Conversations waits 5 s for a response; there must be enough time left for the spool. */
    static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(3);

    /** Nothing for Twilio, which waits for seconds, and under load a third of the produce requests. */
    private static final int LINGER_MS = 2;

    private static final int BATCH_BYTES = 64 << 10;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final KafkaSettings kafka;
    private final Set<String> unknown = new HashSet<>();
    private volatile @Nullable Producer<byte[], byte[]> producer;

    /** Whether the cluster has refused our credentials: then an idempotent producer never gets an id, and fails for ever. */
    private volatile boolean unauthenticated;

    /** A publisher that is not connected. */
    public EventPublisher(KafkaSettings kafka) {
        this(kafka, null);
    }

    EventPublisher(KafkaSettings kafka, @Nullable Producer<byte[], byte[]> producer) {
        this.kafka = kafka;
        this.producer = producer;
        Topics.ALL.forEach(topic -> unknown.add(topic.name()));
    }

    /**
     * Creates the producer once the cluster's host name resolves. Must be called by one thread.
     *
     * @return whether there is a producer
     * @throws SettingsException if it cannot be created with the settings
     */
    public boolean connect() {
        if (producer == null && Cluster.hasAddress(kafka)) {
            producer = create();
        }
        return producer != null;
    }

    private Producer<byte[], byte[]> create() {
        try {
            Map<String, Object> config = kafka.producer(settings());
            // a longer timeout, configured for all clients, must not make Twilio wait
            config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) DELIVERY_TIMEOUT.toMillis() / 2);
            return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw Cluster.unusable(kafka, e);
        }
    }

    private static Map<String, Object> settings() {
        return Map.ofEntries(
                entry(ProducerConfig.CLIENT_ID_CONFIG, "flexmetry-ingest"),
                entry(ProducerConfig.ACKS_CONFIG, "all"),
                entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
                // a batch contains the records of a few milliseconds: there is little to compress, and it costs a third
                entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none"),
                // records that arrive meanwhile, or during a request, form the next batch; a request costs more than
                // its records
                entry(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS),
                entry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1),
                entry(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES),
                entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY_TIMEOUT.toMillis()),
                entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MOST_RECORD_BYTES),
                // never block the event loop: discover() fetches the metadata before the first send
                entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0),
                // keep the metadata during idle hours
                entry(
                        ProducerConfig.METADATA_MAX_IDLE_CONFIG,
                        Duration.ofDays(365).toMillis()));
    }

    /**
     * Fetches the metadata of unknown topics. Must be called repeatedly by one thread until it returns true.
     *
     * @return whether all topics are known, and records can be sent
     */
    public boolean discover() {
        Producer<byte[], byte[]> connected = producer;
        if (connected == null) {
            return false;
        }
        unknown.removeIf(topic -> {
            try {
                return !connected.partitionsFor(topic).isEmpty();
            } catch (AuthenticationException e) {
                unauthenticated = true;
                return false;
            } catch (KafkaException e) {
                // the producer has requested the metadata; the next call may find it
                return false;
            }
        });
        if (unknown.isEmpty() && unauthenticated) {
            replace(connected);
        }
        return unknown.isEmpty();
    }

    /** The cluster accepts our credentials now. */
    private void replace(Producer<byte[], byte[]> failed) {
        producer = create();
        unauthenticated = false;
        Topics.ALL.forEach(topic -> unknown.add(topic.name()));
        failed.close(Duration.ZERO);
    }

    /** Sends a record; completes when all in-sync replicas have it, exceptionally if it fails. */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback completes the future
    public CompletableFuture<Void> publishRaw(String topic, byte @Nullable [] key, byte[] value) {
        Producer<byte[], byte[]> connected = producer;
        if (connected == null) {
            return CompletableFuture.failedFuture(
                    new KafkaException("Expected a host name in " + kafka.servers() + " to resolve but none does"));
        }
        CompletableFuture<Void> durable = new CompletableFuture<>();
        try {
            connected.send(new ProducerRecord<>(topic, key, value), (metadata, failure) -> {
                if (failure == null) {
                    durable.complete(null);
                } else {
                    if (failure instanceof AuthenticationException && connected.equals(producer)) {
                        unauthenticated = true;
                    }
                    durable.completeExceptionally(failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            // illegal if the producer has just been replaced
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
