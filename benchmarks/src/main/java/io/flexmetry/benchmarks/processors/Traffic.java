package io.flexmetry.benchmarks.processors;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Chats of ten messages that start one after the other and wrap up, with all events ordered by time. The customer waits
 * before the acceptance; authors, times and lengths are random, but the same in every run.
 *
 * @param first number of the first chat
 * @param closing how many of them wrap up
 */
record Traffic(int first, int closing) {

    static final int MESSAGES = 10;

    private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
    private static final Duration BEGINS_EVERY = Duration.ofMillis(20);
    private static final long IN_QUEUE_MILLIS = 3_000;
    private static final int LEAST_GAP_MILLIS = 1_000;
    private static final int MOST_GAP_MILLIS = 5_000;
    private static final int MOST_LENGTH = 200;

    private static final Duration LONGEST = Duration.ofMillis(IN_QUEUE_MILLIS + MESSAGES * MOST_GAP_MILLIS);
    /** How long other chats continue, so that event time passes the last wrap-up in every partition. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(5);

    private static final int BEGUN_MEANWHILE = (int) LONGEST.plus(AFTERWARDS).dividedBy(BEGINS_EVERY);

    /** The chats after these. */
    Traffic next(int chats) {
        return new Traffic(first + closing + BEGUN_MEANWHILE, chats);
    }

    /** The reservations that wrap up, in order. */
    List<String> reservations() {
        return IntStream.range(first, first + closing)
                .mapToObj(Chats::reservation)
                .toList();
    }

    /** All events. */
    List<Event> events() {
        Instant end = begins(first + closing).plus(LONGEST).plus(AFTERWARDS);
        return IntStream.range(first, first + closing + BEGUN_MEANWHILE)
                .boxed()
                .flatMap(number -> chat(number).stream())
                .filter(event -> event.occurredAt().isBefore(end))
                .sorted(Comparator.comparing(Event::occurredAt))
                .toList();
    }

    /**
     * Writes the events in one transaction, so that applications with read_committed see either none or all of them.
     *
     * @return {@link System#nanoTime()} of the commit
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the commit fails if a send failed
    static long write(String servers, List<Event> events) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "traffic",
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        (int) Duration.ofMinutes(10).toMillis(),
                        ProducerConfig.LINGER_MS_CONFIG,
                        20),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (Event event : events) {
                if (event.fact() instanceof ReservationFact reservation) {
                    producer.send(record(Topics.TASK_EVENTS, reservation.task().taskSid(), event));
                    // as ingest does
                    producer.send(
                            record(Topics.WORKER_EVENTS, reservation.worker().workerSid(), event));
                } else {
                    producer.send(
                            record(Topics.CONVERSATION_EVENTS, ((MessageFact) event.fact()).conversationSid(), event));
                }
            }
            producer.flush();
            long start = System.nanoTime();
            producer.commitTransaction();
            return start;
        }
    }

    private static ProducerRecord<byte[], byte[]> record(Topic<String, Event> topic, String key, Event event) {
        return new ProducerRecord<>(
                topic.name(),
                topic.keySerde().serializer().serialize(topic.name(), key),
                topic.valueSerde().serializer().serialize(topic.name(), event));
    }

    private static List<Event> chat(int number) {
        Random random = new Random(number);
        List<Event> events = new ArrayList<>();
        Instant at = begins(number);
        events.add(Chats.message(number, 0, at, false, length(random)));
        at = at.plusMillis(IN_QUEUE_MILLIS);
        events.add(Chats.reservation(number, ReservationFact.Change.ACCEPTED, at));
        for (int index = 1; index < MESSAGES; index++) {
            at = at.plusMillis(random.nextInt(LEAST_GAP_MILLIS, MOST_GAP_MILLIS));
            events.add(Chats.message(number, index, at, random.nextBoolean(), length(random)));
        }
        events.add(Chats.reservation(number, ReservationFact.Change.WRAPUP, at.plusMillis(LEAST_GAP_MILLIS)));
        return events;
    }

    private static Instant begins(int number) {
        return START.plus(BEGINS_EVERY.multipliedBy(number));
    }

    private static int length(Random random) {
        return random.nextInt(1, MOST_LENGTH);
    }
}
