package io.flexmetry.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.topic.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The beacon over real HTTP, with a stand-in for Twilio's token endpoint. */
class BeaconTest {

    private static final String WORKER = "WK10000000000000000000000000000001";
    private static final String FLEX = "https://flex.twilio.com";
    private static final String BODY = "{%s\"tabId\":\"tab-1\",\"sentAt\":5000,\"events\":["
            + "{\"seq\":1,\"at\":1000,\"kind\":\"select\",\"reservationSid\":\"WR1\",\"taskSid\":\"WT1\"},"
            + "{\"seq\":2,\"at\":2000,\"kind\":\"hidden\"}]}";

    @TempDir
    Path folder;

    private final TestIngest.Clock clock = new TestIngest.Clock(Instant.parse("2026-01-05T08:00:10Z"));
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile String verdict =
            "{\"valid\":true,\"worker_sid\":\"" + WORKER + "\",\"expiration\":\"2026-01-05T08:02:10Z\"}";
    private volatile int status = 200;
    private HttpServer iam;
    private TestIngest ingest;

    @BeforeEach
    void start() throws Exception {
        iam = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        iam.createContext("/v1/Accounts/" + TestIngest.ACCOUNT + "/Tokens/validate", exchange -> {
            asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = verdict.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        iam.start();
        ingest = TestIngest.start(
                folder, clock, URI.create("http://127.0.0.1:" + iam.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        ingest.close();
        iam.stop(0);
    }

    @Test
    void shouldStoreABatchForTheTokensWorker() throws Exception {
        HttpResponse<String> response = post(BODY.formatted("\"token\":\"jwe\","), request -> request);

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(events()).hasSize(2).allSatisfy(event -> assertThat(((FocusFact) event.fact()).workerSid())
                .isEqualTo(WORKER));
        assertThat(events().get(0).occurredAt()).isEqualTo(clock.instant().minusSeconds(4));
        assertThat(asked).singleElement().asString().startsWith("Basic ").endsWith("{\"token\":\"jwe\"}");
    }

    @Test
    void shouldAcceptTheTokenInTheHeader() throws Exception {
        assertThat(post(BODY.formatted(""), request -> request.header("Authorization", "Bearer jwe"))
                        .statusCode())
                .isEqualTo(204);
        assertThat(post(BODY.formatted(""), request -> request).statusCode()).isEqualTo(403);
    }

    @Test
    void shouldAcceptTextBecauseSendBeaconCannotSendJson() throws Exception {
        assertThat(post(
                                BODY.formatted("\"token\":\"jwe\","),
                                request -> request.setHeader("Content-Type", "text/plain;charset=UTF-8"))
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void shouldRefuseATokenThatTwilioRejects() throws Exception {
        verdict = "{\"valid\":false,\"code\":0,\"message\":\"expired\"}";

        HttpResponse<String> response = post(BODY.formatted("\"token\":\"jwe\","), request -> request);

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).doesNotContain("jwe");
        assertThat(events()).isEmpty();
    }

    @Test
    void shouldRefuseAValidTokenWithoutAWorker() throws Exception {
        verdict = "{\"valid\":true,\"identity\":\"guest\"}";

        assertThat(send()).isEqualTo(403);
    }

    @Test
    void shouldValidateATokenOnceUntilItExpires() throws Exception {
        send();
        send();
        assertThat(asked).hasSize(1);

        clock.advance(Duration.ofSeconds(121));
        assertThat(send())
                .as("Twilio still reports it as valid but it has expired")
                .isEqualTo(403);
        assertThat(asked).hasSize(2);
    }

    @Test
    void shouldValidateATokenAgainAfterFiveMinutes() throws Exception {
        verdict = verdict.replace("08:02:10", "20:00:00");
        send();
        clock.advance(Duration.ofMinutes(4));
        send();
        assertThat(asked).hasSize(1);

        clock.advance(Duration.ofMinutes(2));
        verdict = "{\"valid\":false}";
        assertThat(send()).isEqualTo(403);
    }

    @Test
    void shouldRespond503WhenTwilioFailsAndValidateAgain() throws Exception {
        status = 500;
        assertThat(send()).isEqualTo(503);

        status = 200;
        assertThat(send()).isEqualTo(204);
    }

    @Test
    void shouldRefuseAMalformedBatchBeforeItCallsTwilio() throws Exception {
        HttpResponse<String> response =
                post(BODY.formatted("\"token\":\"jwe\",").replace("select", "stare"), r -> r);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("kind");
        assertThat(asked).isEmpty();
    }

    @Test
    void shouldAllowPagesOfFlex() throws Exception {
        HttpResponse<String> preflight = client.send(
                HttpRequest.newBuilder(ingest.uri("/beacon/focus"))
                        .method("OPTIONS", BodyPublishers.noBody())
                        .header("Origin", FLEX)
                        .header("Access-Control-Request-Method", "POST")
                        .build(),
                BodyHandlers.ofString());
        HttpResponse<String> allowed =
                post(BODY.formatted("\"token\":\"jwe\","), request -> request.header("Origin", FLEX));
        HttpResponse<String> foreign =
                post(BODY.formatted("\"token\":\"jwe\","), request -> request.header("Origin", "https://example.com"));

        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue(FLEX);
        assertThat(preflight
                        .headers()
                        .firstValue("Access-Control-Allow-Headers")
                        .orElseThrow())
                .contains("Content-Type", "Authorization");
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).hasValue(FLEX);
        assertThat(foreign.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    private int send() throws Exception {
        return post(BODY.formatted("\"token\":\"jwe\","), request -> request).statusCode();
    }

    private HttpResponse<String> post(String body, UnaryOperator<HttpRequest.Builder> change)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(ingest.uri("/beacon/focus"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        return client.send(change.apply(request).build(), BodyHandlers.ofString());
    }

    private List<Event> events() {
        return ingest.kafka().sentTo(Topics.FOCUS_EVENTS);
    }
}
