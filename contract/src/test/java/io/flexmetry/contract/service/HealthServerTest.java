package io.flexmetry.contract.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
    void shouldSayWhetherItIsReadyAndWhatSomebodyShouldLookAt(boolean ready, String attention, int status, String body)
            throws Exception {
        HttpResponse<String> answer;
        try (HealthServer server = HealthServer.start(0, new Fake(ready, Optional.ofNullable(attention)))) {
            URI uri = URI.create("http://localhost:" + server.port() + "/health/ready");
            answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(body);
    }

    private record Fake(boolean isReady, Optional<String> attention) implements Service {

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
