package io.flexmetry.sink.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads commands, executes them and publishes outcomes. An offset is committed when all outcomes up to it are in Kafka.
 * Commands that are settled beyond that offset are not executed again after a crash (see {@link History}).
 */
public final class CommandLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CommandLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);

    /**
     * Under load, polls between two commits. A commit costs the broker about as much as a command. After a crash, a few more
     * commands are read again, and their outcomes are found.
     */
    private static final int POLLS_PER_COMMIT = 10;

    /** The dispatcher picks the most urgent of these; a command takes about a kilobyte. */
    private static final int MOST_IN_FLIGHT = 50_000;

    private static final long CLOSE_SECONDS = 15;

    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final History history;
    private final Execution execution;
    private final Dispatchers dispatchers;
    private final CommandMeters meters;
    private final InstantSource clock;
    private final OffsetTracker offsets = new OffsetTracker();
    private final CompletableFuture<Void> died = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, "flexmetry-sink");
    private volatile boolean stopping;
    private volatile boolean assigned;

    /** The clients of the loop; it closes consumer and producer at the end. */
    public record Kafka(Consumer<byte[], byte[]> consumer, Producer<byte[], byte[]> producer, History history) {}

    public CommandLoop(
            Kafka kafka, Execution execution, Dispatchers dispatchers, CommandMeters meters, InstantSource clock) {
        this.consumer = kafka.consumer();
        this.producer = kafka.producer();
        this.history = kafka.history();
        this.execution = execution;
        this.dispatchers = dispatchers;
        this.meters = meters;
        this.clock = clock;
        meters.watch(offsets::inFlight);
    }

    public void start() {
        dispatchers.start(this::die);
        thread.start();
    }

    /** Completes exceptionally when the loop failed. */
    public CompletableFuture<Void> died() {
        return died;
    }

    /** Whether partitions are assigned and Twilio accepts our credentials. */
    public boolean isReady() {
        return assigned && thread.isAlive() && dispatchers.isAuthorised();
    }

    private void run() {
        try {
            consumer.subscribe(
                    List.of(
                            Topics.TASK_COMMANDS.name(),
                            Topics.CONVERSATION_COMMANDS.name(),
                            Topics.CALL_COMMANDS.name()),
                    new Rebalance());
            for (int polls = 1; !stopping; polls++) {
                throttle();
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                records.forEach(this::dispatch);
                if (records.isEmpty() || polls % POLLS_PER_COMMIT == 0) {
                    commit();
                }
            }
        } catch (WakeupException e) {
            LOG.atDebug().log("Woken up to stop");
        } catch (RuntimeException e) {
            died.completeExceptionally(e);
        } finally {
            finish();
        }
    }

    /** Back-pressure: pauses the partitions but goes on polling, so that this instance stays in the group. */
    private void throttle() {
        if (offsets.inFlight() >= MOST_IN_FLIGHT) {
            consumer.pause(consumer.assignment());
        } else {
            consumer.resume(consumer.paused());
        }
    }

    private void dispatch(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        offsets.started(partition, record.offset());
        Command command = read(record);
        if (command == null) {
            meters.consumed();
            publishDeadLetter(record);
        } else if (history.isSettled(record, command.commandId())) {
            offsets.done(partition, record.offset());
        } else {
            meters.consumed();
            boolean repeated = history.mayHaveBegun(record);
            dispatchers.submit(command, execution.work(command, partition, repeated, publisher(record, command)));
        }
    }

    private static @Nullable Command read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Topics.TASK_COMMANDS.valueSerde().deserializer().deserialize(record.topic(), record.value());
        } catch (SerializationException e) {
            LOG.atWarn().addKeyValue("error", e.getMessage()).log("Published a dead letter");
            return null;
        }
    }

    private void publishDeadLetter(ConsumerRecord<byte[], byte[]> record) {
        String source = record.topic() + "/" + record.partition() + "/" + record.offset();
        Instant at = Instant.ofEpochMilli(record.timestamp());
        String key = record.key() == null ? null : new String(record.key(), UTF_8);
        publisher(record, null)
                .publish(
                        Topics.DEAD_LETTERS,
                        source,
                        DeadLetter.ofRecord("Expected a Command", source, at, key, record.value()),
                        "dead-letter");
    }

    private Execution.Publisher publisher(ConsumerRecord<byte[], byte[]> record, @Nullable Command command) {
        return new Execution.Publisher() {
            @Override
            @SuppressWarnings("FutureReturnValueIgnored") // the callback handles failures
            public <V> void publish(Topic<String, V> topic, String key, V outcome, String label) {
                producer.send(
                        new ProducerRecord<>(
                                topic.name(),
                                topic.keySerde().serializer().serialize(topic.name(), key),
                                topic.valueSerde().serializer().serialize(topic.name(), outcome)),
                        (metadata, failure) -> settled(record, command, label, failure));
            }
        };
    }

    private void settled(
            ConsumerRecord<byte[], byte[]> record,
            @Nullable Command command,
            String label,
            @Nullable Exception failure) {
        if (failure != null) {
            die(failure);
            return;
        }
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Instant decidedAt = command == null ? Instant.ofEpochMilli(record.timestamp()) : command.issuedAt();
        meters.settled(label, Duration.between(decidedAt, clock.instant()));
        if (command != null) {
            history.settled(partition, command.commandId());
        }
        offsets.done(partition, record.offset());
    }

    private void die(Throwable failure) {
        died.completeExceptionally(failure);
        consumer.wakeup();
    }

    private void commit() {
        var committable = offsets.takeCommittable();
        if (!committable.isEmpty()) {
            consumer.commitSync(committable);
        }
    }

    private void finish() {
        dispatchers.close();
        try {
            producer.flush();
            commit();
        } catch (RuntimeException e) {
            // the commands are read again after the next start, which finds their outcomes or the changes in Twilio
            LOG.atWarn().setCause(e).log("Could not commit while stopping");
        } finally {
            consumer.close();
            producer.close();
        }
    }

    /** Stops the loop. Commands in flight that have no outcome yet are executed again after the next start. */
    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            history.assigned(partitions);
            assigned = true;
        }

        /** The next owner of the partitions must not run while we still write. */
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            withdraw(partitions);
            producer.flush();
            commit();
            forget(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            withdraw(partitions);
            forget(partitions);
        }

        private void forget(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> meters.withdrawn(offsets.forget(partition)));
        }

        private void withdraw(Collection<TopicPartition> partitions) {
            try {
                for (TopicPartition partition : partitions) {
                    dispatchers.withdraw(partition);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
