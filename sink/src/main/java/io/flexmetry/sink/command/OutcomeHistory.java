package io.flexmetry.sink.command;

import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Reads the outcomes that are as old as the first command that is read again, once per assignment. */
public final class OutcomeHistory implements History {

    private static final Duration POLL = Duration.ofMillis(100);

    /** Commands and outcomes have the clocks of two machines. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final Map<String, String> OUTCOMES = Map.of(
            Topics.TASK_COMMANDS.name(), Topics.TASK_OUTCOMES.name(),
            Topics.CONVERSATION_COMMANDS.name(), Topics.CONVERSATION_OUTCOMES.name(),
            Topics.CALL_COMMANDS.name(), Topics.CALL_OUTCOMES.name());

    private static final Deserializer<Identity> IDENTITIES =
            Json.serde(Identity.class).deserializer();

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Before> befores = new HashMap<>();

    /** Of an outcome, all that is needed here. */
    record Identity(String commandId) {}

    private static final class Before {
        private final long end;
        private @Nullable Set<String> settled;

        private Before(long end) {
            this.end = end;
        }
    }

    /** A history that it reads with that consumer, which belongs to no group. */
    public OutcomeHistory(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    @Override
    public void assigned(Collection<TopicPartition> partitions) {
        // it asks only for what it is assigned
        consumer.assign(partitions);
        consumer.endOffsets(partitions).forEach((partition, end) -> befores.put(partition, new Before(end)));
    }

    @Override
    public boolean mayHaveBegun(ConsumerRecord<?, ?> record) {
        Before before = befores.get(partition(record));
        return before != null && record.offset() < before.end;
    }

    @Override
    public boolean isSettled(ConsumerRecord<?, ?> record, String commandId) {
        TopicPartition partition = partition(record);
        if (!mayHaveBegun(record)) {
            befores.remove(partition);
            return false;
        }
        Before before = Objects.requireNonNull(befores.get(partition));
        if (before.settled == null) {
            before.settled = read(record);
        }
        return before.settled.contains(commandId);
    }

    private Set<String> read(ConsumerRecord<?, ?> first) {
        // outcomes have the keys of their commands, and as many partitions
        TopicPartition partition =
                new TopicPartition(Objects.requireNonNull(OUTCOMES.get(first.topic())), first.partition());
        Set<String> settled = new HashSet<>();
        consumer.assign(List.of(partition));
        @Nullable
        OffsetAndTimestamp start = consumer.offsetsForTimes(
                        Map.of(partition, Math.max(0, first.timestamp() - SKEW.toMillis())))
                .get(partition);
        long end =
                Objects.requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
        if (start != null) {
            consumer.seek(partition, start.offset());
            while (consumer.position(partition) < end) {
                consumer.poll(POLL)
                        .forEach(record -> settled.add(IDENTITIES
                                .deserialize(record.topic(), record.value())
                                .commandId()));
            }
        }
        return settled;
    }

    private static TopicPartition partition(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
