package io.flexmetry.sink.command;

import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up outcomes in Kafka when an old command is read: one that is read again after a crash, or one that the
 * processors decided again from old events. A command's record has the timestamp of the event that caused it, so its
 * outcome is searched from that time on. What was read is cached while such commands keep coming.
 */
public final class OutcomeHistory implements History {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeHistory.class);
    private static final Duration POLL = Duration.ofMillis(100);

    /** The clocks of the machines that write commands and outcomes may differ by this much. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    /** A command older than this may have been decided before. */
    private static final Duration RECENT = Duration.ofMinutes(5);

    /** Reads this much further back than necessary, so that the replay of a day does not read one minute at a time. */
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
    private final Map<TopicPartition, PartitionHistory> histories = new ConcurrentHashMap<>();

    /** The only field of an outcome that is needed here. */
    record Identity(String commandId) {}

    private static final class PartitionHistory {
        private final long end;

        /** The outcomes read so far; absent while none are needed. */
        private volatile @Nullable Known known;

        private PartitionHistory(long end) {
            this.end = end;
        }
    }

    private static final class Known {
        private final SettledIds ids = new SettledIds();
        private long sinceMillis = Long.MAX_VALUE;
        private long sinceOffset = -1;
        private long neededAt;
    }

    /**
     * Creates a history.
     *
     * @param consumer a consumer without a group, used only here
     */
    public OutcomeHistory(Consumer<byte[], byte[]> consumer, InstantSource clock) {
        this.consumer = consumer;
        this.clock = clock;
    }

    @Override
    public void assigned(Collection<TopicPartition> partitions) {
        // endOffsets queries only assigned partitions
        consumer.assign(partitions);
        consumer.endOffsets(partitions)
                .forEach((partition, end) -> histories.put(partition, new PartitionHistory(end)));
    }

    @Override
    public boolean mayHaveBegun(ConsumerRecord<?, ?> record) {
        PartitionHistory history = histories.get(partition(record));
        return history != null && (record.offset() < history.end || isOld(record));
    }

    private boolean isOld(ConsumerRecord<?, ?> record) {
        return record.timestamp() < clock.millis() - RECENT.toMillis();
    }

    @Override
    public boolean isSettled(ConsumerRecord<?, ?> record, String commandId) {
        PartitionHistory history = histories.get(partition(record));
        if (history == null) {
            return false;
        }
        Known known = history.known;
        if (!mayHaveBegun(record)) {
            if (known != null && known.neededAt + KEPT.toMillis() < clock.millis()) {
                history.known = null;
            }
            return false;
        }
        if (known == null) {
            known = new Known();
            // before reading starts, so that commands settled meanwhile are recorded
            history.known = known;
        }
        known.neededAt = clock.millis();
        if (record.timestamp() - SKEW.toMillis() < known.sinceMillis) {
            read(known, record);
        }
        return known.ids.contains(commandId);
    }

    @Override
    public void settled(TopicPartition partition, String commandId) {
        PartitionHistory history = histories.get(partition);
        Known known = history == null ? null : history.known;
        if (known != null) {
            known.ids.add(commandId);
        }
    }

    /** Reads the outcomes older than those in the cache, back to the time of this command. */
    private void read(Known known, ConsumerRecord<?, ?> command) {
        // outcome topics have the same keys and partition counts as command topics
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
                consumer.poll(POLL).forEach(record -> commandId(record).ifPresent(known.ids::load));
            }
            known.ids.loaded();
        }
        known.sinceMillis = since;
        known.sinceOffset = start == null ? end : Math.min(start.offset(), end);
    }

    /** Empty for a record that is not an outcome: it would end the sink after each start again. */
    private static Optional<String> commandId(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.ofNullable(IDENTITIES.deserialize(record.topic(), record.value()))
                    .map(Identity::commandId);
        } catch (SerializationException e) {
            LOG.atWarn()
                    .addKeyValue("record", record.topic() + "/" + record.partition() + "/" + record.offset())
                    .addKeyValue("error", e.getMessage())
                    .log("Skipped a record that is not an outcome");
            return Optional.empty();
        }
    }

    private static TopicPartition partition(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
