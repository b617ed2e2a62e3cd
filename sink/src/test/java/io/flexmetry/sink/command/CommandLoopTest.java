package io.flexmetry.sink.command;

import static io.flexmetry.sink.twilio.ScriptedTwilio.TASK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.sink.twilio.ScriptedTwilio;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop on Kafka's mock clients: the test decides when the broker acknowledges an outcome. */
class CommandLoopTest {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.TASK_COMMANDS.name(), 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final MockProducer<byte[], byte[]> producer = new MockProducer<>(
            false, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
    private final Before history = new Before();
    private final Counted meters = new Counted();
    private ScriptedTwilio twilio;
    private ExecutionFixture fixture;
    private CommandLoop loop;

    @BeforeEach
    void start() throws IOException {
        twilio = new ScriptedTwilio();
        fixture = new ExecutionFixture(twilio);
        loop = new CommandLoop(
                new CommandLoop.Kafka(consumer, producer, history),
                fixture.execution(),
                fixture.dispatchers(),
                meters,
                InstantSource.system());
    }

    @AfterEach
    void stop() {
        loop.close();
        twilio.close();
    }

    @Test
    void shouldCommitOnlyWhenTheOutcomeIsInKafka() {
        given(command(1));
        loop.start();
        await().until(() -> outcomes().size() == 1);
        assertThat(committed()).isNull();

        producer.completeNext();

        await().until(() -> new OffsetAndMetadata(1).equals(committed()));
    }

    @Test
    void shouldExecuteTheCommandsOfATaskInOrder() {
        given(command(1), command(2), command(3));
        loop.start();

        await().until(() -> outcomes().size() == 3);

        assertThat(outcomes()).containsExactly("WR1/1", "WR1/2", "WR1/3");
        assertThat(twilio.stored()).isEqualTo("{\"conversations\":{\"focus\":3}}");
    }

    @Test
    void shouldSetAsideWhatIsNoCommandAndGoOn() {
        given("{\"command\":\"dance\"}".getBytes(UTF_8), null, command(1));
        loop.start();

        await().until(() -> {
            producer.completeNext();
            return new OffsetAndMetadata(3).equals(committed());
        });

        assertThat(producer.history())
                .filteredOn(record -> record.topic().equals(Topics.DEAD_LETTERS.name()))
                .hasSize(2);
        assertThat(outcomes()).containsExactly("WR1/1");
    }

    @Test
    void shouldDieLoudlyWhenOutcomesCannotBePublished() {
        given(command(1));
        loop.start();
        await().until(() -> outcomes().size() == 1);

        producer.errorNext(new IllegalStateException("no broker"));

        await().until(() -> loop.died().isCompletedExceptionally());
        assertThat(committed()).isNull();
    }

    /** An older value must not overwrite a newer one only because the offset was not committed. */
    @Test
    void shouldNotDoAgainWhatWasSettledBefore() {
        history.settled.addAll(Set.of("WR1/1", "WR1/2"));
        given(command(1), command(2), command(3));
        loop.start();

        await().until(() -> outcomes().size() == 1);
        producer.completeNext();
        await().until(() -> new OffsetAndMetadata(3).equals(committed()));

        assertThat(outcomes()).containsExactly("WR1/3");
        assertThat(twilio.requests()).containsExactly("GET", "POST");
    }

    @Test
    void shouldCountSoThatNothingCanGetLostUnseen() {
        given(command(1), null, command(2));
        loop.start();
        await().until(() -> producer.history().size() == 3);
        assertThat(meters.consumed.get()).isEqualTo(meters.settled.size() + meters.inFlight.getAsInt());

        await().until(() -> {
            producer.completeNext();
            return new OffsetAndMetadata(3).equals(committed());
        });

        assertThat(meters.settled).containsExactlyInAnyOrder("written", "written", "dead-letter");
        assertThat(meters.consumed.get()).isEqualTo(3);
        assertThat(meters.inFlight.getAsInt()).isZero();
    }

    @Test
    void shouldLookUpMessages() {
        Command list = new ListMessages("CH1/messages/1-2", "CH1", Instant.EPOCH, 1, 2, null);
        given(Topics.TASK_COMMANDS.valueSerde().serializer().serialize("t", list));
        loop.start();

        await().until(() -> !producer.history().isEmpty());

        assertThat(producer.history()).singleElement().satisfies(record -> assertThat(new String(record.value(), UTF_8))
                .contains("CH1/messages/1-2", "gone"));
        assertThat(producer.history().get(0).topic()).isEqualTo(Topics.CONVERSATION_OUTCOMES.name());
    }

    private void given(byte[]... values) {
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.schedulePollTask(() -> {
            consumer.rebalance(List.of(PARTITION));
            for (int offset = 0; offset < values.length; offset++) {
                consumer.addRecord(new ConsumerRecord<>(
                        PARTITION.topic(), PARTITION.partition(), offset, TASK.getBytes(UTF_8), values[offset]));
            }
        });
    }

    private static byte[] command(int number) {
        Command command = new WriteAttributes(
                "WR1/" + number,
                TASK,
                "WR" + number,
                Instant.EPOCH,
                null,
                false,
                Map.of("focus", BigDecimal.valueOf(number)),
                List.of(),
                Map.of());
        return Topics.TASK_COMMANDS.valueSerde().serializer().serialize(PARTITION.topic(), command);
    }

    private List<String> outcomes() {
        return producer.history().stream()
                .filter(record -> record.topic().equals(Topics.TASK_OUTCOMES.name()))
                .map(ProducerRecord::value)
                .map(value -> Topics.TASK_OUTCOMES.valueSerde().deserializer().deserialize("t", value))
                .map(outcome -> outcome.commandId())
                .toList();
    }

    private OffsetAndMetadata committed() {
        try {
            return consumer.committed(Set.of(PARTITION)).get(PARTITION);
        } catch (IllegalStateException e) {
            // the consumer is closed
            return null;
        }
    }

    /** The commands that another process settled before. */
    private static final class Before implements History {
        private final Set<String> settled = new HashSet<>();

        @Override
        public void assigned(Collection<TopicPartition> partitions) {
            assertThat(partitions).isSubsetOf(PARTITION);
        }

        @Override
        public boolean mayHaveBegun(ConsumerRecord<?, ?> record) {
            return false;
        }

        @Override
        public boolean isSettled(ConsumerRecord<?, ?> record, String commandId) {
            return settled.contains(commandId);
        }

        @Override
        public void settled(TopicPartition partition, String commandId) {
            // the test reads the outcomes instead
        }
    }

    private static final class Counted implements CommandMeters {
        private final AtomicInteger consumed = new AtomicInteger();
        private final List<String> settled = new CopyOnWriteArrayList<>();
        private IntSupplier inFlight = () -> 0;

        @Override
        public void consumed() {
            consumed.incrementAndGet();
        }

        @Override
        public void settled(String result, Duration afterDecision) {
            settled.add(result);
        }

        @Override
        public void withdrawn(int count) {
            throw new AssertionError("Nothing was taken away");
        }

        @Override
        public void watch(IntSupplier count) {
            inFlight = count;
        }
    }
}
