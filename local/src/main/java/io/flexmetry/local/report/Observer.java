package io.flexmetry.local.report;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.inactivity.InactivityStep;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads topics from their beginning, follows them, and keeps what the report needs. */
public final class Observer implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final InstantSource clock;
    private final Thread thread = new Thread(this::run, "flexmetry-observer");
    private final Set<String> eventIds = new HashSet<>();
    private final Map<String, ReservationMetrics> rows = new HashMap<>();
    private final List<InactivityStep> steps = new ArrayList<>();
    private final Set<String> commands = new HashSet<>();
    private final Set<String> settled = new HashSet<>();
    private final Map<String, BiConsumer<String, byte[]>> readers = new HashMap<>();
    private int events;
    private int deadLetters;
    private Instant lastNews;
    private volatile boolean stopping;

    /**
     * The state so far.
     *
     * @param events events in Kafka
     * @param duplicates events with an id that came before
     * @param deadLetters number of dead letters
     * @param rows the latest row of each reservation
     * @param steps settled inactivity steps
     * @param unsettled commands without an outcome
     * @param lastNews when the last record was read that is not an event
     */
    public record Seen(
            int events,
            int duplicates,
            int deadLetters,
            Map<String, ReservationMetrics> rows,
            List<InactivityStep> steps,
            int unsettled,
            Instant lastNews) {}

    private Observer(String bootstrapServers, InstantSource clock) {
        this.clock = clock;
        this.lastNews = clock.instant();
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List.of(
                        Topics.TASK_EVENTS,
                        Topics.CONVERSATION_EVENTS,
                        Topics.VOICE_EVENTS,
                        Topics.FOCUS_EVENTS,
                        Topics.OTHER_EVENTS)
                .forEach(topic -> on(topic, this::onEvent));
        on(Topics.WORKER_EVENTS, this::onWorkerEvent);
        on(Topics.TASK_COMMANDS, this::onCommand);
        on(Topics.TASK_OUTCOMES, this::onOutcome);
        on(Topics.CONVERSATION_COMMANDS, this::onCommand);
        on(Topics.CONVERSATION_OUTCOMES, outcome -> settled.add(outcome.commandId()));
        on(Topics.CALL_COMMANDS, this::onCommand);
        on(Topics.CALL_OUTCOMES, outcome -> settled.add(outcome.commandId()));
        on(Topics.INACTIVITY_STEPS, this::onStep);
        on(Topics.RESERVATION_METRICS, this::onRow);
        on(Topics.DEAD_LETTERS, letter -> deadLetters++);
    }

    public static Observer start(String bootstrapServers, InstantSource clock) {
        Observer observer = new Observer(bootstrapServers, clock);
        observer.thread.setDaemon(true);
        observer.thread.start();
        return observer;
    }

    public synchronized Seen seen() {
        // sets, because either of the two topics may be read first
        Set<String> unsettled = new HashSet<>(commands);
        unsettled.removeAll(settled);
        return new Seen(
                events,
                events - eventIds.size(),
                deadLetters,
                Map.copyOf(rows),
                List.copyOf(steps),
                unsettled.size(),
                lastNews);
    }

    private void run() {
        try (consumer) {
            List<TopicPartition> partitions = Topics.ALL.stream()
                    .filter(topic -> readers.containsKey(topic.name()))
                    .flatMap(topic -> consumer.partitionsFor(topic.name()).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!stopping) {
                consumer.poll(POLL).forEach(this::read);
            }
        } catch (WakeupException e) {
            // woken up to stop
        }
    }

    private synchronized void read(ConsumerRecord<byte[], byte[]> record) {
        Objects.requireNonNull(readers.get(record.topic())).accept(record.topic(), record.value());
    }

    private <V> void on(Topic<String, V> topic, Consumer<V> reader) {
        readers.put(
                topic.name(),
                (name, bytes) -> reader.accept(topic.valueSerde().deserializer().deserialize(name, bytes)));
    }

    private void onStep(InactivityStep step) {
        if (step.result() != null) {
            steps.add(step);
        }
        lastNews = clock.instant();
    }

    /** Facts about reservations in worker events are copies of task events. */
    private void onWorkerEvent(Event event) {
        if (!(event.fact() instanceof ReservationFact)) {
            onEvent(event);
        }
    }

    private void onEvent(Event event) {
        if (event.fact() instanceof MarkerFact) {
            // not about anything that happened
            return;
        }
        events++;
        eventIds.add(event.eventId());
    }

    private void onCommand(Command command) {
        commands.add(command.commandId());
        lastNews = clock.instant();
    }

    private void onOutcome(Outcome outcome) {
        settled.add(outcome.commandId());
        lastNews = clock.instant();
    }

    private void onRow(ReservationMetrics row) {
        rows.put(row.reservationSid(), row);
        lastNews = clock.instant();
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
