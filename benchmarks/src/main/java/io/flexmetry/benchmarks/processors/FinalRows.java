package io.flexmetry.benchmarks.processors;

import io.flexmetry.benchmarks.load.Child;
import io.flexmetry.benchmarks.load.Processor;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.topic.Topics;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The final rows that an application has committed. */
final class FinalRows implements AutoCloseable {

    private static final Set<Metric> SIX = Set.of(
            Metric.FIRST_RESPONSE_TIME,
            Metric.AVERAGE_RESPONSE_TIME,
            Metric.AGENT_MESSAGES,
            Metric.CUSTOMER_MESSAGES,
            Metric.AVERAGE_AGENT_LENGTH,
            Metric.AVERAGE_CUSTOMER_LENGTH);

    /** Flexmetry corrects a final row within two seconds. */
    private static final long QUIET_NANOS = Duration.ofSeconds(5).toNanos();

    private static final long PATIENCE_NANOS = Duration.ofMinutes(2).toNanos();

    private final Child application;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<Arrival> arrivals = new ArrayList<>();
    private final Map<String, Map<Metric, BigDecimal>> values = new HashMap<>();
    private Moment lastChange;

    FinalRows(String servers, Child application) {
        this.application = application;
        this.lastChange = now();
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(consumer.partitionsFor(Topics.RESERVATION_METRICS.name()).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList());
    }

    /**
     * A point in time of the run.
     *
     * @param nanos {@link System#nanoTime()}
     * @param application processor time of the application so far, nanoseconds
     * @param broker processor time of this process so far, nanoseconds
     */
    record Moment(long nanos, long application, long broker) {}

    private record Arrival(ConsumerRecords<byte[], byte[]> rows, Moment at) {}

    Moment now() {
        return new Moment(System.nanoTime(), application.processorTime().toNanos(), Processor.ofProcess());
    }

    /**
     * Waits until these reservations have final rows and no more rows arrive, or until none has arrived for a long
     * time.
     *
     * @return when one of the six numbers of a final row changed last
     */
    Moment await(List<String> reservations) {
        long lastArrival = System.nanoTime();
        while (true) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
            long silent = System.nanoTime() - lastArrival;
            if (!records.isEmpty()) {
                Moment now = now();
                lastArrival = now.nanos();
                arrivals.add(new Arrival(records, now));
            } else if (!application.isAlive()) {
                throw new IllegalStateException("Expected the application to run but it has ended");
            } else if (silent > QUIET_NANOS) {
                read();
                if (silent > PATIENCE_NANOS || values.keySet().containsAll(reservations)) {
                    return lastChange;
                }
            }
        }
    }

    /** The six numbers of a reservation; empty without a final row. */
    Map<Metric, BigDecimal> of(String reservationSid) {
        return values.getOrDefault(reservationSid, Map.of());
    }

    /** Parses rows only when none arrive, so that it takes no processor time from the application. */
    private void read() {
        for (Arrival arrival : arrivals) {
            arrival.rows().forEach(record -> read(record.value(), arrival.at()));
        }
        arrivals.clear();
    }

    private void read(byte[] json, Moment at) {
        ReservationMetrics row = Topics.RESERVATION_METRICS
                .valueSerde()
                .deserializer()
                .deserialize(Topics.RESERVATION_METRICS.name(), json);
        if (row.state() == ReservationMetrics.State.FINAL) {
            Map<Metric, BigDecimal> six = new TreeMap<>(row.values());
            six.keySet().retainAll(SIX);
            if (!six.equals(values.put(row.reservationSid(), six))) {
                lastChange = at;
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
