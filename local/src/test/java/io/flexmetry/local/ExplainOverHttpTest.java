package io.flexmetry.local;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.service.HealthServer;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.TopicSettings;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.api.Api;
import io.flexmetry.local.broker.EmbeddedBroker;
import io.flexmetry.processors.Processors;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances on one broker: either explains the numbers of every task, and the explanation agrees with the row. */
class ExplainOverHttpTest {

    private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
    private static final int CHATS = 12;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void shouldExplainEveryTaskWhicheverInstanceIsAsked() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"))) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                Topics.create(admin, new TopicSettings(4, null)).get();
            }
            int one = EmbeddedBroker.freePort();
            int two = EmbeddedBroker.freePort();
            try (Processors first = processors(broker, one);
                    HealthServer firstServer = HealthServer.start(one, first);
                    Processors second = processors(broker, two);
                    HealthServer secondServer = HealthServer.start(two, second)) {
                assertThat(List.of(firstServer.port(), secondServer.port())).containsExactly(one, two);
                assertThat(firstServer.paths())
                        .as("without the parameter")
                        .isEqualTo(Api.paths("processors").stream()
                                .map(path -> path.replaceFirst("\\{.*", ""))
                                .collect(Collectors.toSet()));
                chat(broker);
                await().untilAsserted(() -> assertThat(rows(broker)).hasSize(CHATS));
                Map<String, Map<Metric, BigDecimal>> rows = rows(broker);

                for (int port : List.of(one, two)) {
                    await().untilAsserted(
                                    () -> IntStream.range(0, CHATS).forEach(number -> assertThat(numbers(port, number))
                                            .isEqualTo(messageMetrics(rows.get(sid("WR", "chat" + number))))));
                    assertThat(get(port, sid("WT", "nobody's")).statusCode()).isEqualTo(404);
                }
                // each instance has some conversations, and answers 421 for the others
                for (int port : List.of(one, two)) {
                    assertThat(IntStream.range(0, CHATS)
                                    .map(number -> get(port, sid("WT", "chat" + number) + "?forwarded")
                                            .statusCode())
                                    .boxed())
                            .contains(200, 421);
                }
            }
        }
    }

    /** The second instance does not answer the first one, as if it had just died and Kafka had not noticed yet. */
    @Test
    void shouldExplainFromStandbyReplicasWhenTheActiveInstanceDoesNotAnswer() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"))) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                Topics.create(admin, new TopicSettings(4, null)).get();
            }
            int one = EmbeddedBroker.freePort();
            int two = EmbeddedBroker.freePort();
            try (Processors first = processors(broker, one, "1");
                    HealthServer firstServer = HealthServer.start(one, first);
                    Processors second = processors(broker, two, "1")) {
                assertThat(List.of(firstServer.paths(), second.queries().keySet()))
                        .allSatisfy(paths -> assertThat(paths).contains("/explain/"));
                chat(broker);
                await().untilAsserted(() -> assertThat(rows(broker)).hasSize(CHATS));
                Map<String, Map<Metric, BigDecimal>> rows = rows(broker);

                // replicas lag a little, and may not have the last messages
                await().untilAsserted(() -> IntStream.range(0, CHATS).forEach(number -> assertThat(numbers(one, number))
                        .isEqualTo(messageMetrics(rows.get(sid("WR", "chat" + number))))));
                assertThat(IntStream.range(0, CHATS).mapToObj(number -> read(get(one, sid("WT", "chat" + number))
                                        .body())
                                .get("mayLag")
                                .toString()))
                        .as("each instance has some of the conversations")
                        .anyMatch(parts -> parts.contains("conversation"))
                        .anyMatch(parts -> !parts.contains("conversation"));
            }
        }
    }

    private Processors processors(EmbeddedBroker broker, int port) throws InterruptedException {
        return processors(broker, port, "0");
    }

    private Processors processors(EmbeddedBroker broker, int port, String standbys) throws InterruptedException {
        return Processors.start(Environment.of(Map.of(
                "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS",
                broker.bootstrapServers(),
                "FLEXMETRY_STATE_DIR",
                folder.resolve("state-" + port).toString(),
                "FLEXMETRY_HEALTH_PORT",
                Integer.toString(port),
                "FLEXMETRY_STREAMS_APPLICATION_SERVER",
                "localhost:" + port,
                "FLEXMETRY_STREAMS_NUM_STREAM_THREADS",
                "1",
                "FLEXMETRY_STREAMS_NUM_STANDBY_REPLICAS",
                standbys)));
    }

    private Map<String, String> numbers(int port, int number) {
        HttpResponse<String> answer = get(port, sid("WT", "chat" + number));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        Map<String, String> numbers = new TreeMap<>();
        JsonNode reservation = read(answer.body()).get("reservations").get(0);
        reservation
                .get("values")
                .properties()
                .forEach(value -> numbers.put(value.getKey(), value.getValue().asText()));
        return numbers;
    }

    private static Map<String, String> messageMetrics(Map<Metric, BigDecimal> row) {
        Map<String, String> numbers = new TreeMap<>();
        row.forEach((metric, value) -> numbers.put(metric.metricName(), value.toPlainString()));
        numbers.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).contains("focus"));
        numbers.remove(Metric.CONCURRENCY.metricName());
        return numbers;
    }

    private static Map<String, Map<Metric, BigDecimal>> rows(EmbeddedBroker broker) {
        Map<String, Map<Metric, BigDecimal>> rows = new TreeMap<>();
        TopicReader.readAll(broker.bootstrapServers(), Topics.RESERVATION_METRICS).stream()
                .filter(row -> row.state() == ReservationMetrics.State.FINAL
                        && BigDecimal.ONE.compareTo(row.values().getOrDefault(Metric.AGENT_MESSAGES, BigDecimal.ZERO))
                                < 0)
                .forEach(row -> rows.put(row.reservationSid(), row.values()));
        return rows;
    }

    private HttpResponse<String> get(int port, String question) {
        URI uri = URI.create("http://localhost:" + port + "/explain/" + question);
        return Api.described(http.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .join());
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    /** Chats with different numbers. */
    private static void chat(EmbeddedBroker broker) {
        try (KafkaProducer<String, Event> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                Topics.TASK_EVENTS.keySerde().serializer(),
                Topics.TASK_EVENTS.valueSerde().serializer())) {
            for (int number = 0; number < CHATS; number++) {
                say(producer, number, 0, "customer", 0);
                reserve(producer, number, ReservationFact.Change.ACCEPTED, 10);
                say(producer, number, 1, "agent", 12 + number);
                say(producer, number, 2, "customer", 100);
                say(producer, number, 3, "agent", 101 + number);
                reserve(producer, number, ReservationFact.Change.WRAPUP, 200);
            }
        }
    }

    private static void reserve(
            KafkaProducer<String, Event> producer, int number, ReservationFact.Change change, int second) {
        String chat = "chat" + number;
        Task task = new Task(sid("WT", chat), 1, "chat", "Support", sid("CH", chat), null, null, null, Map.of());
        Worker worker = new Worker(sid("WK", chat), "agent@example.com", "agent");
        ReservationFact fact = new ReservationFact(change, sid("WR", chat), task, worker);
        send(producer, Topics.TASK_EVENTS, task.taskSid(), fact, second);
        send(producer, Topics.WORKER_EVENTS, worker.workerSid(), fact, second);
    }

    private static void say(KafkaProducer<String, Event> producer, int number, long index, String author, int second) {
        String conversation = sid("CH", "chat" + number);
        MessageFact fact = new MessageFact(
                MessageFact.Change.ADDED,
                conversation,
                sid("IM", conversation + index),
                index,
                START.plusSeconds(second),
                author,
                sid("MB", author),
                5,
                0,
                null);
        send(producer, Topics.CONVERSATION_EVENTS, conversation, fact, second);
    }

    private static void send(
            KafkaProducer<String, Event> producer, Topic<String, Event> topic, String key, Fact fact, int second) {
        Instant at = START.plusSeconds(second);
        Event event = new Event(key + "/" + second, "test", at, at, Source.TASKROUTER, fact);
        // a lost record makes the test fail
        var unused = producer.send(new ProducerRecord<>(topic.name(), key, event));
    }
}
