package io.flexmetry.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.CreateLinkedTask;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.broker.EmbeddedBroker;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sink is killed after Twilio has executed a request and before the sink knows the result. An earlier command of
 * the same partition cannot be settled meanwhile, so no offset was committed and all commands are read again.
 */
class SinkCrashTest {

    private static final String WORKSPACE = "WS10000000000000000000000000000001";
    private static final String POISON = sid(0);
    private static final String TASK = besides(POISON);

    @TempDir
    Path folder;

    private final Map<String, String> attributes = new ConcurrentHashMap<>(Map.of(TASK, "{}", POISON, "{}"));
    private final Map<String, Integer> versions = new ConcurrentHashMap<>(Map.of(TASK, 1, POISON, 1));
    private final List<String> posted = new CopyOnWriteArrayList<>();
    private final List<String> created = new CopyOnWriteArrayList<>();
    private Process sink;
    private volatile boolean poisoned = true;
    private volatile boolean silent;

    @Test
    void shouldNeitherLoseNorRepeatNorPutTheOlderOverTheNewer() throws Exception {
        HttpServer twilio = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        twilio.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        }));
        twilio.createContext("/", this::handle);
        twilio.start();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"))) {
            String servers = broker.bootstrapServers();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
                Topics.create(admin).get();
            }
            sink = sink(servers, twilio.getAddress().getPort());
            try (KafkaProducer<String, Command> commands = new KafkaProducer<>(
                    Map.of("bootstrap.servers", servers),
                    Topics.TASK_COMMANDS.keySerde().serializer(),
                    Topics.TASK_COMMANDS.valueSerde().serializer())) {
                command(commands, write(POISON, 1));
                command(commands, write(TASK, 1));
                await().until(() -> outcomes(servers).containsKey(TASK + "/1"));
                command(commands, write(TASK, 2));
                await().until(() -> outcomes(servers).containsKey(TASK + "/2"));

                silent = true;
                command(commands, write(TASK, 3));
                await().until(() -> posted.size() == 3);
                sink.destroyForcibly().waitFor();
                silent = false;
                sink = sink(servers, twilio.getAddress().getPort());
                await().until(() -> outcomes(servers).containsKey(TASK + "/3"));

                silent = true;
                command(
                        commands,
                        new CreateLinkedTask(
                                "WR1/linked",
                                TASK,
                                "WR1",
                                Instant.EPOCH,
                                "WW1",
                                "KD1",
                                Map.of("v", BigDecimal.ONE),
                                Map.of()));
                await().until(() -> !created.isEmpty());
                sink.destroyForcibly().waitFor();
                silent = false;
                sink = sink(servers, twilio.getAddress().getPort());
                await().until(() -> outcomes(servers).containsKey("WR1/linked"));

                poisoned = false;
                await().until(() -> outcomes(servers).containsKey(POISON + "/1"));
            }

            assertThat(posted)
                    .as("every value once, and no older one after a newer one")
                    .startsWith("{\"conversations\":{\"v\":1}}", "{\"conversations\":{\"v\":2}}")
                    .hasSize(4)
                    .endsWith("{\"conversations\":{\"v\":3}}", "{\"conversations\":{\"v\":1}}");
            assertThat(created).as("a task is created once").hasSize(1);
            assertThat(attributes).containsEntry(TASK, "{\"conversations\":{\"v\":3}}");
            assertThat(outcomes(servers).values())
                    .extracting(outcome -> outcome.result().label())
                    .containsExactlyInAnyOrder("written", "written", "unchanged", "linked", "written");
        } finally {
            if (sink != null) {
                sink.destroyForcibly();
            }
            twilio.stop(0);
        }
    }

    private static void command(KafkaProducer<String, Command> commands, Command command) throws Exception {
        commands.send(new ProducerRecord<>(Topics.TASK_COMMANDS.name(), command.subject(), command))
                .get();
    }

    private static WriteAttributes write(String task, int value) {
        return new WriteAttributes(
                task + "/" + value,
                task,
                "WR1",
                Instant.EPOCH,
                Instant.EPOCH,
                false,
                Map.of("v", BigDecimal.valueOf(value)),
                List.of(),
                Map.of());
    }

    private static Map<String, Outcome> outcomes(String servers) {
        Map<String, Outcome> outcomes = new HashMap<>();
        TopicReader.readAll(servers, Topics.TASK_OUTCOMES)
                .forEach(outcome -> outcomes.putIfAbsent(outcome.commandId(), outcome));
        return outcomes;
    }

    private Process sink(String servers, int twilio) throws IOException {
        return ServiceProcess.start(
                "io.flexmetry.sink.SinkMain",
                folder.resolve("sink.log"),
                Map.of(
                        "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS",
                        servers,
                        // a static member: Kafka returns its partitions at once
                        "FLEXMETRY_INSTANCE_ID",
                        "sink-1",
                        "FLEXMETRY_TWILIO_BASE_URL",
                        "http://127.0.0.1:" + twilio,
                        "TWILIO_ACCOUNT_SID",
                        "AC10000000000000000000000000000001",
                        "TWILIO_AUTH_TOKEN",
                        "token",
                        "TWILIO_WORKSPACE_SID",
                        WORKSPACE));
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String sid = path.substring(path.lastIndexOf('/') + 1);
        String body = URLDecoder.decode(new String(exchange.getRequestBody().readAllBytes(), UTF_8), UTF_8);
        boolean post = exchange.getRequestMethod().equals("POST");
        if (sid.equals(POISON) && poisoned) {
            answer(exchange, 500, "{}");
            return;
        }
        if (path.endsWith("/Tasks")) {
            tasks(exchange, post, body);
            return;
        }
        if (post) {
            attributes.put(sid, body.substring("Attributes=".length()));
            versions.merge(sid, 1, Integer::sum);
            posted.add(attributes.get(sid));
            if (silent) {
                return;
            }
        }
        exchange.getResponseHeaders().set("ETag", "\"" + versions.get(sid) + "\"");
        answer(
                exchange,
                200,
                "{\"sid\":\"" + sid + "\",\"attributes\":\""
                        + attributes.get(sid).replace("\"", "\\\"") + "\"}");
    }

    private void tasks(HttpExchange exchange, boolean post, String body) throws IOException {
        String task = "{\"sid\":\"WT99000000000000000000000000000001\"}";
        if (post) {
            created.add(body);
            if (!silent) {
                answer(exchange, 201, task);
            }
            return;
        }
        answer(
                exchange,
                200,
                "{\"tasks\":[" + (created.isEmpty() ? "" : task)
                        + "],\"meta\":{\"key\":\"tasks\",\"page\":0,\"page_size\":50,\"url\":\"u\",\"first_page_url\":\"f\","
                        + "\"previous_page_url\":null,\"next_page_url\":null}}");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String sid(int number) {
        return "WT" + "%032d".formatted(number);
    }

    /** Another task whose commands are in the same partition. */
    private static String besides(String task) {
        return IntStream.range(1, 1_000)
                .mapToObj(SinkCrashTest::sid)
                .filter(other -> partition(other) == partition(task))
                .findFirst()
                .orElseThrow();
    }

    private static int partition(String key) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(UTF_8))) % Topics.TASK_COMMANDS.partitions();
    }
}
