package io.flexmetry.console.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.console.floor.FloorModel;
import io.flexmetry.console.floor.FloorView;
import io.flexmetry.console.web.ConsoleServer.Explainer;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.service.Query;
import io.flexmetry.contract.settings.CalendarConfiguration;
import io.flexmetry.contract.settings.CapacityConfiguration;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.PrivacyConfiguration.WorkerNames;
import io.flexmetry.contract.topic.Topics;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** If names of workers are hidden, no answer contains one; if they are shown, the expected answers do. */
class HiddenNamesTest {

    private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");
    private static final String NAME = "Zerlina.Quandt@example.com";
    private static final String IDENTITY = "Zerlina_2EQuandt_40example_2Ecom";
    private static final String WORKER = "WK" + "0".repeat(26) + "abcdef";
    private static final String PSEUDONYM = "WK…abcdef";
    private static final String TASK = "WT" + "0".repeat(31) + "1";
    private static final String RUNNING = "WR" + "0".repeat(31) + "1";
    private static final String CALL = "WR" + "0".repeat(31) + "2";

    private static final String EXPLANATION = """
            {"taskSid":"%s","preset":"standard","reservations":[],"left":0,"missing":[],"focus":[],"calls":[],"mayLag":[],"facts":[
              {"at":"2026-01-05T11:50:00Z","what":"reservation","change":"accepted","who":"%s","role":"agent",
               "evidence":"worker-identity","workerSid":"%s","sid":"%s","counts":true},
              {"at":"2026-01-05T11:51:00Z","what":"message","change":"sent","who":"%s","role":"agent",
               "evidence":"worker-identity","workerSid":"%s","index":0,"counts":true,"authorName":"%s"}]}
            """.formatted(TASK, NAME, WORKER, RUNNING, IDENTITY, WORKER, NAME);

    /** Every path, and whether it contains the worker's name if names are shown. */
    private static final Map<String, Boolean> PATHS = Map.ofEntries(
            Map.entry("/", false),
            Map.entry("/tasks/" + TASK, false),
            Map.entry("/assets/icon.svg", false),
            Map.entry("/assets/css/base.css", false),
            Map.entry("/api/floor", true),
            Map.entry("/api/floor?window=5m", true),
            Map.entry("/api/floor?window=30m", true),
            Map.entry("/api/stream", true),
            Map.entry("/api/series", false),
            Map.entry("/api/series?format=csv", false),
            Map.entry("/api/rows", true),
            Map.entry("/api/rows?format=csv", true),
            Map.entry("/api/rows?agent=" + NAME, true),
            Map.entry("/api/rows?agent=" + NAME + "&format=csv", true),
            Map.entry("/api/rows?agent=" + WORKER, true),
            Map.entry("/api/availability", false),
            Map.entry("/api/availability?queue=Support", false),
            Map.entry("/api/tasks/" + TASK, true),
            Map.entry("/api/tasks/" + TASK + "/explain", true),
            Map.entry("/openapi.yaml", false),
            Map.entry("/asyncapi.yaml", false),
            Map.entry("/schemas.json", false),
            Map.entry("/health/live", false),
            Map.entry("/health/ready", false));

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    static Stream<Arguments> paths() {
        return PATHS.entrySet().stream().map(path -> Arguments.of(path.getKey(), path.getValue()));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void shouldBeNowhere(String path, boolean names) throws Exception {
        String shown = get(serve(WorkerNames.SHOWN), path);
        String hidden = get(serve(WorkerNames.HIDDEN), path);

        assertThat(hidden).doesNotContainIgnoringCase("zerlina").doesNotContainIgnoringCase("quandt");
        assertThat(shown.contains(NAME)).isEqualTo(names);
        if (!names) {
            assertThat(hidden).as("nothing else differs").isEqualTo(shown);
        }
    }

    @Test
    void shouldCoverEveryPath() throws Exception {
        Set<String> covered = PATHS.keySet().stream()
                .map(path -> path.replaceFirst("\\?.*", ""))
                .collect(Collectors.toSet());

        assertThat(serve(WorkerNames.HIDDEN).paths())
                .allMatch(path -> covered.stream().anyMatch(one -> one.matches(path.replaceAll("\\{\\w+}", "[^/]+"))));
    }

    @Test
    void shouldCallAWorkerTheSameEverywhere() throws Exception {
        ConsoleServer hidden = serve(WorkerNames.HIDDEN);
        String floor = get(hidden, "/api/floor");

        assertThat(floor).contains("\"name\":\"" + PSEUDONYM + "\"");
        for (String list : List.of("replies", "breaches", "calls", "recent")) {
            assertThat(floor).as(list).containsPattern("\"" + list + "\":\\[\\{[^]]*\"agent\":\"" + PSEUDONYM + "\"");
        }
        assertThat(get(hidden, "/api/rows")).contains("\"workerName\":\"" + PSEUDONYM + "\"");
        assertThat(get(hidden, "/api/rows?format=csv")).contains("," + WORKER + "," + PSEUDONYM + ",");
        assertThat(get(hidden, "/api/tasks/" + TASK)).contains("\"workerName\":\"" + PSEUDONYM + "\"");
        assertThat(get(hidden, "/api/tasks/" + TASK + "/explain")).contains("\"who\":\"" + PSEUDONYM + "\"");
    }

    @Test
    void shouldNotRevealANameByASearch() throws Exception {
        ConsoleServer hidden = serve(WorkerNames.HIDDEN);
        String nobody = get(hidden, "/api/rows?agent=nobody");

        assertThat(get(hidden, "/api/rows?agent=" + NAME)).isEqualTo(nobody).contains("\"rows\":[]");
        assertThat(get(hidden, "/api/rows?agent=" + IDENTITY)).isEqualTo(nobody);
        assertThat(get(hidden, "/api/rows?agent=" + WORKER)).contains(RUNNING, CALL);
        assertThat(get(hidden, "/api/rows?agent=WK%E2%80%A6abcdef")).contains(RUNNING, CALL);
    }

    @Test
    void shouldKeepEverythingElseOfARow() throws Exception {
        String shown = body(get(serve(WorkerNames.SHOWN), "/api/tasks/" + TASK));
        String hidden = body(get(serve(WorkerNames.HIDDEN), "/api/tasks/" + TASK));

        assertThat(hidden).isEqualTo(shown.replace(NAME, PSEUDONYM).replaceAll(",\"workerEmail\":\"[^\"]*\"", ""));
    }

    @Test
    void shouldNotPassOnWhatItCannotParse() throws Exception {
        ConsoleServer hidden = serve(WorkerNames.HIDDEN, "{\"author\":\"" + NAME + "\"}");

        HttpResponse<String> answer =
                client.send(request(hidden, "/api/tasks/" + TASK + "/explain"), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("names, which are hidden").doesNotContain(NAME);
    }

    private ConsoleServer serve(WorkerNames names) throws Exception {
        return serve(names, EXPLANATION);
    }

    private ConsoleServer serve(WorkerNames names, String explanation) throws Exception {
        FloorModel model = new FloorModel(names);
        fill(model);
        Explainer explainer = sid -> CompletableFuture.completedFuture(new Query.Answer(200, explanation));
        ConsoleServer server = new ConsoleServer(
                new ConsoleServer.Address("127.0.0.1", 0),
                new Access(null, null),
                model,
                new FloorView(
                        model,
                        () -> NOW,
                        ZoneOffset.UTC,
                        Configuration.parse("targets", "targets: {response: {within: PT30S}}")
                                .targets(),
                        CalendarConfiguration.NONE,
                        CapacityConfiguration.NONE,
                        Optional::empty),
                Optional::empty,
                names == WorkerNames.HIDDEN ? new PseudonymousExplainer(explainer) : explainer,
                Set.of());
        vertx.deployVerticle(server).toCompletionStage().toCompletableFuture().get();
        return server;
    }

    /** A reservation with a late reply and a bad call, so that it is in every list of the floor. */
    private static void fill(FloorModel model) {
        model.worker(WORKER, new WorkerStatus(WORKER, NAME, "Available", NOW, List.of(), null), null);
        row(model, RUNNING, null, "{\"firstResponseTime\":10.50}");
        row(model, CALL, "2026-01-05T11:58:00Z", "{\"mos\":2.50}");
    }

    private static void row(FloorModel model, String sid, @Nullable String endedAt, String values) {
        String ended = endedAt == null ? "" : ",\"endedAt\":\"" + endedAt + "\"";
        // a field of a later version is passed on if names are shown
        byte[] json = ("{\"reservationSid\":\"" + sid + "\",\"taskSid\":\"" + TASK + "\",\"revision\":1,\"state\":\""
                        + (endedAt == null ? "running" : "final") + "\",\"workerSid\":\"" + WORKER
                        + "\",\"workerName\":\""
                        + NAME
                        + "\",\"channel\":\"chat\",\"queueName\":\"Support\",\"acceptedAt\":\"2026-01-05T11:50:00Z\""
                        + ended + ",\"values\":" + values
                        + ",\"messages\":{\"complete\":true,\"missing\":[],\"waitingSince\":\"2026-01-05T11:55:00Z\"},\"workerEmail\":\""
                        + NAME + "\"}")
                .getBytes(UTF_8);
        ReservationMetrics row = Topics.RESERVATION_METRICS
                .valueSerde()
                .deserializer()
                .deserialize(Topics.RESERVATION_METRICS.name(), json);
        model.row(sid, row, json);
    }

    /** Headers and body; for a stream its first event. */
    private String get(ConsoleServer server, String path) throws Exception {
        HttpResponse<InputStream> answer =
                client.send(request(server, path), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return headers(answer) + (path.equals("/api/stream") ? event(answer) : text(answer));
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("{\"taskSid\""));
    }

    private static HttpRequest request(ConsoleServer server, String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .build();
    }

    private static String headers(HttpResponse<?> answer) {
        return answer.headers().map().toString();
    }

    private static String text(HttpResponse<InputStream> answer) throws IOException {
        try (InputStream body = answer.body()) {
            return new String(body.readAllBytes(), UTF_8);
        }
    }

    private static String event(HttpResponse<InputStream> answer) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
            StringBuilder event = new StringBuilder();
            for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                event.append(line).append('\n');
            }
            return event.toString();
        }
    }
}
