package io.flexmetry.sink.command;

import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the outcomes of a time when a command of that time comes again: one that is read again after a crash, or one that is
 * decided by events of long ago. A command's record is as old as what led to it. What was read is kept while such commands
 * come.
 */
public final class OutcomeHistory implements History {

    private static final Duration POLL = Duration.ofMillis(100);

    /** Commands and outcomes have the clocks of two machines. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    /** A command that is older is not of this moment. */
    private static final Duration RECENT = Duration.ofMinutes(5);

    /** So much more is read than is asked for, so that a day that comes again is not read minute by minute. */
    private static final Duration STEP = Duration.ofHours(1);

    private static final Duration KEPT = Duration.ofMinutes(10);

    private static final Map<String, String> OUTCOMES = Map.of(
            Topics.TASK_COMMANDS.name(), Topics.TASK_OUTCOMES.name(),
            Topics.CONVERSATION_COMMANDS.name(), Topics.CONVERSATION_OUTCOMES.name(),
            Topics.CALL_COMMANDS.name(), Topics.CALL_OUTCOMES.name());

    private static final Deserializer<Identity> IDENTITIES =
            Json.serde(Identity.class).deserializer();

    private final Consumer<byte[], byte[]> consumer;
    private final InstantSource clock;
    private final Map<TopicPartition, Before> befores = new ConcurrentHashMap<>();

    /** Of an outcome, all that is needed here. */
    record Identity(String commandId) {}

    private static final class Before {
        private final long end;

        /** What is known; absent while nothing needs to be. */
        private volatile @Nullable Known known;

        private Before(long end) {
            this.end = end;
        }
    }

    private static final class Known {
        private final Ids ids = new Ids();
        private long sinceMillis = Long.MAX_VALUE;
        private long sinceOffset = -1;
        private long neededAt;
    }

    /** A history that it reads with that consumer, which belongs to no group. */
    public OutcomeHistory(Consumer<byte[], byte[]> consumer, InstantSource clock) {
        this.consumer = consumer;
        this.clock = clock;
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
        return before != null && (record.offset() < before.end || isOld(record));
    }

    private boolean isOld(ConsumerRecord<?, ?> record) {
        return record.timestamp() < clock.millis() - RECENT.toMillis();
    }

    @Override
    public boolean isSettled(ConsumerRecord<?, ?> record, String commandId) {
        Before before = befores.get(partition(record));
        if (before == null) {
            return false;
        }
        Known known = before.known;
        if (!mayHaveBegun(record)) {
            if (known != null && known.neededAt + KEPT.toMillis() < clock.millis()) {
                before.known = null;
            }
            return false;
        }
        if (known == null) {
            known = new Known();
            // before anything is read: what is settled meanwhile is not missed
            before.known = known;
        }
        known.neededAt = clock.millis();
        if (record.timestamp() - SKEW.toMillis() < known.sinceMillis) {
            read(known, record);
        }
        return known.ids.contains(commandId);
    }

    @Override
    public void settled(TopicPartition partition, String commandId) {
        Before before = befores.get(partition);
        Known known = before == null ? null : before.known;
        if (known != null) {
            known.ids.add(commandId);
        }
    }

    /** What is older than what is known, as far back as that command. */
    private void read(Known known, ConsumerRecord<?, ?> command) {
        // outcomes have the keys of their commands, and as many partitions
        TopicPartition partition =
                new TopicPartition(Objects.requireNonNull(OUTCOMES.get(command.topic())), command.partition());
        long since = Math.max(0, command.timestamp() - SKEW.toMillis() - STEP.toMillis());
        consumer.assign(List.of(partition));
        @Nullable
        OffsetAndTimestamp start =
                consumer.offsetsForTimes(Map.of(partition, since)).get(partition);
        long end = known.sinceOffset >= 0
                ? known.sinceOffset
                : Objects.requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
        if (start != null) {
            consumer.seek(partition, start.offset());
            while (consumer.position(partition) < end) {
                consumer.poll(POLL)
                        .forEach(record -> known.ids.read(IDENTITIES
                                .deserialize(record.topic(), record.value())
                                .commandId()));
            }
            known.ids.readEnds();
        }
        known.sinceMillis = since;
        known.sinceOffset = start == null ? end : Math.min(start.offset(), end);
    }

    private static TopicPartition partition(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
