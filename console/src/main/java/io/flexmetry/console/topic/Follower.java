package io.flexmetry.console.topic;

import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads compacted topics from the beginning and follows them, without a consumer group: each instance reads all
 * partitions. Failures are retried.
 */
public final class Follower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long RETRY_MS = 1_000;
    private static final long CLOSE_MS = 5_000;

    private final KafkaSettings kafka;
    private final Map<String, Reader<?>> readers;
    /** Guards the consumer, because another thread wakes it up. */
    private final Object closing = new Object();

    private final Thread thread;
    private @Nullable KafkaConsumer<String, byte[]> consumer;
    private volatile boolean caughtUp;
    private volatile String problem = "Reading the topics has not started yet";
    private final AtomicLong unreadable = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Receives the records of a topic. */
    @FunctionalInterface
    public interface Receiver<T> {
        /**
         * Receives a record.
         *
         * @param value absent for a tombstone
         * @param json the value as in the topic
         */
        void receive(String key, @Nullable T value, byte @Nullable [] json);
    }

    /** A topic and the receiver of its records. */
    public record Reader<T>(Topic<String, T> topic, Receiver<T> receiver) {
        private void read(ConsumerRecord<String, byte[]> record) {
            byte[] json = record.value();
            receiver.receive(
                    record.key(),
                    json == null ? null : topic.valueSerde().deserializer().deserialize(topic.name(), json),
                    json);
        }
    }

    private Follower(KafkaSettings kafka, List<Reader<?>> readers) {
        this.kafka = kafka;
        this.readers = new HashMap<>();
        readers.forEach(reader -> this.readers.put(reader.topic().name(), reader));
        this.thread = new Thread(this::run, "console-follower");
        thread.setDaemon(true);
    }

    /** Starts the thread. */
    public static Follower start(KafkaSettings kafka, List<Reader<?>> readers) {
        Follower follower = new Follower(kafka, readers);
        follower.thread.start();
        return follower;
    }

    /** Whether all records that existed at the start have been read. */
    public boolean isCaughtUp() {
        return caughtUp;
    }

    /** The current problem, as text for users. */
    public Optional<String> problem() {
        if (!problem.isEmpty()) {
            return Optional.of(problem);
        }
        return unreadable.get() == 0
                ? Optional.empty()
                : Optional.of(unreadable.get() + " records could not be read and are left out; see the log");
    }

    private void run() {
        while (isOpen()) {
            try {
                follow();
            } catch (WakeupException | InterruptException e) {
                LOG.atDebug().setCause(e).log("Stopped reading");
            } catch (RuntimeException e) {
                // mostly Kafka's own; for any other it is also better to retry and report than to show a stale page
                problem = "Could not read from Kafka: " + e.getMessage();
                LOG.atWarn().setCause(e).log("Could not read the topics; will retry");
                pause();
            }
        }
    }

    private void follow() {
        try (KafkaConsumer<String, byte[]> opened =
                consumer(kafka, new StringDeserializer(), ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int)
                        PATIENCE.toMillis())) {
            synchronized (closing) {
                consumer = opened;
            }
            List<TopicPartition> partitions = partitions(opened);
            if (partitions.isEmpty()) {
                pause();
                return;
            }
            opened.assign(partitions);
            opened.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = opened.endOffsets(partitions);
            while (isOpen()) {
                opened.poll(POLL).forEach(this::read);
                report(opened, ends);
            }
        } finally {
            synchronized (closing) {
                consumer = null;
            }
        }
    }

    /** Creates a consumer without a group that has one more setting. */
    static <K> KafkaConsumer<K, byte[]> consumer(
            KafkaSettings kafka, Deserializer<K> keyDeserializer, String setting, int value) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                // start again if the offsets have been deleted meanwhile
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                "false",
                setting,
                value);
        return new KafkaConsumer<>(kafka.consumer(config), keyDeserializer, new ByteArrayDeserializer());
    }

    private void report(KafkaConsumer<String, byte[]> opened, Map<TopicPartition, Long> ends) {
        if (caughtUp) {
            problem = "";
            return;
        }
        long left = ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - opened.position(end.getKey())))
                .sum();
        if (left == 0) {
            caughtUp = true;
            problem = "";
        } else {
            long all = ends.values().stream().mapToLong(Long::longValue).sum();
            problem = "Reading the topics: " + left + " of " + all + " records left";
        }
    }

    /** The partitions of all topics; none if a topic is missing. */
    private List<TopicPartition> partitions(KafkaConsumer<String, byte[]> opened) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : readers.keySet()) {
            List<PartitionInfo> found = opened.partitionsFor(topic);
            if (found == null || found.isEmpty()) {
                problem = "Topic " + topic
                        + " is missing: ./flexmetry topics creates it, and so do processors when they start";
                return List.of();
            }
            found.forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
        }
        return partitions;
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        Reader<?> reader = readers.get(record.topic());
        if (reader == null || record.key() == null) {
            return;
        }
        try {
            reader.read(record);
        } catch (RuntimeException e) {
            // a foreign record, or one of a later version, must not hide all others
            unreadable.incrementAndGet();
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .setCause(e)
                    .log("Could not read a record");
        }
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    private void pause() {
        try {
            if (closed.await(RETRY_MS, TimeUnit.MILLISECONDS)) {
                LOG.atDebug().log("Closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        synchronized (closing) {
            if (consumer != null) {
                consumer.wakeup();
            }
        }
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
