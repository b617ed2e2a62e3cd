package io.flexmetry.sink.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.settings.TwilioAccount;
import io.flexmetry.contract.settings.TwilioSettings;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hundred tasks with one write each, at a Twilio that refuses some of the requests. */
@Timeout(120)
class RestrictedKeyTest {

    private static final String ACCOUNT = "AC10000000000000000000000000000001";
    private static final String WORKSPACE = "WS10000000000000000000000000000001";
    private static final int TASKS = 100;
    private static final Duration WHILE = Duration.ofMinutes(20);

    private final Map<String, String> attributes = new ConcurrentHashMap<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private ExecutionFixture fixture;
    private volatile Rule rule = (method, sid) -> 200;

    /** The status for a request about a task or, as {@link #WORKSPACE}, for the probe. */
    private interface Rule {
        int status(String method, String sid);
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
        URI origin = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        fixture = new ExecutionFixture(
                new TwilioSettings(new TwilioAccount(ACCOUNT, ACCOUNT, "token", origin), WORKSPACE), Set.of());
        fixture.check();
    }

    @AfterEach
    void stop() {
        fixture.close();
        server.stop(0);
    }

    @Test
    void shouldRefuseOneThatIsForbiddenAndWriteTheOthers() throws Exception {
        rule = (method, sid) -> method.equals("POST") && sid.equals(task(0)) ? 403 : 200;

        List<Outcome> outcomes = writeAll();

        assertThat(outcomes.get(0).result()).isEqualTo(new Result.Refused("Twilio answered 403 code 20403: Forbidden"));
        assertThat(outcomes.subList(1, TASKS)).allMatch(outcome -> outcome.result() instanceof Result.Written);
        assertThat(refused).as("attempts").hasSizeLessThan(10);
        assertThat(fixture.dispatcher().problem()).isEmpty();
    }

    /** The key may read tasks but not write them. */
    @Test
    void shouldLoseNothingAndReportWhyWhileWritesAreForbidden() throws Exception {
        Instant end = ExecutionFixture.NOW.plus(WHILE);
        rule = (method, sid) -> method.equals("POST") && fixture.time().now().isBefore(end) ? 403 : 200;

        List<Outcome> outcomes = writeAll();

        assertThat(outcomes).allMatch(outcome -> outcome.result() instanceof Result.Written);
        assertThat(problems).anySatisfy(problem -> assertThat(problem)
                .contains("POST /v1/Workspaces/{}/Tasks/{}", "Twilio answered 403 code 20403: Forbidden"));
        assertThat(refused).as("paced").hasSizeLessThan(2_000);
        assertThat(Set.copyOf(refused)).as("each in turn").hasSize(TASKS);
        assertThat(fixture.dispatcher().problem()).isEmpty();
    }

    /** While the credentials are rejected, only the probe and an occasional work are sent. */
    @Test
    void shouldLoseNothingWhileEverythingIsForbidden() throws Exception {
        Instant end = ExecutionFixture.NOW.plus(WHILE);
        rule = (method, sid) -> fixture.time().now().isBefore(end) ? 403 : 200;

        List<Outcome> outcomes = writeAll();

        assertThat(outcomes).allMatch(outcome -> outcome.result() instanceof Result.Written);
        assertThat(problems).anySatisfy(problem -> assertThat(problem).contains("does not accept our credentials"));
        assertThat(refused.stream().filter(WORKSPACE::equals).count())
                .as("probes")
                .isGreaterThan(refused.size() / 2);
        assertThat(fixture.dispatcher().isAuthorised()).isTrue();
    }

    /** A server in Twilio's place may have tasks only. */
    @Test
    void shouldFindBackWithoutAProbeThatIsUnderstood() throws Exception {
        Instant end = ExecutionFixture.NOW.plus(WHILE);
        rule = (method, sid) -> {
            if (sid.equals(WORKSPACE)) {
                return 404;
            }
            return fixture.time().now().isBefore(end) ? 401 : 200;
        };

        List<Outcome> outcomes = writeAll();

        assertThat(outcomes).allMatch(outcome -> outcome.result() instanceof Result.Written);
        assertThat(problems).isNotEmpty();
        assertThat(refused).as("paced").hasSizeLessThan(1_000);
    }

    private List<Outcome> writeAll() throws Exception {
        List<CompletableFuture<Object>> settled = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            attributes.put(task(i), "{}");
            settled.add(fixture.submit(new WriteAttributes(
                    task(i) + "/1",
                    task(i),
                    "WR" + i,
                    ExecutionFixture.NOW,
                    ExecutionFixture.NOW.plusSeconds(i),
                    false,
                    Map.of("focus", BigDecimal.ONE),
                    List.of(),
                    Map.of())));
        }
        fixture.start();
        List<Outcome> outcomes = new ArrayList<>();
        for (CompletableFuture<Object> one : settled) {
            outcomes.add((Outcome) one.get(100, SECONDS));
        }
        return outcomes;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String sid = path.substring(path.lastIndexOf('/') + 1);
        exchange.getRequestBody().readAllBytes();
        fixture.time().pass(Duration.ofMillis(1));
        fixture.dispatcher().problem().ifPresent(problems::add);
        int status = rule.status(exchange.getRequestMethod(), sid);
        if (status != 200) {
            refused.add(sid);
            answer(
                    exchange,
                    status,
                    "{\"code\":" + (20_000 + status) + ",\"message\":\"Forbidden\",\"status\":" + status + "}");
            return;
        }
        exchange.getResponseHeaders().set("ETag", "\"1\"");
        answer(
                exchange,
                200,
                "{\"sid\":\"" + sid + "\",\"attributes\":\"" + attributes.getOrDefault(sid, "{}")
                        + "\",\"assignment_status\":\"assigned\"}");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String task(int number) {
        return "WT" + "%032d".formatted(number);
    }
}
