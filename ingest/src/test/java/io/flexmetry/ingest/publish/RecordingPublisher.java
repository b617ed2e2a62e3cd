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

/** A publisher on Kafka's own mock producer: the test says whether the broker takes records. */
public final class RecordingPublisher {

    private final MockProducer<byte[], byte[]> producer;

    /** What is wrong with a record; by default nothing. */
    private volatile Function<ProducerRecord<byte[], byte[]>, @Nullable RuntimeException> refusals = record -> null;

    /** Of a broker that answers at once. */
    public RecordingPublisher() {
        this(true);
    }

    private RecordingPublisher(boolean answersAtOnce) {
        producer =
                new MockProducer<>(
                        answersAtOnce,
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

    /** Of a broker that answers when {@link #answerNext} is called. */
    public static RecordingPublisher slow() {
        return new RecordingPublisher(false);
    }

    public boolean answerNext() {
        return producer.completeNext();
    }

    public EventPublisher publisher() {
        return new EventPublisher(KafkaSettings.of("nowhere:9092"), producer);
    }

    /** As if nothing had been sent, and the broker takes records again. */
    public void forget() {
        producer.clear();
        takeAgain();
    }

    public void takeAgain() {
        refusals = record -> null;
        fail(null);
    }

    public void refuseAll() {
        fail(new TimeoutException("Expected an ack in time"));
    }

    /** Under the producer's own lock: others are sending. */
    private void fail(RuntimeException failure) {
        synchronized (producer) {
            producer.sendException = failure;
        }
    }

    /** Some records only, as the function says. */
    public void refuse(Function<ProducerRecord<byte[], byte[]>, @Nullable RuntimeException> refusal) {
        refusals = refusal;
    }

    /** All records of that topic. */
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
