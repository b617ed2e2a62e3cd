package io.flexmetry.benchmarks.sink;

import io.flexmetry.benchmarks.load.Child;
import io.flexmetry.benchmarks.load.Scratch;
import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.broker.EmbeddedBroker;
import io.flexmetry.sink.SinkMain;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A broker in this process, and the sink in a separate one, started like {@code ./flexmetry sink}. */
record SinkSetup(Scratch folder, EmbeddedBroker broker, Child sink, KafkaProducer<String, Command> commands)
        implements AutoCloseable {

    static SinkSetup start(SlowTwilio twilio) throws Exception {
        Scratch folder = Scratch.create();
        EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            Topics.create(admin).get();
        }
        int health = Child.freePort();
        Child sink = Child.start(
                SinkMain.class,
                Map.of(
                        "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                        "FLEXMETRY_HEALTH_PORT", Integer.toString(health),
                        "FLEXMETRY_TWILIO_BASE_URL", "http://127.0.0.1:" + twilio.port(),
                        "FLEXMETRY_LOG_LEVEL", "ERROR",
                        "TWILIO_ACCOUNT_SID", "AC10000000000000000000000000000001",
                        "TWILIO_AUTH_TOKEN", "token",
                        "TWILIO_WORKSPACE_SID", "WS10000000000000000000000000000001"),
                "-Xmx512m");
        sink.awaitReady(health, "/health/ready", "up");
        return new SinkSetup(
                folder,
                broker,
                sink,
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                broker.bootstrapServers(),
                                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                false,
                                ProducerConfig.LINGER_MS_CONFIG,
                                5),
                        Topics.TASK_COMMANDS.keySerde().serializer(),
                        Topics.TASK_COMMANDS.valueSerde().serializer()));
    }

    static String task(int number) {
        return "WT" + "%032d".formatted(number);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a lost record shows as a missing outcome
    void write(int task, @Nullable Instant dueBy) {
        WriteAttributes command = new WriteAttributes(
                task(task) + "/1",
                task(task),
                "WR" + task,
                Instant.EPOCH,
                dueBy,
                false,
                Map.of(
                        "first_response_time", BigDecimal.valueOf(task),
                        "average_response_time", BigDecimal.ONE,
                        "conversation_measure_2", BigDecimal.TEN),
                List.of("conversation_measure_3"),
                Map.of());
        commands.send(new ProducerRecord<>(Topics.TASK_COMMANDS.name(), task(task), command));
    }

    /** Reads outcomes until this many were seen. */
    void awaitOutcomes(LongSupplier seen, long count, Consumer<Outcome> onOutcome) {
        try (KafkaConsumer<String, Outcome> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
                Topics.TASK_OUTCOMES.keySerde().deserializer(),
                Topics.TASK_OUTCOMES.valueSerde().deserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, Topics.TASK_OUTCOMES.partitions())
                    .mapToObj(partition -> new TopicPartition(Topics.TASK_OUTCOMES.name(), partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (seen.getAsLong() < count) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> onOutcome.accept(record.value()));
            }
        }
    }

    @Override
    public void close() throws IOException {
        commands.close();
        sink.close();
        broker.close();
        folder.close();
    }
}
