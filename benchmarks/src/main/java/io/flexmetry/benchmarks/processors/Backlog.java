package io.flexmetry.benchmarks.processors;

import io.flexmetry.benchmarks.load.Scratch;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.broker.EmbeddedBroker;
import io.flexmetry.processors.Processors;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/** A backlog of messages for a Streams application with exactly-once, on a separate broker. */
final class Backlog {

    private static final String APPLICATION = "flexmetry-processors";

    private Backlog() {}

    @FunctionalInterface
    interface Application {
        Topology topology(Environment environment);
    }

    /** Messages per second, from the first poll to the commit of the last message. */
    static double measure(Application application, int chats, int length, int threads, boolean reportState)
            throws Exception {
        try (Scratch folder = Scratch.create();
                EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"));
                Admin admin =
                        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
            Topics.create(admin).get();
            admin.createTopics(List.of(new NewTopic(
                            PassThrough.OUT, Optional.of(Topics.CONVERSATION_EVENTS.partitions()), Optional.empty())))
                    .all()
                    .get();
            fill(broker.bootstrapServers(), chats, 0, 2);
            Environment environment = Environment.of(Map.of(
                    "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS",
                    broker.bootstrapServers(),
                    "FLEXMETRY_STATE_DIR",
                    folder.resolve("state").toString(),
                    "FLEXMETRY_INSTANCE_ID",
                    "benchmark"));
            Properties properties = Processors.properties(environment);
            // the pass-through does not name its internal resources
            properties.put("ensure.explicit.internal.resource.naming", false);
            properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
            // the first run absorbs the delays of topics that were just created
            KafkaStreams first = started(application, environment, properties);
            awaitCommitted(admin);
            first.close();
            fill(broker.bootstrapServers(), chats, 2, length);
            KafkaStreams streams = started(application, environment, properties);
            long start = System.nanoTime();
            awaitCommitted(admin);
            double seconds = (System.nanoTime() - start) / 1e9;
            streams.close();
            if (reportState) {
                reportState(admin, broker.bootstrapServers(), chats);
            }
            return chats * (length - 2) / seconds;
        }
    }

    private static KafkaStreams started(Application application, Environment environment, Properties properties)
            throws InterruptedException {
        KafkaStreams streams = new KafkaStreams(application.topology(environment), properties);
        streams.start();
        while (streams.state() != KafkaStreams.State.RUNNING) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return streams;
    }

    private static void fill(String servers, int chats, int from, int to) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        ProducerConfig.LINGER_MS_CONFIG,
                        20,
                        // idempotent retries fail on topics that were just created
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        false),
                new org.apache.kafka.common.serialization.ByteArraySerializer(),
                new org.apache.kafka.common.serialization.ByteArraySerializer())) {
            for (int chat = 0; from == 0 && chat < chats; chat++) {
                Event accepted = Chats.accepted(chat);
                send(producer, Topics.TASK_EVENTS, Chats.task(chat), accepted);
                send(producer, Topics.WORKER_EVENTS, workerSid(accepted), accepted);
            }
            for (int index = from; index < to; index++) {
                for (int chat = 0; chat < chats; chat++) {
                    send(producer, Topics.CONVERSATION_EVENTS, Chats.conversation(chat), Chats.message(chat, index));
                }
            }
        }
    }

    private static String workerSid(Event event) {
        return ((ReservationFact) event.fact()).worker().workerSid();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // close() waits for all of them
    private static void send(
            KafkaProducer<byte[], byte[]> producer, Topic<String, Event> topic, String key, Event event) {
        producer.send(new ProducerRecord<>(
                topic.name(),
                topic.keySerde().serializer().serialize(topic.name(), key),
                topic.valueSerde().serializer().serialize(topic.name(), event)));
    }

    private static void awaitCommitted(Admin admin) throws Exception {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < Topics.CONVERSATION_EVENTS.partitions(); partition++) {
            latest.put(new TopicPartition(Topics.CONVERSATION_EVENTS.name(), partition), OffsetSpec.latest());
        }
        Map<TopicPartition, ListOffsetsResultInfo> ends =
                admin.listOffsets(latest).all().get();
        while (true) {
            var committed = admin.listConsumerGroupOffsets(APPLICATION)
                    .partitionsToOffsetAndMetadata()
                    .get();
            boolean done = ends.entrySet().stream().allMatch(end -> {
                var offset = committed.get(end.getKey());
                return end.getValue().offset() == 0
                        || (offset != null && offset.offset() >= end.getValue().offset());
            });
            if (done) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Prints the bytes per open conversation that a restart with an empty disk would read. */
    private static void reportState(Admin admin, String servers, int chats) throws Exception {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            for (String name :
                    admin.listTopics().names().get().stream().sorted().toList()) {
                if (name.endsWith("-changelog")) {
                    System.out.printf(
                            "%,8d bytes in %s%n",
                            latestBytes(consumer, name) / chats,
                            name.replace(APPLICATION + "-", "").replace("-changelog", ""));
                }
            }
        }
        System.out.printf("(for each of %,d open conversations)%n", chats);
    }

    private static long latestBytes(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<String, Long> sizes = new HashMap<>();
        while (partitions.stream()
                .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
            consumer.poll(Duration.ofMillis(100))
                    .forEach(record -> sizes.put(
                            new String(record.key(), java.nio.charset.StandardCharsets.UTF_8),
                            record.value() == null ? 0L : record.key().length + record.value().length));
        }
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }
}
