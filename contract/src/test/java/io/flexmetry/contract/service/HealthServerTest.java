package io.flexmetry.contract.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthServerTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "true  |        | 200 | {\"status\":\"up\"}",
                "true  | a \"b\"| 200 | {\"status\":\"degraded\",\"reason\":\"a \\\"b\\\"\"}",
                "false |        | 503 | {\"status\":\"down\"}",
                "false | a      | 503 | {\"status\":\"down\",\"reason\":\"a\"}"
            })
    void shouldReportReadinessAndAttention(boolean ready, String attention, int status, String body) throws Exception {
        HttpResponse<String> answer;
        try (HealthServer server = HealthServer.start(0, new Fake(ready, Optional.ofNullable(attention)))) {
            URI uri = URI.create("http://localhost:" + server.port() + "/health/ready");
            answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(body);
    }

    @Test
    void shouldAnswerHealthWhileAQueryIsRunning() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Query slow = request -> {
            asked.countDown();
            await(goOn);
            return new Query.Answer(418, "{\"path\":\"" + request + "\"}", Map.of("Retry-After", "2"));
        };
        try (HealthServer server = HealthServer.start(0, new Fake(true, Optional.empty(), Map.of("/why/", slow)))) {
            CompletableFuture<HttpResponse<String>> answer = HttpClient.newHttpClient()
                    .sendAsync(request(server, "/why/me?now").build(), BodyHandlers.ofString());
            await(asked);
            int health = send(request(server, "/health/ready").build()).statusCode();
            goOn.countDown();

            assertThat(health).isEqualTo(200);
            assertThat(answer.get().statusCode()).isEqualTo(418);
            assertThat(answer.get().body()).isEqualTo("{\"path\":\"/why/me?now\"}");
            assertThat(answer.get().headers().firstValue("Retry-After")).contains("2");
            assertThat(answer.get().headers().firstValue("Content-Type")).contains("application/json");
        }
    }

    @Test
    void shouldAnswerHealthWhileAnotherClientHasSentHalfARequest() throws Exception {
        try (HealthServer server = HealthServer.start(0, new Fake(true, Optional.empty()));
                Socket slow = new Socket("localhost", server.port())) {
            slow.getOutputStream().write("GET /health".getBytes(StandardCharsets.US_ASCII));

            // repeated, because the server may read the other client's request later
            for (int i = 0; i < 20; i++) {
                HttpRequest health = request(server, "/health/live")
                        .timeout(Duration.ofSeconds(10))
                        .build();
                assertThat(send(health).statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void shouldRespondToFailedQueriesAndOtherMethods() throws Exception {
        Query broken = request -> {
            throw new IllegalStateException("a bug");
        };
        try (HealthServer server = HealthServer.start(0, new Fake(true, Optional.empty(), Map.of("/why/", broken)))) {
            HttpRequest post =
                    request(server, "/why/me").POST(BodyPublishers.noBody()).build();

            assertThat(send(request(server, "/why/me").build()).statusCode()).isEqualTo(500);
            assertThat(send(post).statusCode()).isEqualTo(405);
        }
    }

    private static HttpRequest.Builder request(HealthServer server, String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path));
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Fake(boolean isReady, Optional<String> attention, Map<String, Query> queries) implements Service {

        Fake(boolean isReady, Optional<String> attention) {
            this(isReady, attention, Map.of());
        }

        @Override
        public CompletionStage<Void> died() {
            return new CompletableFuture<>();
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
