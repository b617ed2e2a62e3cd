package io.flexmetry.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.console.floor.FloorModel;
import io.flexmetry.console.floor.FloorView;
import io.flexmetry.contract.floor.Stage;
import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.service.Query;
import io.flexmetry.contract.settings.CalendarConfiguration;
import io.flexmetry.contract.settings.CapacityConfiguration;
import io.flexmetry.contract.settings.PrivacyConfiguration.WorkerNames;
import io.flexmetry.contract.settings.TargetsConfiguration;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleServerTest {

    private static final String TASK = "WT" + "0".repeat(31) + "1";

    private static final String AVAILABILITY = "/api/availability";
    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";

    private final HttpClient client = HttpClient.newHttpClient();
    private final FloorModel model = new FloorModel(WorkerNames.SHOWN);
    private volatile Instant now = Instant.parse("2026-01-05T12:00:00Z");
    private volatile Optional<String> notReady = Optional.empty();
    private Vertx vertx;
    private ConsoleServer server;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = serve(new Access(null, null));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    private ConsoleServer serve(Access access) throws Exception {
        ConsoleServer started = new ConsoleServer(
                new ConsoleServer.Address("127.0.0.1", 0),
                access,
                model,
                new FloorView(
                        model,
                        () -> now,
                        ZoneId.of("UTC"),
                        TargetsConfiguration.NONE,
                        CalendarConfiguration.NONE,
                        CapacityConfiguration.NONE,
                        Optional::empty),
                () -> notReady,
                sid -> CompletableFuture.completedFuture(
                        new Query.Answer(503, "{\"error\":\"away\"}", Map.of("Retry-After", "2"))),
                Set.of("https://chat.example.com"),
                () -> 0);
        vertx.deployVerticle(started).toCompletionStage().toCompletableFuture().get();
        return started;
    }

    @ParameterizedTest
    @CsvSource({
        "/api/tasks/WT1, 400, 32 hexadecimal digits",
        "/api/tasks/WT00000000000000000000000000000001, 404, Task WT00000000000000000000000000000001 is unknown",
        "/api/tasks/WT00000000000000000000000000000001/explain, 503, away",
        "/api/floor?window=week, 400, 5m",
        "/api/floor, 200, tiles",
        "/api/series?window=week, 400, Expected window to be 5m",
        "/api/series?queue=%20, 400, Expected queue to be the name of a queue",
        "/api/series?window=5m, 200, '\"window\":\"5m\",\"seconds\":15,\"buckets\":[{\"from\":'",
        "/api/series?queue=none&format=csv, 200, 'from,to,firstResponse,'",
        "/assets/uplot/uplot.js, 200, export { uPlot as default }",
        "/assets/uplot/uplot.css, 200, .uplot",
        "/assets/uplot/license.txt, 200, Permission is hereby granted",
        "/assets/uplot/package.json, 404, There is no such file",
        "/api/rows?since=yesterday, 400, 2026-01-05T09:00:00Z",
        "/api/rows?queue=none, 200, {\"rows\":[]",
        "/api/rows?format=csv, 200, 'reservationSid,taskSid'",
        "/api/availability?task=WT1, 400, 32 hexadecimal digits",
        "/api/availability?queue=Support, 200, \"waiting\":0",
        "/nothing, 404, There is nothing at /nothing",
        "/assets/../pom.xml, 404, There is",
        "/assets/nothing.js, 404, There is no such file",
        "/health/live, 200, up",
        "/health/ready, 200, up"
    })
    void shouldAnswer(String path, int status, String content) throws Exception {
        HttpResponse<String> response = get(server, path);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains(content);
        assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'");
    }

    /** Java's client sends no such request. */
    @ParameterizedTest
    @ValueSource(strings = {"/api/floor?window=%", "/api/rows?queue=50%zz", "/api/availability?%2=1"})
    void shouldRefuseAQueryThatIsNotEscapedWell(String path) throws Exception {
        try (Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("two hexadecimal digits");
        }
    }

    @Test
    void shouldServeATaskAsInTheTopics() throws Exception {
        model.ledger(TASK, null, "{\"entries\":[]}".getBytes(StandardCharsets.UTF_8));

        assertThat(get(server, "/api/tasks/" + TASK).body())
                .isEqualTo("{\"taskSid\":\"" + TASK + "\",\"rows\":[],\"ledger\":{\"entries\":[]}}");
    }

    @Test
    void shouldChangeNothing() throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(uri(server, "/api/floor"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(405);
    }

    @Test
    void shouldPassOnTheRetryAfterOfProcessors() throws Exception {
        assertThat(get(server, "/api/tasks/" + TASK + "/explain").headers().firstValue("Retry-After"))
                .hasValue("2");
    }

    @Test
    void shouldNotSendAgainWhoIsFreeWhileItIsTheSame() throws Exception {
        String tag = get(server, AVAILABILITY).headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> same = get(AVAILABILITY, "If-None-Match", tag);
        model.worker("WK1", new WorkerStatus("WK1", "ana", "Available", null, List.of(), null), null);
        HttpResponse<String> other = get(AVAILABILITY, "If-None-Match", tag);

        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(other.body()).contains("\"available\":1");
    }

    @Test
    void shouldNotSendASeriesAgainWhileItIsTheSame() throws Exception {
        String path = "/api/series?window=today";
        HttpResponse<String> first = get(server, path);
        String tag = first.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> table = get(path, "Accept", "text/csv");

        now = now.plusSeconds(2);
        HttpResponse<String> same = get(path, "If-None-Match", tag);
        accepted();
        HttpResponse<String> shared = get(path, "If-None-Match", tag);
        now = now.plusSeconds(1);
        HttpResponse<String> other = get(path, "If-None-Match", tag);

        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(shared.statusCode()).as("within the same second").isEqualTo(304);
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(other.body()).contains("\"accepted\":1");
        assertThat(table.headers().firstValue("ETag").orElseThrow())
                .as("another representation")
                .isNotEqualTo(tag);
        assertThat(table.headers().firstValue("Content-Disposition").orElseThrow())
                .contains("series.csv");
    }

    @Test
    void shouldServeASeriesOfOneQueue() throws Exception {
        accepted();

        assertThat(get(server, "/api/series?queue=Support").body()).contains("\"queue\":\"Support\"", "\"accepted\":1");
        assertThat(get(server, "/api/series?queue=Sales").body()).doesNotContain("\"accepted\":1");
    }

    private void accepted() {
        model.task(
                TASK, new TaskStatus(TASK, Stage.ASSIGNED, now, now, now, "WK1", "chat", "Support", null, null), null);
    }

    @Test
    void shouldLetPagesOfThoseOriginsAskWhoIsFree() throws Exception {
        HttpResponse<String> allowed = get(AVAILABILITY, "Origin", "https://chat.example.com");
        HttpResponse<String> other = get(AVAILABILITY, "Origin", "https://evil.example.com");
        HttpResponse<String> floor = get("/api/floor", "Origin", "https://chat.example.com");

        assertThat(allowed.headers().firstValue(ALLOW_ORIGIN)).hasValue("https://chat.example.com");
        assertThat(other.headers().firstValue(ALLOW_ORIGIN)).isEmpty();
        assertThat(floor.headers().firstValue(ALLOW_ORIGIN)).isEmpty();
    }

    @Test
    void shouldLetTheirBrowsersSendTheToken() throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(uri(serve(new Access("a-token-of-length", null)), AVAILABILITY))
                        .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                        .header("Origin", "https://chat.example.com")
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.headers().firstValue(ALLOW_ORIGIN)).hasValue("https://chat.example.com");
        assertThat(response.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
                .contains("Authorization");
    }

    @Test
    void shouldRefuseWhoAsksTooOften() throws Exception {
        for (int i = 0; i < RequestRate.BURST; i++) {
            get(server, AVAILABILITY);
        }

        HttpResponse<String> response = get(server, AVAILABILITY);

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldReportWhyItIsNotReady() throws Exception {
        notReady = Optional.of("Reading what there is");

        HttpResponse<String> response = get(server, "/health/ready");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("Reading what there is");
    }

    @Test
    void shouldWantTheToken() throws Exception {
        ConsoleServer guarded = serve(new Access("a-token-of-length", null));

        HttpResponse<String> refused = get(guarded, "/api/floor");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Basic");
        assertThat(get(guarded, "/health/ready").statusCode())
                .as("for whoever runs it")
                .isEqualTo(200);
        HttpResponse<String> admitted = client.send(
                HttpRequest.newBuilder(uri(guarded, "/api/floor"))
                        .header("Authorization", "Bearer a-token-of-length")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(admitted.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, X-Forwarded-User, ana, 200",
        "127.0.0.1, x-forwarded-user, ana, 200",
        "127.0.0.1, X-Forwarded-User, ' ', 403",
        "127.0.0.1, X-Other, ana, 403",
        "10.0.0.5, X-Forwarded-User, ana, 403"
    })
    void shouldTrustAProxyByTheAddressOfItsConnection(String proxy, String header, String value, int status)
            throws Exception {
        ConsoleServer proxied = serve(new Access(null, TrustedProxies.of("X-Forwarded-User", proxy)));

        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(uri(proxied, "/api/floor"))
                        .header(header, value)
                        .header("X-Forwarded-For", "10.0.0.5")
                        .header("Forwarded", "for=10.0.0.5")
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("WWW-Authenticate"))
                .as("there is no token to ask for")
                .isEmpty();
        if (status == 403) {
            assertThat(response.body()).contains("X-Forwarded-User").contains("FLEXMETRY_CONSOLE_PROXIES");
        }
        assertThat(get(proxied, "/health/ready").statusCode())
                .as("for whoever runs it")
                .isEqualTo(200);
    }

    @Test
    void shouldLimitRequestsThroughAProxyToo() throws Exception {
        ConsoleServer proxied = serve(new Access(null, TrustedProxies.of("X-Forwarded-User", "127.0.0.1")));
        HttpRequest ana = HttpRequest.newBuilder(uri(proxied, AVAILABILITY))
                .header("X-Forwarded-User", "ana")
                .build();
        for (int i = 0; i < RequestRate.BURST; i++) {
            get(proxied, AVAILABILITY);
        }
        assertThat(client.send(ana, HttpResponse.BodyHandlers.ofString()).statusCode())
                .as("who is refused takes nothing from others")
                .isEqualTo(200);
        for (int i = 1; i < RequestRate.BURST; i++) {
            client.send(ana, HttpResponse.BodyHandlers.ofString());
        }

        assertThat(client.send(ana, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(429);
    }

    @Test
    void shouldSendTheFloorAndThenOnlyWhatAPageHasMissed() throws Exception {
        List<String> first = event(null);
        assertThat(first.get(1)).isEqualTo("event: floor");
        assertThat(first.get(2)).startsWith("data: {\"at\":");
        String id = first.get(0).substring("id: ".length());
        model.worker("WK1", new WorkerStatus("WK1", "ana", null, null, List.of(), null), null);

        List<String> second = event(id);

        assertThat(second.get(1)).isEqualTo("event: patch");
        assertThat(second.get(2)).contains("\"set\":[{\"key\":\"WK1\",\"name\":\"ana\"");
    }

    private List<String> event(@Nullable String lastId) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(server, "/api/stream?window=5m"));
        if (lastId != null) {
            request.header("Last-Event-ID", lastId);
        }
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                        .body(),
                StandardCharsets.UTF_8))) {
            List<String> event = new ArrayList<>();
            for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                event.add(line);
            }
            return event;
        }
    }

    private HttpResponse<String> get(ConsoleServer asked, String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(asked, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, String header, String value) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(server, path)).header(header, value).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(ConsoleServer asked, String path) {
        return URI.create("http://localhost:" + asked.port() + path);
    }
}
