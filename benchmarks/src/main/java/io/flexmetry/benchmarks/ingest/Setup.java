package io.flexmetry.benchmarks.ingest;

import io.flexmetry.benchmarks.load.Child;
import io.flexmetry.benchmarks.load.Scratch;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.IngestMain;
import io.flexmetry.local.broker.EmbeddedBroker;
import java.io.IOException;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A broker in this process, and ingest in a separate one, started like {@code ./flexmetry ingest}. */
record Setup(Scratch folder, EmbeddedBroker broker, Child ingest, int port) implements AutoCloseable {

    static Setup start(String... jvmArguments) throws Exception {
        Scratch folder = Scratch.create();
        EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"));
        int port = Child.freePort();
        Child ingest = Child.start(
                IngestMain.class,
                Map.of(
                        "FLEXMETRY_HTTP_PORT", Integer.toString(port),
                        "FLEXMETRY_PUBLIC_URL", SignedForms.PUBLIC_URL,
                        "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                        "FLEXMETRY_SPOOL_DIR", folder.resolve("spool").toString(),
                        "TWILIO_AUTH_TOKEN", SignedForms.TOKEN),
                jvmArguments);
        ingest.awaitReady(port, "/health/ready", "up");
        return new Setup(folder, broker, ingest, port);
    }

    /** Records on the topic of task events. */
    long inKafka() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            return consumer
                    .endOffsets(IntStream.range(0, Topics.TASK_EVENTS.partitions())
                            .mapToObj(partition -> new TopicPartition(Topics.TASK_EVENTS.name(), partition))
                            .toList())
                    .values()
                    .stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    @Override
    public void close() throws IOException {
        ingest.close();
        broker.close();
        folder.close();
    }
}
