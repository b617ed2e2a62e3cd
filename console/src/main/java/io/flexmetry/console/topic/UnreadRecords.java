package io.flexmetry.console.topic;

import io.flexmetry.contract.settings.KafkaSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Finds the records that a group has not read. The offsets between a group's position and the end may contain no
 * records, only transaction markers and aborted records: a group that has read everything may stay before them until
 * another record is written.
 */
final class UnreadRecords implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;

    UnreadRecords(KafkaSettings kafka) {
        // the first record of each partition is enough
        this.consumer = Follower.consumer(
                kafka, new ByteArrayDeserializer(), ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1);
    }

    /**
     * Moves each offset on to the next existing record.
     *
     * @param next offset of the next record that the group reads, for each partition
     * @param ends offset after the last record of each partition
     * @param patience timeout; partitions without an answer keep the offset of the group
     * @return for each partition of {@code next} the offset of its next record, or its end if there is none
     */
    Map<TopicPartition, Long> next(Map<TopicPartition, Long> next, Map<TopicPartition, Long> ends, Duration patience) {
        Map<TopicPartition, Long> moved = new HashMap<>(next);
        Map<TopicPartition, Long> open = new HashMap<>();
        ends.forEach((partition, end) -> {
            if (next.getOrDefault(partition, 0L) < end) {
                open.put(partition, end);
            }
        });
        consumer.assign(open.keySet());
        open.keySet().forEach(partition -> consumer.seek(partition, next.getOrDefault(partition, 0L)));
        long begin = System.nanoTime();
        while (!open.isEmpty() && System.nanoTime() - begin < patience.toNanos()) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (TopicPartition partition : List.copyOf(open.keySet())) {
                List<ConsumerRecord<byte[], byte[]>> found = records.records(partition);
                if (!found.isEmpty()) {
                    moved.put(partition, found.get(0).offset());
                    open.remove(partition);
                } else if (consumer.position(partition) >= open.getOrDefault(partition, 0L)) {
                    moved.put(partition, consumer.position(partition));
                    open.remove(partition);
                }
            }
            consumer.pause(moved.keySet().stream()
                    .filter(partition -> !open.containsKey(partition)
                            && consumer.assignment().contains(partition))
                    .toList());
        }
        return moved;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
