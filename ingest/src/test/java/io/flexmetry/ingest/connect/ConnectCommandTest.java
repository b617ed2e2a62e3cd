package io.flexmetry.ingest.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flexmetry.contract.settings.Environment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Uses a stand-in for Twilio's REST API that records requests. */
class ConnectCommandTest {

    private static final String WORKSPACE = "WS10000000000000000000000000000001";
    private static final String ORIGIN = "https://flexmetry.example.com";

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> posts = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private HttpServer twilio;
    private String publicUrl = ORIGIN;
    private volatile boolean unavailable;
    private String base;

    @BeforeEach
    void start() throws IOException {
        twilio = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        twilio.createContext("/", this::answer);
        twilio.start();
        base = "http://127.0.0.1:" + twilio.getAddress().getPort();
        answers.put("/v1/Workspaces/" + WORKSPACE, "{\"event_callback_url\":null,\"events_filter\":\"\"}");
        answers.put("/v1/Configuration/Webhooks", "{\"method\":\"GET\",\"filters\":[\"onDeliveryUpdated\"]}");
        answers.put("/v1/Types", types());
        answers.put("/v1/Sinks", "{\"sinks\":[],\"meta\":{\"next_page_url\":null}}");
        answers.put("/v1/Subscriptions", "{\"subscriptions\":[],\"meta\":{}}");
    }

    @AfterEach
    void stop() {
        twilio.stop(0);
    }

    @Test
    void shouldPrintTheSettingsWithoutCallingTwilio() {
        String printed = run(0, "--dry-run");

        assertThat(printed)
                .contains("EventCallbackUrl = " + ORIGIN + "/webhooks/taskrouter#rc=5&rp=all")
                .contains("PostWebhookUrl = " + ORIGIN + "/webhooks/conversations")
                .contains("Filters = onMessageAdded")
                .contains("\"destination\":\"" + ORIGIN + "/webhooks/event-streams\"")
                .contains("com.twilio.taskrouter.reservation.wrapup")
                .doesNotContain("secret");
        assertThat(posts).isEmpty();
    }

    @Test
    void shouldApplyTheSettings() {
        String printed = run(0);

        assertThat(posts)
                .anyMatch(post -> post.startsWith("/v1/Workspaces/" + WORKSPACE)
                        && post.contains("EventCallbackUrl=" + ORIGIN + "/webhooks/taskrouter#rc=5&rp=all"))
                .anyMatch(post -> post.startsWith("/v1/Configuration/Webhooks")
                        && post.contains("Method=POST")
                        && post.contains("Filters=onMessageAdded")
                        && post.contains("Filters=onDeliveryUpdated"))
                .anyMatch(post -> post.startsWith("/v1/Sinks") && post.contains("SinkType=webhook"))
                .anyMatch(post -> post.startsWith("/v1/Subscriptions")
                        && post.contains("SinkSid=DG1")
                        && post.contains("{\"type\":\"com.twilio.taskrouter.reservation.wrapup\"}"))
                .hasSize(4);
        assertThat(printed).contains("does not offer com.twilio.voice.insights.call-metrics.sdk");
    }

    @Test
    void shouldNotChangeMatchingSettings() {
        String all = "\"onMessageAdded\",\"onMessageUpdated\",\"onMessageRemoved\",\"onParticipantAdded\","
                + "\"onParticipantUpdated\",\"onParticipantRemoved\",\"onConversationAdded\","
                + "\"onConversationUpdated\",\"onConversationRemoved\",\"onConversationStateUpdated\"";
        answers.put(
                "/v1/Workspaces/" + WORKSPACE,
                "{\"event_callback_url\":\"" + ORIGIN + "/webhooks/taskrouter#rc=5&rp=all\"}");
        answers.put(
                "/v1/Configuration/Webhooks",
                "{\"method\":\"POST\",\"post_webhook_url\":\"" + ORIGIN + "/webhooks/conversations\",\"filters\":["
                        + all + "]}");
        answers.put(
                "/v1/Sinks",
                "{\"sinks\":[{\"sid\":\"DG1\",\"sink_configuration\":{\"destination\":\"" + ORIGIN
                        + "/webhooks/event-streams\"}}]}");
        answers.put("/v1/Subscriptions", "{\"subscriptions\":[{\"sid\":\"DF1\"}]}");
        answers.put("/v1/Subscriptions/DF1/SubscribedEvents", types());

        run(0);

        assertThat(posts).isEmpty();
    }

    @Test
    void shouldSubscribeToMissingTypes() {
        answers.put(
                "/v1/Sinks",
                "{\"sinks\":[{\"sid\":\"DG1\",\"sink_configuration\":{\"destination\":\"" + ORIGIN
                        + "/webhooks/event-streams\"}}]}");
        answers.put("/v1/Subscriptions", "{\"subscriptions\":[{\"sid\":\"DF1\"}]}");
        answers.put(
                "/v1/Subscriptions/DF1/SubscribedEvents",
                "{\"types\":[{\"type\":\"com.twilio.taskrouter.reservation.accepted\"}]}");

        run(0);

        assertThat(posts)
                .contains("/v1/Subscriptions/DF1/SubscribedEvents Type=com.twilio.taskrouter.reservation.wrapup");
    }

    @Test
    void shouldNotReplaceAnotherCallbackUnlessRequested() {
        answers.put("/v1/Workspaces/" + WORKSPACE, "{\"event_callback_url\":\"https://other.example.com/x\"}");

        assertThat(run(1)).isEmpty();
        assertThat(errors.toString(UTF_8))
                .contains("https://other.example.com/x")
                .contains("--replace");
        assertThat(posts).isEmpty();

        run(0, "--replace");
        assertThat(posts).hasSize(4);
    }

    /** One origin may serve several applications. */
    @ParameterizedTest
    @ValueSource(strings = {"/other", "/webhooks/taskrouter-of-another", "/webhooks/conversations"})
    void shouldNotReplaceAnotherCallbackOfTheSameOriginUnlessRequested(String path) {
        answers.put("/v1/Workspaces/" + WORKSPACE, "{\"event_callback_url\":\"" + ORIGIN + path + "\"}");

        run(1);

        assertThat(errors.toString(UTF_8)).contains(ORIGIN + path).contains("--replace");
        assertThat(posts).isEmpty();
    }

    @Test
    void shouldReplaceItsOwnCallbackWithOtherRetries() {
        answers.put(
                "/v1/Workspaces/" + WORKSPACE, "{\"event_callback_url\":\"" + ORIGIN + "/webhooks/taskrouter#rc=1\"}");

        run(0);

        assertThat(posts).anyMatch(post -> post.startsWith("/v1/Workspaces/" + WORKSPACE));
    }

    @Test
    void shouldPrintTheStatusOfAnEmptyRefusal() {
        unavailable = true;

        run(1);

        assertThat(errors.toString(UTF_8).strip()).endsWith("Twilio responded with 502");
    }

    @Test
    void shouldPrintWhyTwilioRefused() {
        answers.clear();

        run(1);

        assertThat(errors.toString(UTF_8))
                .contains("GET https://taskrouter.twilio.com/v1/Workspaces/" + WORKSPACE, "404", "20404");
    }

    @Test
    void shouldNameAMissingVariable() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Environment empty = Environment.of(Map.of());

        int code = new CommandLine(new ConnectCommand(
                        empty, new PrintStream(printed, true, UTF_8), new PrintStream(errors, true, UTF_8)))
                .execute();

        assertThat(code).isEqualTo(2);
        assertThat(errors.toString(UTF_8)).contains("FLEXMETRY_PUBLIC_URL");
        assertThat(printed.toString(UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:8080",
                "http://127.0.0.1",
                "http://10.1.2.3:80",
                "https://192.168.0.7",
                "https://172.20.0.1",
                "http://[::1]:8080",
                "http://[fd00::1]",
                "http://flexmetry:8080",
                "https://host.internal",
                "http://box.local"
            })
    void shouldRefuseAPublicUrlThatTwilioCannotCall(String url) {
        publicUrl = url;
        base = null;

        String printed = run(2);

        assertThat(printed).isEmpty();
        assertThat(errors.toString(UTF_8))
                .isEqualTo(
                        "connect: Expected FLEXMETRY_PUBLIC_URL to be an origin that Twilio can call over the internet"
                                + " but it is " + url + System.lineSeparator());
    }

    @Test
    void shouldOnlyWarnAboutItInADryRun() {
        publicUrl = "http://localhost:8080";
        base = null;

        String printed = run(0, "--dry-run");

        assertThat(printed).contains("EventCallbackUrl = http://localhost:8080/webhooks/taskrouter");
        assertThat(errors.toString(UTF_8)).contains("connect: warning: Expected FLEXMETRY_PUBLIC_URL");
    }

    @Test
    void shouldAllowALocalUrlForALocalTwilioStandIn() {
        publicUrl = "http://localhost:8080";

        run(0);

        assertThat(posts).hasSize(4);
        assertThat(errors.toString(UTF_8)).isEmpty();
    }

    private String run(int expectedCode, String... arguments) {
        Map<String, String> variables = new HashMap<>();
        variables.put("TWILIO_ACCOUNT_SID", "AC10000000000000000000000000000001");
        variables.put("TWILIO_AUTH_TOKEN", "secret");
        variables.put("TWILIO_WORKSPACE_SID", WORKSPACE);
        variables.put("FLEXMETRY_PUBLIC_URL", publicUrl);
        if (base != null) {
            variables.put("FLEXMETRY_TWILIO_BASE_URL", base);
        }
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        int code = new CommandLine(new ConnectCommand(
                        Environment.of(variables),
                        new PrintStream(printed, true, UTF_8),
                        new PrintStream(errors, true, UTF_8)))
                .execute(arguments);
        assertThat(code).as(printed.toString(UTF_8) + errors.toString(UTF_8)).isEqualTo(expectedCode);
        return printed.toString(UTF_8);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        if (unavailable) {
            exchange.sendResponseHeaders(502, -1);
            exchange.close();
            return;
        }
        String answer = answers.get(path);
        int status = answer == null ? 404 : 200;
        if (answer == null) {
            answer = "{\"code\":20404,\"message\":\"not found\"}";
        } else if (exchange.getRequestMethod().equals("POST")) {
            posts.add(path + " " + URLDecoder.decode(body, UTF_8));
            answer = "{\"sid\":\"DG1\"}";
        }
        byte[] bytes = answer.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** All required types except one. */
    private static String types() {
        List<String> types = new ArrayList<>();
        for (String change :
                "created accepted rejected timeout canceled rescinded wrapup completed failed".split(" ", -1)) {
            types.add("taskrouter.reservation." + change);
        }
        for (String change : ("created updated canceled wrapup completed deleted system-deleted transfer-initiated"
                        + " transfer-attempt-failed transfer-failed transfer-canceled transfer-completed")
                .split(" ", -1)) {
            types.add("taskrouter.task." + change);
        }
        for (String change : "created deleted activity.update attributes.update".split(" ", -1)) {
            types.add("taskrouter.worker." + change);
        }
        for (String thing : "message participant conversation".split(" ", -1)) {
            for (String change : "added updated removed".split(" ", -1)) {
                types.add("conversations." + thing + "." + change);
            }
        }
        types.addAll(Arrays.asList(
                "conversations.conversation-state.updated",
                "voice.insights.call-summary.complete",
                "voice.insights.conference-participant-summary.complete"));
        return types.stream()
                .map(type -> "{\"type\":\"com.twilio." + type + "\"}")
                .collect(java.util.stream.Collectors.joining(",", "{\"types\":[", "]}"));
    }
}
