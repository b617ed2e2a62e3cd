package io.flexmetry.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flexmetry.console.topic.ProcessorsWatch;
import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console while processors are down, and while Kafka is down. */
class ProcessorsWatchTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final TopicPartition FIRST = new TopicPartition(Topics.TASK_EVENTS.name(), 0);
    private static final TopicPartition SECOND = new TopicPartition(Topics.TASK_EVENTS.name(), 1);

    @Test
    void shouldReportTheLagOfProcessorsAndThatKafkaIsDown(@TempDir Path folder) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(folder);
        Map<String, Object> servers = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (Admin admin = Admin.create(servers);
                ProcessorsWatch watch = ProcessorsWatch.start(
                        KafkaSettings.of(broker.bootstrapServers()), Duration.ZERO, INTERVAL, TIMEOUT)) {
            Topics.create(admin).join();
            send(servers, FIRST, 3);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(watch.problem().orElse(""))
                            .startsWith("Processors are ")
                            .contains(" s behind: 3 events wait"));

            admin.alterConsumerGroupOffsets(Topics.PROCESSORS_GROUP, Map.of(FIRST, new OffsetAndMetadata(3)))
                    .all()
                    .get();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(watch.problem()).isEmpty());

            leaveNothingToRead(servers);
            send(servers, SECOND, 1);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(watch.problem().orElse("")).contains(" s behind: 1 event waits"));

            broker.close();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(watch.problem().orElse(""))
                            .startsWith("Kafka has not reported the processors' offsets for "));
        }
    }

    private static void send(Map<String, Object> servers, TopicPartition partition, int count) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(servers, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), "WT1", "{}"))
                        .get();
            }
        }
    }

    /** Leaves an aborted transaction, as processors do that are killed. */
    private static void leaveNothingToRead(Map<String, Object> servers) throws Exception {
        Map<String, Object> transactional = new HashMap<>(servers);
        transactional.put("transactional.id", "killed");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(transactional, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(FIRST.topic(), FIRST.partition(), "WT1", "{}"))
                    .get();
            producer.abortTransaction();
        }
    }
}
