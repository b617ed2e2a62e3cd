package io.flexmetry.local.scale;

import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.topic.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads the rows as they arrive, and records when each became final. */
final class Rows implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<String, ReservationMetrics> consumer;
    private final Map<String, ReservationMetrics> latest = new ConcurrentHashMap<>();
    private final Map<String, Long> finalAt = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::run, "rows");
    private volatile boolean stopping;

    Rows(String servers) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "isolation.level", "read_committed"),
                new StringDeserializer(),
                Topics.RESERVATION_METRICS.valueSerde().deserializer());
        thread.start();
    }

    private void run() {
        var partitions = IntStream.range(0, Topics.RESERVATION_METRICS.partitions())
                .mapToObj(number -> new TopicPartition(Topics.RESERVATION_METRICS.name(), number))
                .toList();
        try (consumer) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!stopping) {
                consumer.poll(POLL).forEach(record -> {
                    latest.put(record.key(), record.value());
                    if (record.value().state() == ReservationMetrics.State.FINAL) {
                        finalAt.putIfAbsent(record.key(), System.nanoTime());
                    }
                });
            }
        } catch (WakeupException e) {
            // woken up to stop
        }
    }

    Map<String, ReservationMetrics> latest() {
        return Map.copyOf(latest);
    }

    /** Nanoseconds of this JVM, by reservation. */
    Map<String, Long> finalAt() {
        return Map.copyOf(finalAt);
    }

    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
