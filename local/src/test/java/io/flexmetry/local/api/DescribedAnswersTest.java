package io.flexmetry.local.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.console.floor.FloorModel;
import io.flexmetry.console.floor.FloorView;
import io.flexmetry.console.web.Access;
import io.flexmetry.console.web.ConsoleServer;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.service.HealthServer;
import io.flexmetry.contract.service.Query;
import io.flexmetry.contract.service.Service;
import io.flexmetry.contract.settings.CalendarConfiguration;
import io.flexmetry.contract.settings.CapacityConfiguration;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.PrivacyConfiguration.WorkerNames;
import io.flexmetry.contract.settings.TargetsConfiguration;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.Ingest;
import io.flexmetry.local.broker.EmbeddedBroker;
import io.flexmetry.local.twilio.SimulatedAccount;
import io.flexmetry.sink.Sink;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services answer at the described paths and at no others, and their answers match the description. */
class DescribedAnswersTest {

    private static final String TOKEN = "a-token-of-length";
    private static final String TASK = "WT" + "0".repeat(31) + "1";
    private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");
    private static final Path GOLDEN = Path.of("..", "contract", "src", "test", "resources", "golden");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final FloorModel model = new FloorModel(WorkerNames.SHOWN);
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path folder;

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void shouldDescribeTheConsole() throws Exception {
        ConsoleServer console = console();
        assertThat(console.paths()).isEqualTo(Api.paths("console"));

        fill();
        for (String path : console.paths()) {
            URI uri = uri(
                    console.port(),
                    path.replace("{TaskSid}", TASK)
                            .replace("assets/{file}", "assets/icon.svg")
                            .replace("{folder}/{file}", "css/base.css"));

            HttpRequest.Builder request = HttpRequest.newBuilder(uri);
            HttpResponse<Void> refused = client.send(request.build(), BodyHandlers.discarding());
            assertThat(refused.statusCode()).as(path).isEqualTo(Api.isOpen(path) ? 200 : 401);
            if (!path.equals("/api/stream")) {
                request.header("Authorization", "Bearer " + TOKEN);
                HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
                assertThat(Api.described(answer).statusCode()).as(path).isEqualTo(path.endsWith("explain") ? 503 : 200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/tasks/WT1",
                "/api/tasks/WT00000000000000000000000000000002",
                "/api/floor?window=week",
                "/api/series",
                "/api/series?window=30m&queue=Support&format=csv",
                "/api/series?window=week",
                "/api/series?queue=",
                "/api/rows?since=yesterday",
                "/api/rows",
                "/api/rows?format=csv",
                "/api/availability?task=WT1",
                "/api/availability?queue=Support",
                "/assets/uplot/license.txt",
                "/assets/nothing.js"
            })
    void shouldDescribeWhatTheConsoleAnswers(String pathAndQuery) throws Exception {
        ConsoleServer console = console();
        fill();

        Api.described(client.send(admitted(console, pathAndQuery).build(), BodyHandlers.ofString()));
        Api.described(client.send(
                HttpRequest.newBuilder(uri(console.port(), pathAndQuery)).build(), BodyHandlers.ofString()));
    }

    @Test
    void shouldDescribeTheStream() throws Exception {
        ConsoleServer console = console();

        Event whole = event(console, null);
        assertThat(whole.name()).isEqualTo("floor");
        Api.describedEvent(whole.data());

        fill();
        Event patch = event(console, whole.id());
        assertThat(patch.name()).isEqualTo("patch");
        Api.describedEvent(patch.data());
        assertThat(Api.violationsOf("FloorPatch", patch.data())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openapi.yaml", "asyncapi.yaml", "schemas.json"})
    void shouldServeTheDescriptionItself(String file) throws Exception {
        HttpResponse<String> served =
                client.send(admitted(console(), "/" + file).build(), BodyHandlers.ofString());

        assertThat(served.body()).isEqualTo(Files.readString(Api.FOLDER.resolve(file)));
    }

    @Test
    void shouldDescribeIngest() throws Exception {
        int port = EmbeddedBroker.freePort();
        Environment environment = SimulatedAccount.defaults(Environment.of(Map.of(
                "FLEXMETRY_HTTP_PORT",
                Integer.toString(port),
                "FLEXMETRY_PUBLIC_URL",
                "https://flexmetry.example.com",
                "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:9",
                "FLEXMETRY_SPOOL_DIR",
                folder.toString())));
        String batch = """
                {"tabId":"tab","sentAt":1767600000000,"events":[
                  {"seq":1,"at":"2026-01-05T08:00:00Z","kind":"select","reservationSid":"WR1","taskSid":"WT1"},
                  {"seq":2,"at":1767600000000,"kind":"hidden","reservationSid":null}]}""";
        assertThat(Api.violationsOf("FocusBatch", batch)).isEmpty();
        try (Ingest ingest = Ingest.start(environment, InstantSource.system())) {
            assertThat(ingest.paths()).isEqualTo(Api.paths("ingest"));
            for (String path : ingest.paths()) {
                HttpRequest.Builder request = HttpRequest.newBuilder(uri(port, path));
                boolean asked = path.startsWith("/health") || path.equals("/metrics");
                if (asked) {
                    Api.described(client.send(request.build(), BodyHandlers.ofString()));
                    continue;
                }
                // paths that are not described for GET answer it with an error
                assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode())
                        .isEqualTo(405);
                for (String type : Stream.of("application/json", "application/x-www-form-urlencoded")
                        .toList()) {
                    request.setHeader("Content-Type", type).POST(BodyPublishers.ofString(batch));
                    assertThat(Api.described(client.send(request.build(), BodyHandlers.ofString()))
                                    .statusCode())
                            .as(path + " of " + type)
                            .isIn(400, 403);
                }
            }
        }
    }

    @Test
    void shouldDescribeTheHealthOfOthers() throws Exception {
        try (HealthServer server = HealthServer.start(0, new Idle())) {
            assertThat(server.paths()).isEqualTo(Api.paths("sink"));
            for (String path : server.paths()) {
                Api.described(client.send(
                        HttpRequest.newBuilder(uri(server.port(), path)).build(), BodyHandlers.ofString()));
            }
        }
        assertThat(Sink.class.getMethod("queries").getDeclaringClass())
                .as("the sink answers no questions; ExplainOverHttpTest looks at processors")
                .isEqualTo(Service.class);
    }

    /** A service that does nothing and is not ready. */
    private static final class Idle implements Service {
        @Override
        public CompletionStage<Void> died() {
            return new CompletableFuture<>();
        }

        @Override
        public boolean isReady() {
            return false;
        }

        @Override
        public Optional<String> attention() {
            return Optional.of("There is nothing to do");
        }

        @Override
        public void close() {
            // nothing to close
        }
    }

    private ConsoleServer console() throws Exception {
        ConsoleServer console = new ConsoleServer(
                new ConsoleServer.Address("127.0.0.1", 0),
                new Access(TOKEN, null),
                model,
                new FloorView(
                        model,
                        () -> NOW,
                        ZoneOffset.UTC,
                        TargetsConfiguration.NONE,
                        CalendarConfiguration.NONE,
                        CapacityConfiguration.NONE,
                        Optional::empty),
                Optional::empty,
                taskSid -> CompletableFuture.completedFuture(new Query.Answer(503, "{\"error\":\"away\"}")),
                Set.of());
        vertx.deployVerticle(console).toCompletionStage().toCompletableFuture().get();
        return console;
    }

    /** Adds the golden records. */
    private void fill() throws IOException {
        byte[] row = golden("row");
        ReservationMetrics read = read(Topics.RESERVATION_METRICS, row);
        model.row(read.reservationSid(), read, row);
        byte[] ledger = golden("ledger");
        model.ledger(TASK, read(Topics.TASK_LEDGER, ledger), ledger);
        for (String name : Stream.of("task-status", "task-status-waiting").toList()) {
            byte[] status = golden(name);
            model.task(name, read(Topics.TASK_STATUS, status), status);
        }
        byte[] worker = golden("worker-status");
        model.worker("WK0001", read(Topics.WORKER_STATUS, worker), worker);
    }

    private static byte[] golden(String name) throws IOException {
        return Files.readString(GOLDEN.resolve(name + ".json"))
                .replace("\"WT0001\"", "\"" + TASK + "\"")
                .getBytes(UTF_8);
    }

    private static <V> V read(Topic<String, V> topic, byte[] json) {
        return topic.valueSerde().deserializer().deserialize(topic.name(), json);
    }

    private record Event(String id, String name, String data) {}

    private Event event(ConsoleServer console, @Nullable String lastId) throws Exception {
        HttpRequest.Builder request = admitted(console, "/api/stream?window=today");
        if (lastId != null) {
            request.header("Last-Event-ID", lastId);
        }
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                client.send(request.build(), BodyHandlers.ofInputStream()).body(), UTF_8))) {
            return new Event(field(lines.readLine()), field(lines.readLine()), field(lines.readLine()));
        }
    }

    private static String field(String line) {
        return line.substring(line.indexOf(": ") + 2);
    }

    private static HttpRequest.Builder admitted(ConsoleServer console, String pathAndQuery) {
        return HttpRequest.newBuilder(uri(console.port(), pathAndQuery)).header("Authorization", "Bearer " + TOKEN);
    }

    private static URI uri(int port, String pathAndQuery) {
        return URI.create("http://localhost:" + port + pathAndQuery);
    }
}
