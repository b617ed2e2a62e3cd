package io.flexmetry.local.compose;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;

import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.ChatScript;
import io.flexmetry.local.twilio.WebhookSender;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Endless conversations with a message every tenth of a second, and the times of their rows. A gap is the longest time
 * in which a conversation had no row.
 */
final class LiveRows implements AutoCloseable {

    private static final int CONVERSATIONS = 12;
    private static final Duration EACH = Duration.ofMillis(100);

    private final WebhookSender sender;
    private final String name;
    private final KafkaConsumer<String, ReservationMetrics> consumer;
    private final Map<String, List<Instant>> seen = new HashMap<>();
    private final ScheduledExecutorService sending = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Thread reading = new Thread(this::read, "live-rows");
    private volatile boolean stopping;

    private LiveRows(String name, WebhookSender sender, String servers) {
        this.name = name;
        this.sender = sender;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                Topics.RESERVATION_METRICS.keySerde().deserializer(),
                Topics.RESERVATION_METRICS.valueSerde().deserializer());
        List<TopicPartition> partitions = IntStream.range(0, Topics.RESERVATION_METRICS.partitions())
                .mapToObj(partition -> new TopicPartition(Topics.RESERVATION_METRICS.name(), partition))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        IntStream.range(0, CONVERSATIONS).forEach(i -> seen.put(sid("WR", name + i), new ArrayList<>()));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // runs until it is shut down
    static LiveRows start(String name, WebhookSender sender, String servers) {
        LiveRows rows = new LiveRows(name, sender, servers);
        rows.reading.start();
        for (int i = 0; i < CONVERSATIONS; i++) {
            rows.post("/webhooks/taskrouter", ChatScript.reservation(name + i, Instant.now(), "accepted"));
        }
        rows.sending.scheduleWithFixedDelay(rows::send, 0, EACH.toMillis(), TimeUnit.MILLISECONDS);
        return rows;
    }

    /** Whether each conversation has had a row since this time. */
    synchronized boolean allSince(Instant then) {
        return seen.values().stream()
                .allMatch(rows -> !rows.isEmpty() && rows.get(rows.size() - 1).isAfter(then));
    }

    /** The longest gap of all conversations that ended after this time. */
    synchronized Duration longestSince(Instant then) {
        Duration longest = Duration.ZERO;
        for (List<Instant> rows : seen.values()) {
            for (int i = 1; i < rows.size(); i++) {
                Duration gap = Duration.between(rows.get(i - 1), rows.get(i));
                if (rows.get(i).isAfter(then) && gap.compareTo(longest) > 0) {
                    longest = gap;
                }
            }
        }
        return longest;
    }

    /** The number of messages that were not answered with 204. */
    int refused() {
        return refused.get();
    }

    private void send() {
        int number = sent.getAndIncrement();
        int index = number / CONVERSATIONS;
        post(
                "/webhooks/conversations",
                ChatScript.message(
                        name + number % CONVERSATIONS,
                        Instant.now(),
                        index % 2 == 0 ? "c" : "ag",
                        "so it goes",
                        index));
    }

    private void post(String path, Map<String, String> form) {
        try {
            if (sender.send(path, form) == 204) {
                return;
            }
        } catch (IOException e) {
            // counted like any other answer
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        refused.incrementAndGet();
    }

    private void read() {
        try (consumer) {
            while (!stopping) {
                consumer.poll(Duration.ofMillis(50)).forEach(record -> row(record.key()));
            }
        }
    }

    private synchronized void row(String reservationSid) {
        List<Instant> rows = seen.get(reservationSid);
        if (rows != null) {
            rows.add(Instant.now());
        }
    }

    @Override
    public void close() {
        sending.shutdownNow();
        stopping = true;
        try {
            reading.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
