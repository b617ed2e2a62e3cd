package io.flexmetry.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.TopicSettings;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.broker.EmbeddedBroker;
import io.flexmetry.processors.Processors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka contains state that a version before the format's number wrote. */
class StateOfAnotherVersionTest {

    private static final String INTERNAL = Topics.PROCESSORS_GROUP + "-";
    private static final String CHANGELOG = "-changelog";
    private static final String OLD = INTERNAL + "case-state" + CHANGELOG;

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private Admin admin;
    private Map<String, String> environment;
    private Process refused;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("kafka"));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        environment = Map.of(
                "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS",
                broker.bootstrapServers(),
                "FLEXMETRY_STATE_DIR",
                folder.resolve("state").toString());
    }

    @AfterEach
    void stop() throws Exception {
        if (refused != null) {
            refused.destroyForcibly();
        }
        admin.close();
        broker.close();
    }

    @Test
    void shouldChangeNothingUntilTheStateIsReset() throws Exception {
        // Given
        Topics.create(admin, new TopicSettings(2, null)).get();
        admin.createTopics(List.of(new NewTopic(OLD, Optional.of(2), Optional.empty())))
                .all()
                .get();
        send(OLD, "conversations/CH1", "{\"an\":\"old record\"}".getBytes(UTF_8));
        send(Topics.WORKER_EVENTS, "WK1", worker());
        Map<TopicPartition, Long> before = ends();

        // When
        Path log = folder.resolve("processors.log");
        refused = ServiceProcess.start("io.flexmetry.processors.ProcessorsMain", log, environment);

        // Then
        assertThat(refused.waitFor(Patience.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(refused.exitValue()).isEqualTo(2);
        assertThat(Files.readAllLines(log))
                .filteredOn(line -> line.startsWith("processors: "))
                .singleElement()
                .asString()
                .contains(OLD, "step 3", "CHANGELOG.md");
        assertThat(ends()).isEqualTo(before);
        assertThat(admin.listGroups().all().get()).isEmpty();
        assertThat(folder.resolve("state")).isEmptyDirectory();

        // When the internal topics are deleted, as the procedure does
        admin.deleteTopics(List.of(OLD)).all().get();
        await().until(() -> !names().contains(OLD));

        // Then it runs
        try (Processors processors = Processors.start(Environment.of(environment))) {
            await().until(processors::isReady);
            await().until(() -> !TopicReader.readAll(broker.bootstrapServers(), Topics.WORKER_STATUS)
                    .isEmpty());
        }
        assertThat(TopicReader.readAll(broker.bootstrapServers(), Topics.DEAD_LETTERS))
                .isEmpty();

        // and accepts its own state
        assertThat(names()).anyMatch(name -> name.startsWith(INTERNAL) && name.endsWith(CHANGELOG));
        try (Processors processors = Processors.start(Environment.of(environment))) {
            await().until(processors::isReady);
        }
    }

    private static Event worker() {
        Instant now = InstantSource.system().instant();
        return new Event(
                "EV1",
                "worker.activity.update",
                now,
                now,
                Source.TASKROUTER,
                new WorkerFact(new Worker("WK1", "ana", "ana"), "Available"));
    }

    private <V> void send(Topic<String, V> topic, String key, V value) throws Exception {
        send(topic.name(), key, topic.valueSerde().serializer().serialize(topic.name(), value));
    }

    private void send(String topic, String key, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value))
                    .get();
        }
    }

    private Set<String> names() throws Exception {
        return admin.listTopics().names().get();
    }

    /** The end of every partition: a record more, or a topic more, would show. */
    private Map<TopicPartition, Long> ends() throws Exception {
        Map<TopicPartition, OffsetSpec> all = admin.describeTopics(names()).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return admin.listOffsets(all).all().get().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, partition -> partition.getValue().offset()));
    }
}
