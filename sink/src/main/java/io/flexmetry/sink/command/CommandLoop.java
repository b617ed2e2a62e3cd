package io.flexmetry.sink.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.outcome.MessagesOutcome;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.sink.attributes.AttributeWriter;
import io.flexmetry.sink.conversation.MessageLister;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads commands, has them executed and publishes outcomes. Commands of one subject run in order on one lane, those of
 * different ones side by side. An offset is committed when the outcomes up to it are in Kafka: a crash in between
 * executes some commands again, which finds their work done.
 */
public final class CommandLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CommandLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int LANES = 32;
    private static final int MOST_IN_FLIGHT = 1_000;
    private static final long CLOSE_SECONDS = 10;

    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final AttributeWriter writer;
    private final MessageLister lister;
    private final OffsetTracker offsets = new OffsetTracker();
    private final List<ExecutorService> lanes;
    private final CompletableFuture<Void> died = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, "flexmetry-sink");
    private volatile boolean stopping;
    private volatile boolean assigned;

    public CommandLoop(
            Consumer<byte[], byte[]> consumer,
            Producer<byte[], byte[]> producer,
            AttributeWriter writer,
            MessageLister lister) {
        this.lister = lister;
        this.consumer = consumer;
        this.producer = producer;
        this.writer = writer;
        this.lanes = IntStream.range(0, LANES)
                .mapToObj(lane ->
                        Executors.newSingleThreadExecutor(work -> new Thread(work, "flexmetry-sink-lane-" + lane)))
                .toList();
    }

    public void start() {
        thread.start();
    }

    /** Completes exceptionally when the loop ended by itself. */
    public CompletableFuture<Void> died() {
        return died;
    }

    /** Whether it has partitions to read. */
    public boolean isReady() {
        return assigned && thread.isAlive();
    }

    private void run() {
        try {
            consumer.subscribe(
                    List.of(Topics.TASK_COMMANDS.name(), Topics.CONVERSATION_COMMANDS.name()), new Rebalance());
            while (!stopping) {
                throttle();
                consumer.poll(POLL).forEach(this::dispatch);
                commit();
            }
        } catch (WakeupException e) {
            LOG.atDebug().log("Woken up to stop");
        } catch (RuntimeException e) {
            died.completeExceptionally(e);
        } finally {
            finish();
        }
    }

    /** Polling goes on, so that the group does not think that we are gone; but nothing new comes. */
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
        int lane = command == null ? 0 : Math.floorMod(command.subject().hashCode(), LANES);
        lanes.get(lane).execute(() -> {
            try {
                settle(record, command);
                offsets.done(partition, record.offset());
            } catch (InterruptedException e) {
                // stopping: the offset stays, and the command is executed after the next start
                Thread.currentThread().interrupt();
            } catch (ExecutionException | RuntimeException e) {
                died.completeExceptionally(e);
                consumer.wakeup();
            }
        });
    }

    private static @Nullable Command read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Topics.TASK_COMMANDS.valueSerde().deserializer().deserialize(record.topic(), record.value());
        } catch (SerializationException e) {
            LOG.atWarn().addKeyValue("error", e.getMessage()).log("Dead letter");
            return null;
        }
    }

    private void settle(ConsumerRecord<byte[], byte[]> record, @Nullable Command command)
            throws InterruptedException, ExecutionException {
        if (command instanceof WriteAttributes write) {
            Outcome outcome = writer.write(write);
            publish(Topics.TASK_OUTCOMES, outcome.taskSid(), outcome);
        } else if (command instanceof ListMessages list) {
            MessagesOutcome outcome = lister.list(list);
            publish(Topics.CONVERSATION_OUTCOMES, outcome.conversationSid(), outcome);
        } else {
            String source = record.topic() + "/" + record.partition() + "/" + record.offset();
            Instant at = Instant.ofEpochMilli(record.timestamp());
            String key = record.key() == null ? null : new String(record.key(), UTF_8);
            publish(
                    Topics.DEAD_LETTERS,
                    source,
                    DeadLetter.ofRecord("Expected a Command", source, at, key, record.value()));
        }
    }

    private <V> void publish(Topic<String, V> topic, String key, V value)
            throws InterruptedException, ExecutionException {
        producer.send(new ProducerRecord<>(
                        topic.name(),
                        topic.keySerde().serializer().serialize(topic.name(), key),
                        topic.valueSerde().serializer().serialize(topic.name(), value)))
                .get();
    }

    private void commit() {
        var committable = offsets.takeCommittable();
        if (!committable.isEmpty()) {
            consumer.commitSync(committable);
        }
    }

    private void finish() {
        lanes.forEach(ExecutorService::shutdownNow);
        try {
            for (ExecutorService lane : lanes) {
                if (!lane.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                    LOG.atWarn().log("A lane did not end in time");
                }
            }
            commit();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // the commands are executed again after the next start, which finds their work done
            LOG.atWarn().setCause(e).log("Could not commit at the end");
        } finally {
            consumer.close();
            producer.close();
        }
    }

    /** Ends the loop; what is under way and has no outcome yet is done again after the next start. */
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
            assigned = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commit();
            partitions.forEach(offsets::forget);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(offsets::forget);
        }
    }
}
