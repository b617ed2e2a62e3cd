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
 * What a group has really not read. The markers of transactions have offsets too, and so has what an aborted one wrote: a group that
 * has read all there is to read may stand before them for as long as nothing follows.
 */
final class UnreadRecords implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;

    UnreadRecords(KafkaSettings kafka) {
        this.consumer = new KafkaConsumer<>(
                kafka.consumer(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        "false",
                        // the first record of each is enough
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        1)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /**
     * Moves each group offset on to the next record there is to read.
     *
     * @param next the offset that the group reads next, of each partition
     * @param ends the offset behind the last record, of each partition
     * @param patience after that long, partitions whose records did not come keep the offset of the group
     * @return for each partition of {@code next} the offset of its next record, or its end where none follows
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
