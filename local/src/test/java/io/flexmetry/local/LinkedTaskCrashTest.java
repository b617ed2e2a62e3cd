package io.flexmetry.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.settings.TopicSettings;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.broker.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A score arrives late, and sink and processors are killed at every step until its linked task exists and has ended: at
 * the first request of each kind Twilio executes the request, and the processes are killed before the response.
 */
@Tag("crash")
class LinkedTaskCrashTest {

    private static final int PARTITIONS = 2;
    private static final String WORKSPACE = "WS10000000000000000000000000000001";
    private static final String TASK = "WT10000000000000000000000000000001";
    private static final String LINKED = "WT20000000000000000000000000000002";
    private static final String CALL = "CA10000000000000000000000000000001";

    @TempDir
    Path folder;

    private final Map<String, String> attributes = new ConcurrentHashMap<>(Map.of(TASK, "{}"));
    private final Map<String, String> statuses = new ConcurrentHashMap<>(Map.of(TASK, "completed"));
    private final List<String> created = new CopyOnWriteArrayList<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final LinkedBlockingQueue<String> firsts = new LinkedBlockingQueue<>();
    private final List<Process> processes = new ArrayList<>();

    @Test
    void shouldMakeOneTaskHoweverOftenAllIsKilled() throws Exception {
        HttpServer twilio = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        twilio.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        }));
        twilio.createContext("/", this::handle);
        twilio.start();
        Path yaml = Files.writeString(folder.resolve("flexmetry.yaml"), """
                voiceQuality: { firstLookup: PT1S, giveUp: PT1H }
                writeBack: { lateWorkflow: WW00000000000000000000000000000001 }
                """);
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"))) {
            Map<String, String> environment = Map.of(
                    "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS",
                    broker.bootstrapServers(),
                    "FLEXMETRY_CONFIG",
                    yaml.toString(),
                    "FLEXMETRY_STATE_DIR",
                    folder.resolve("state").toString(),
                    "FLEXMETRY_INSTANCE_ID",
                    "one",
                    "FLEXMETRY_TWILIO_BASE_URL",
                    "http://127.0.0.1:" + twilio.getAddress().getPort(),
                    "TWILIO_ACCOUNT_SID",
                    "AC10000000000000000000000000000001",
                    "TWILIO_AUTH_TOKEN",
                    "token",
                    "TWILIO_WORKSPACE_SID",
                    WORKSPACE);
            call(broker.bootstrapServers());
            List<String> killedAt = new ArrayList<>();
            startAll(environment);
            while (!killedAt.contains("POST linked")) {
                String first = firsts.poll(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
                assertThat(first).as("another step after %s", killedAt).isNotNull();
                killedAt.add(first);
                killAll();
                startAll(environment);
            }
            await().untilAsserted(() -> assertThat(TopicReader.readAll(broker.bootstrapServers(), Topics.TASK_OUTCOMES))
                    .extracting(outcome ->
                            outcome.commandId() + " " + outcome.result().label())
                    .contains("WR1/linked linked", "WR1/end-linked changed"));
            // whether the sink searches for an existing linked task before it creates one depends on the age of the
            // command
            assertThat(killedAt)
                    .startsWith("GET Metrics", "GET Summary", "GET task", "POST task")
                    .endsWith("GET linked", "POST linked")
                    .containsExactlyInAnyOrder(
                            "GET Metrics",
                            "GET Summary",
                            "GET task",
                            "POST task",
                            "POST Tasks",
                            "GET Tasks",
                            "GET linked",
                            "POST linked");
        } finally {
            killAll();
            twilio.stop(0);
        }

        assertThat(statuses).containsEntry(LINKED, "canceled");
        assertThat(created).hasSize(1);
        assertThat(created.get(0))
                .contains("\"flexmetry_command\":\"WR1/linked\"", "\"conversation_measure_5\":4.25")
                .contains("\"conversation_id\":\"" + TASK + "\"");
    }

    /** A call that has ended some time ago. */
    private static void call(String servers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers));
                KafkaProducer<String, Event> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", servers),
                        Topics.TASK_EVENTS.keySerde().serializer(),
                        Topics.TASK_EVENTS.valueSerde().serializer())) {
            Topics.create(admin, new TopicSettings(PARTITIONS, null)).get();
            Instant start = Instant.now().minusSeconds(300);
            int second = 0;
            for (ReservationFact.Change change : List.of(
                    ReservationFact.Change.ACCEPTED, ReservationFact.Change.WRAPUP, ReservationFact.Change.COMPLETED)) {
                Instant at = start.plusSeconds(second++ * 60L);
                ReservationFact fact = new ReservationFact(
                        change,
                        "WR1",
                        new Task(TASK, 1, "voice", "Phone", null, null, null, null, null),
                        new Worker("WK1", "ana", "ana"),
                        CALL);
                Event event = new Event("EV" + second, "reservation." + change, at, at, Source.TASKROUTER, fact);
                producer.send(new ProducerRecord<>(Topics.TASK_EVENTS.name(), TASK, event))
                        .get();
                producer.send(new ProducerRecord<>(Topics.WORKER_EVENTS.name(), "WK1", event))
                        .get();
            }
        }
    }

    private void startAll(Map<String, String> environment) throws IOException {
        processes.add(ServiceProcess.start("io.flexmetry.sink.SinkMain", folder.resolve("sink.log"), environment));
        processes.add(ServiceProcess.start(
                "io.flexmetry.processors.ProcessorsMain", folder.resolve("processors.log"), environment));
    }

    private void killAll() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        processes.clear();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String last = path.substring(path.lastIndexOf('/') + 1);
        String body = URLDecoder.decode(new String(exchange.getRequestBody().readAllBytes(), UTF_8), UTF_8);
        boolean post = exchange.getRequestMethod().equals("POST");
        String answer =
                switch (last) {
                    case "Metrics" -> page("metrics", sample("4.0", 0) + "," + sample("4.5", 10));
                    case "Summary" -> "{\"call_type\":\"client\",\"processing_state\":\"complete\",\"duration\":60}";
                    case "Tasks" -> post ? create(body) : page("tasks", created.isEmpty() ? "" : task(LINKED));
                    default -> post ? change(last, body) : task(last);
                };
        String kind = (post ? "POST " : "GET ") + (last.equals(TASK) ? "task" : last.equals(LINKED) ? "linked" : last);
        boolean atStart = last.startsWith("WS") || last.startsWith("WW");
        if (!atStart && seen.add(kind)) {
            firsts.add(kind);
            return;
        }
        byte[] bytes = answer.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("ETag", "\"1\"");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String create(String form) {
        created.add(form);
        attributes.put(LINKED, form.replaceAll("(?s).*Attributes=(\\{.*}).*", "$1"));
        statuses.put(LINKED, "pending");
        return task(LINKED);
    }

    private String change(String sid, String form) {
        if (form.contains("AssignmentStatus=canceled")) {
            statuses.put(sid, "canceled");
        } else {
            attributes.put(sid, form.replaceAll("(?s).*Attributes=(\\{.*}).*", "$1"));
        }
        return task(sid);
    }

    private String task(String sid) {
        ObjectNode task = JsonNodeFactory.instance.objectNode();
        return task.put("sid", sid)
                .put("attributes", attributes.getOrDefault(sid, "{}"))
                .put("assignment_status", statuses.getOrDefault(sid, "pending"))
                .toString();
    }

    private static String sample(String mos, int second) {
        return "{\"timestamp\":\"2026-01-05T09:00:" + (second == 0 ? "00" : second)
                + "Z\",\"edge\":\"sdk_edge\",\"direction\":\"both\",\"sdk_edge\":{\"interval\":{\"mos\":{\"value\":"
                + mos
                + "}}}}";
    }

    private static String page(String key, String items) {
        return "{\"" + key + "\":[" + items + "],\"meta\":{\"key\":\"" + key
                + "\",\"page\":0,\"page_size\":50,\"url\":\"u\",\"first_page_url\":\"f\","
                + "\"previous_page_url\":null,\"next_page_url\":null}}";
    }
}
