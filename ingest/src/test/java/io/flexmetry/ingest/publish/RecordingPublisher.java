package io.flexmetry.ingest.publish;

import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.topic.Topic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A publisher with Kafka's mock producer: the test decides whether the broker accepts records. */
public final class RecordingPublisher {

    private final MockProducer<byte[], byte[]> producer;

    /** The error for a record; none by default. */
    private volatile Function<ProducerRecord<byte[], byte[]>, @Nullable RuntimeException> refusals = record -> null;

    /** With a broker that responds at once. */
    public RecordingPublisher() {
        this(true);
    }

    private RecordingPublisher(boolean autoComplete) {
        producer =
                new MockProducer<>(
                        autoComplete,
                        new RoundRobinPartitioner(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer()) {
                    @Override
                    public synchronized Future<RecordMetadata> send(
                            ProducerRecord<byte[], byte[]> record, Callback callback) {
                        RuntimeException refusal = refusals.apply(record);
                        if (refusal == null) {
                            return super.send(record, callback);
                        }
                        callback.onCompletion(null, refusal);
                        return CompletableFuture.failedFuture(refusal);
                    }
                };
    }

    /** With a broker that responds when {@link #completeNext} is called. */
    public static RecordingPublisher slow() {
        return new RecordingPublisher(false);
    }

    public boolean completeNext() {
        return producer.completeNext();
    }

    public EventPublisher publisher() {
        return new EventPublisher(KafkaSettings.of("nowhere:9092"), producer);
    }

    /** Clears the sent records, and lets the broker accept records again. */
    public void reset() {
        producer.clear();
        acceptAll();
    }

    public void acceptAll() {
        refusals = record -> null;
        fail(null);
    }

    public void refuseAll() {
        fail(new TimeoutException("Expected an ack in time"));
    }

    /** Uses the producer's lock, because other threads are sending. */
    private void fail(RuntimeException failure) {
        synchronized (producer) {
            producer.sendException = failure;
        }
    }

    /** Lets the broker refuse the records for which the function returns an error. */
    public void refuse(Function<ProducerRecord<byte[], byte[]>, @Nullable RuntimeException> refusal) {
        refusals = refusal;
    }

    /** Lets the broker refuse all records of a topic. */
    public void refuse(Topic<?, ?> topic, RuntimeException failure) {
        refuse(record -> record.topic().equals(topic.name()) ? failure : null);
    }

    public boolean isEmpty() {
        return producer.history().isEmpty();
    }

    public <V> List<V> sentTo(Topic<String, V> topic) {
        return producer.history().stream()
                .filter(record -> record.topic().equals(topic.name()))
                .map(record -> topic.valueSerde().deserializer().deserialize(topic.name(), record.value()))
                .toList();
    }
}
