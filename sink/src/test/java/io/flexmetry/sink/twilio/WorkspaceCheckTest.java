package io.flexmetry.sink.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.twilio.exception.ApiConnectionException;
import com.twilio.exception.ApiException;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.TwilioAccount;
import io.flexmetry.contract.settings.TwilioSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The check over real HTTP, against Twilio and against other servers in its place. */
class WorkspaceCheckTest {

    private static final String ACCOUNT = "AC10000000000000000000000000000001";
    private static final String WORKSPACE = "WS10000000000000000000000000000001";
    private static final String WORKFLOW = "WW10000000000000000000000000000001";
    private static final String WORKSPACE_PATH = "/v1/Workspaces/" + WORKSPACE;
    private static final String WORKFLOW_PATH = WORKSPACE_PATH + "/Workflows/" + WORKFLOW;
    private static final String TASKS_PATH = WORKSPACE_PATH + "/Tasks";
    private static final String GENERIC = "404 {\"code\":20404,\"message\":\"The requested resource was not found\"}";

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @MethodSource
    void shouldStopTheStartWhenTwilioDoesNotKnowWhatTheSettingsName(String path, String answer, List<String> message) {
        answers.put(WORKSPACE_PATH, found(WORKSPACE));
        answers.put(path, answer);

        assertThatThrownBy(() -> check(false).atStart(http()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll(message.toArray(CharSequence[]::new))
                .message()
                .doesNotContain("secret");
    }

    static Stream<Arguments> shouldStopTheStartWhenTwilioDoesNotKnowWhatTheSettingsName() {
        return Stream.of(
                argumentSet(
                        "credentials",
                        WORKSPACE_PATH,
                        "401 {\"code\":20003,\"message\":\"Authenticate\"}",
                        List.of("TWILIO_ACCOUNT_SID " + ACCOUNT, "TWILIO_AUTH_TOKEN", "401 code 20003: Authenticate")),
                argumentSet(
                        "rights",
                        WORKSPACE_PATH,
                        "403 {\"code\":20403,\"message\":\"Forbidden\"}",
                        List.of("TWILIO_WORKSPACE_SID " + WORKSPACE, "allowed to read", "403 code 20403: Forbidden")),
                argumentSet(
                        "workspace",
                        WORKSPACE_PATH,
                        missing(WORKSPACE_PATH),
                        List.of("TWILIO_WORKSPACE_SID", WORKSPACE, ACCOUNT, "404 code 20404")),
                argumentSet(
                        "workflow",
                        WORKFLOW_PATH,
                        missing(WORKFLOW_PATH),
                        List.of("writeBack.lateWorkflow", WORKFLOW, WORKSPACE, "404 code 20404")));
    }

    @ParameterizedTest
    @MethodSource
    void shouldStopTheStartOnlyForTwiliosErrorWhenAnotherServerIsInItsPlace(Map<String, String> given, boolean stops) {
        answers.putAll(given);

        if (stops) {
            assertThatThrownBy(() -> check(true).atStart(http())).isInstanceOf(SettingsException.class);
        } else {
            assertThatCode(() -> check(true).atStart(http())).doesNotThrowAnyException();
        }
    }

    static Stream<Arguments> shouldStopTheStartOnlyForTwiliosErrorWhenAnotherServerIsInItsPlace() {
        String wrong = missing(WORKSPACE_PATH);
        return Stream.of(
                argumentSet(
                        "knows all", Map.of(WORKSPACE_PATH, found(WORKSPACE), WORKFLOW_PATH, found(WORKFLOW)), false),
                argumentSet("404 as text", Map.of(WORKSPACE_PATH, "404 <h1>Not Found</h1>"), false),
                argumentSet("404 of no resource", Map.of(WORKSPACE_PATH, GENERIC), false),
                argumentSet("405", Map.of(WORKSPACE_PATH, "405 {}"), false),
                argumentSet("501", Map.of(WORKSPACE_PATH, "501 {}"), false),
                argumentSet("401 of no Twilio", Map.of(WORKSPACE_PATH, "401 no"), false),
                argumentSet("403 of no Twilio", Map.of(WORKSPACE_PATH, "403 {\"error\":\"no\"}"), false),
                argumentSet("knows tasks", Map.of(WORKSPACE_PATH, wrong, TASKS_PATH, "400 {}"), false),
                argumentSet(
                        "answers for any task",
                        Map.of(WORKSPACE_PATH, wrong, TASKS_PATH + "/WT" + "0".repeat(32), "200 {}"),
                        false),
                argumentSet(
                        "knows no workflows",
                        Map.of(WORKSPACE_PATH, "200 {}", WORKFLOW_PATH, missing(WORKFLOW_PATH)),
                        false),
                argumentSet("401 of Twilio", Map.of(WORKSPACE_PATH, "401 {\"code\":20003}"), true),
                argumentSet("403 of Twilio", Map.of(WORKSPACE_PATH, "403 {\"code\":20403}"), true),
                argumentSet("404 of Twilio", Map.of(WORKSPACE_PATH, wrong), true),
                argumentSet(
                        "404 of Twilio for the workflow",
                        Map.of(WORKSPACE_PATH, found(WORKSPACE), WORKFLOW_PATH, missing(WORKFLOW_PATH)),
                        true));
    }

    @ParameterizedTest
    @MethodSource
    void shouldStartWhenTwilioIsAway(String answer) {
        answers.put(WORKSPACE_PATH, answer);

        assertThatCode(() -> check(false).atStart(http())).doesNotThrowAnyException();
    }

    static Stream<String> shouldStartWhenTwilioIsAway() {
        return Stream.of("500 {}", "503 {}", "429 {}", "hang");
    }

    /** In a workspace that does not exist no task is found. */
    @Test
    void shouldNotAcceptThe404OfATaskBeforeTheWorkspaceWasFound() {
        answers.put(WORKSPACE_PATH, "503 {}");
        WorkspaceCheck check = check(false);
        check.atStart(http());
        Supplier<String> guarded = check.guard(WorkspaceCheckTest::notFound);

        assertThatThrownBy(guarded::get)
                .isInstanceOf(ApiConnectionException.class)
                .hasMessageContaining("before a task counts as gone");

        answers.put(WORKSPACE_PATH, found(WORKSPACE));
        answers.put(WORKFLOW_PATH, found(WORKFLOW));
        assertThatThrownBy(guarded::get).isInstanceOf(ApiException.class).hasMessageContaining("the task's own");
    }

    @Test
    void shouldEndTheProcessWhenTheWorkspaceTurnsOutToBeWrong() {
        answers.put(WORKSPACE_PATH, "503 {}");
        WorkspaceCheck check = check(false);
        check.atStart(http());
        answers.put(WORKSPACE_PATH, missing(WORKSPACE_PATH));

        assertThatThrownBy(check.guard(() -> "done")::get)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("TWILIO_WORKSPACE_SID");
    }

    @Test
    void shouldNotEndTheProcessForATokenThatWasRevokedMeanwhile() {
        answers.put(WORKSPACE_PATH, "503 {}");
        WorkspaceCheck check = check(false);
        check.atStart(http());
        answers.put(WORKSPACE_PATH, "401 {\"code\":20003}");

        assertThat(check.guard(() -> "done").get()).isEqualTo("done");
    }

    @Test
    void shouldAcceptThe404OfATaskFromAServerInTwiliosPlace() {
        answers.put(WORKSPACE_PATH, "500 {}");
        WorkspaceCheck check = check(true);
        check.atStart(http());

        assertThatThrownBy(check.guard(WorkspaceCheckTest::notFound)::get)
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("the task's own");
    }

    @Test
    void shouldReadOnceWhenAllIsWell() {
        answers.put(WORKSPACE_PATH, found(WORKSPACE));
        answers.put(WORKFLOW_PATH, found(WORKFLOW));
        WorkspaceCheck check = check(false);
        check.atStart(http());

        assertThat(check.guard(() -> "done").get()).isEqualTo("done");
        assertThat(asked).containsExactly(WORKSPACE_PATH, WORKFLOW_PATH);
    }

    private static String notFound() {
        throw new ApiException("the task's own", 20404, "", 404, 404, null, false, null);
    }

    private static String found(String sid) {
        return "200 {\"sid\":\"" + sid + "\"}";
    }

    private static String missing(String path) {
        return "404 {\"code\":20404,\"message\":\"The requested resource " + path + " was not found\",\"status\":404}";
    }

    private WorkspaceCheck check(boolean standIn) {
        return new WorkspaceCheck(settings(), WORKFLOW, http(), standIn);
    }

    private TwilioHttpClient http() {
        return new TwilioHttpClient(
                settings().account(), RequestGate.free(), Duration.ofMillis(500), InstantSource.fixed(Instant.EPOCH));
    }

    private TwilioSettings settings() {
        URI origin = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new TwilioSettings(new TwilioAccount(ACCOUNT, ACCOUNT, "secret", origin), WORKSPACE);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(path);
        String answer = answers.getOrDefault(path, "404 {}");
        if (answer.equals("hang")) {
            return;
        }
        byte[] body = answer.substring(4).getBytes(UTF_8);
        exchange.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
