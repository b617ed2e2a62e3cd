package io.flexmetry.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flexmetry.ingest.publish.RecordingPublisher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that wait for Kafka are limited, and finish before ingest stops. */
class RequestsInFlightTest {

    @TempDir
    Path folder;

    @Test
    void shouldLimitRequestsInFlightAndFinishThemBeforeItStops() throws Exception {
        RecordingPublisher kafka = RecordingPublisher.slow();
        TestIngest ingest = TestIngest.start(
                folder,
                InstantSource.system(),
                URI.create("http://127.0.0.1:9"),
                kafka,
                1 << 20,
                10_000,
                Connections.Limits.standard());
        int port = ingest.port();
        CompletableFuture<HttpResponse<String>> response = HttpClient.newHttpClient()
                .sendAsync(signed(port, Forms.reservation("accepted"), 0), BodyHandlers.ofString());
        await().until(() -> !kafka.isEmpty());

        HttpResponse<String> oneTooMany = HttpClient.newHttpClient()
                .send(signed(port, Forms.reservation("accepted"), 5_000), BodyHandlers.ofString());
        assertThat(oneTooMany.statusCode())
                .as("exceeds the limit together with the request in flight")
                .isEqualTo(503);
        assertThat(oneTooMany.headers().firstValue("Retry-After")).isPresent();

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(ingest::close);
        await().until(() -> refusesConnections(port));
        assertThat(response).isNotDone();
        kafka.completeNext();
        // the copy for the worker
        kafka.completeNext();

        assertThat(response.get().statusCode()).isEqualTo(204);
        stopped.get();
    }

    private static boolean refusesConnections(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }

    private static HttpRequest signed(int port, Map<String, String> form, int padding) throws Exception {
        form.put("Padding", "x".repeat(padding));
        StringBuilder data = new StringBuilder(TestIngest.PUBLIC_URL + "/webhooks/taskrouter");
        new TreeMap<>(form).forEach((name, value) -> data.append(name).append(value));
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec("token".getBytes(UTF_8), "HmacSHA1"));
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/webhooks/taskrouter"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "X-Twilio-Signature",
                        Base64.getEncoder()
                                .encodeToString(mac.doFinal(data.toString().getBytes(UTF_8))))
                .POST(BodyPublishers.ofByteArray(Forms.encode(form)))
                .build();
    }
}
