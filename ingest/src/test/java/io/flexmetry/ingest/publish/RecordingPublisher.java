package io.flexmetry.ingest.publish;

import io.flexmetry.contract.topic.Topic;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A publisher on Kafka's own mock producer: the test says whether the broker takes records. */
public final class RecordingPublisher {

    private final MockProducer<byte[], byte[]> producer;

    /** Of a broker that answers at once. */
    public RecordingPublisher() {
        this(true);
    }

    private RecordingPublisher(boolean answersAtOnce) {
        producer = new MockProducer<>(
                answersAtOnce, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Of a broker that answers when {@link #answerNext} is called. */
    public static RecordingPublisher slow() {
        return new RecordingPublisher(false);
    }

    public boolean answerNext() {
        return producer.completeNext();
    }

    public EventPublisher publisher() {
        return new EventPublisher(producer);
    }

    /** As if nothing had been sent, and the broker takes records again. */
    public void forget() {
        producer.clear();
        fail(null);
    }

    public void takeAgain() {
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
