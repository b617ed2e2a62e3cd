package io.flexmetry.sink.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class OutcomeHistoryTest {

    private static final TopicPartition COMMANDS = new TopicPartition(Topics.TASK_COMMANDS.name(), 0);
    private static final TopicPartition OUTCOMES = new TopicPartition(Topics.TASK_OUTCOMES.name(), 0);
    private static final Instant NOW = Instant.parse("2026-01-12T10:00:00Z");
    private static final long COMMITTED = 100;

    private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    private final Outcomes consumer = new Outcomes();
    private final OutcomeHistory history = new OutcomeHistory(consumer, clock::get);

    @Test
    void shouldKnowACommandThatIsDecidedAgainDaysLater() {
        settled(Duration.ofDays(6), "WR1/linked");
        settled(Duration.ofDays(1), "WR2/linked");
        assigned();

        assertThat(history.isSettled(command(Duration.ofDays(6), COMMITTED), "WR1/linked"))
                .isTrue();
        assertThat(history.isSettled(command(Duration.ofDays(6), COMMITTED + 1), "WR3/linked"))
                .as("never done")
                .isFalse();
        assertThat(history.isSettled(command(Duration.ofDays(1), COMMITTED + 2), "WR2/linked"))
                .isTrue();
        assertThat(history.mayHaveBegun(command(Duration.ofDays(6), COMMITTED + 1)))
                .isTrue();
    }

    @Test
    void shouldReadFurtherBackForAnOlderCommand() {
        settled(Duration.ofDays(6), "WR1/linked");
        settled(Duration.ofDays(1), "WR2/linked");
        assigned();

        assertThat(history.isSettled(command(Duration.ofDays(1), COMMITTED), "WR2/linked"))
                .isTrue();
        assertThat(consumer.reads).containsExactly(1L);
        assertThat(history.isSettled(command(Duration.ofDays(6), COMMITTED + 1), "WR1/linked"))
                .isTrue();
        assertThat(history.isSettled(command(Duration.ofDays(6), COMMITTED + 2), "WR2/linked"))
                .isTrue();
        assertThat(consumer.reads).as("each outcome once").containsExactly(1L, 0L);
    }

    /** The sink would end, and again after each start. */
    @Test
    void shouldSkipRecordsThatAreNotOutcomes() {
        for (String foreign : List.of("garbage", "null", "{}")) {
            consumer.all.add(record(
                    OUTCOMES,
                    consumer.all.size(),
                    NOW.minus(Duration.ofDays(1)),
                    foreign.getBytes(StandardCharsets.UTF_8)));
        }
        settled(Duration.ofHours(23), "WR1/linked");
        assigned();

        assertThat(history.isSettled(command(Duration.ofDays(1), COMMITTED), "WR1/linked"))
                .isTrue();
    }

    @Test
    void shouldReadNothingForACommandOfThisMoment() {
        settled(Duration.ofSeconds(1), "WR1/linked");
        assigned();

        assertThat(history.isSettled(command(Duration.ZERO, COMMITTED), "WR1/linked"))
                .isFalse();
        assertThat(history.mayHaveBegun(command(Duration.ZERO, COMMITTED))).isFalse();
        assertThat(consumer.reads).isEmpty();
    }

    @Test
    void shouldKnowAfterACrashWhatWasSettledBeyondTheCommittedOffset() {
        settled(Duration.ofSeconds(1), "WR1/linked");
        assigned();

        assertThat(history.isSettled(command(Duration.ofSeconds(2), COMMITTED - 1), "WR1/linked"))
                .isTrue();
    }

    /** The processors' state is dropped twice while the sink keeps running. */
    @Test
    void shouldKnowWhatWeHaveDoneSinceItWasRead() {
        settled(Duration.ofDays(1), "WR1/linked");
        assigned();
        assertThat(history.isSettled(command(Duration.ofDays(1), COMMITTED), "WR2/linked"))
                .isFalse();

        history.settled(COMMANDS, "WR2/linked");

        assertThat(history.isSettled(command(Duration.ofDays(1), COMMITTED + 1), "WR2/linked"))
                .isTrue();
    }

    @Test
    void shouldForgetWhatNothingHasNeededForAWhileAndReadItAgain() {
        settled(Duration.ofDays(1), "WR1/linked");
        assigned();
        assertThat(history.isSettled(command(Duration.ofDays(1), COMMITTED), "WR1/linked"))
                .isTrue();
        clock.set(NOW.plus(Duration.ofMinutes(11)));
        assertThat(history.isSettled(command(Duration.ofMinutes(-11), COMMITTED + 1), "WR1/linked"))
                .isFalse();

        assertThat(history.isSettled(command(Duration.ofDays(1), COMMITTED + 2), "WR1/linked"))
                .isTrue();
        assertThat(consumer.reads).containsExactly(0L, 0L);
    }

    private void assigned() {
        history.assigned(List.of(COMMANDS));
    }

    private void settled(Duration ago, String commandId) {
        Instant at = NOW.minus(ago);
        Outcome outcome = new Outcome(commandId, "WT1", "WR1", at, 1, new Result.Linked("WT2"));
        consumer.all.add(record(
                OUTCOMES,
                consumer.all.size(),
                at,
                Topics.TASK_OUTCOMES.valueSerde().serializer().serialize(OUTCOMES.topic(), outcome)));
    }

    private static ConsumerRecord<byte[], byte[]> command(Duration ago, long offset) {
        return record(COMMANDS, offset, NOW.minus(ago), new byte[0]);
    }

    private static ConsumerRecord<byte[], byte[]> record(
            TopicPartition partition, long offset, Instant at, byte[] value) {
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                offset,
                at.toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                value.length,
                new byte[0],
                value,
                new RecordHeaders(),
                java.util.Optional.empty());
    }

    /** Outcomes as stored by a broker. */
    private static final class Outcomes extends MockConsumer<byte[], byte[]> {
        private final List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();

        /** The offsets from which it was read. */
        private final List<Long> reads = new ArrayList<>();

        private Outcomes() {
            super("earliest");
            updateEndOffsets(Map.of(COMMANDS, COMMITTED));
        }

        @Override
        public synchronized void seek(TopicPartition partition, long offset) {
            super.seek(partition, offset);
            reads.add(offset);
            all.stream().filter(record -> record.offset() >= offset).forEach(this::addRecord);
        }

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(java.util.Collection<TopicPartition> partitions) {
            updateEndOffsets(Map.of(OUTCOMES, (long) all.size()));
            return super.endOffsets(partitions);
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
            return times.entrySet().stream()
                    .flatMap(time -> all.stream()
                            .filter(record -> record.timestamp() >= time.getValue())
                            .min(Comparator.comparing(ConsumerRecord::offset))
                            .map(record -> Map.entry(
                                    time.getKey(), new OffsetAndTimestamp(record.offset(), record.timestamp())))
                            .stream())
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }
    }
}
