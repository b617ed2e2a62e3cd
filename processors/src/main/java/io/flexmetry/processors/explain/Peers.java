package io.flexmetry.processors.explain;

import io.flexmetry.contract.service.Query.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** HTTP client for the other instances. */
final class Peers {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    /**
     * Returns the answer of another instance; empty if it does not answer.
     *
     * @param host host and port
     * @param question path and parameters
     */
    Optional<Answer> ask(String host, String question) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + question))
                    .timeout(TIMEOUT)
                    .build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            return Optional.of(new Answer(answer.statusCode(), answer.body()));
        } catch (IOException | IllegalArgumentException e) {
            // unreachable, or its name is not valid in a URI
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
