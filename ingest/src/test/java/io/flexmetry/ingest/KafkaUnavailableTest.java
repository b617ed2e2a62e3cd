package io.flexmetry.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.settings.Environment;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a reboot, ingest may start before Kafka's container, whose host name does not resolve until it runs. */
class KafkaUnavailableTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private Ingest ingest;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        ingest = Ingest.start(
                Environment.of(Map.of(
                        "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS",
                        "kafka.invalid:9092",
                        "FLEXMETRY_SPOOL_DIR",
                        folder.toString(),
                        "FLEXMETRY_HTTP_PORT",
                        "0",
                        "FLEXMETRY_PUBLIC_URL",
                        TestIngest.PUBLIC_URL.toString(),
                        "TWILIO_AUTH_TOKEN",
                        TestIngest.TOKEN)),
                InstantSource.system());
    }

    @AfterEach
    void close() {
        ingest.close();
    }

    @Test
    void shouldAcceptEventsAndSpoolThem() throws Exception {
        Map<String, String> form = Map.of("EventType", "task.created", "TaskSid", "WT0000000000000000000000000000ab01");
        HttpRequest request = HttpRequest.newBuilder(uri("/webhooks/taskrouter"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-Twilio-Signature", TestIngest.sign("/webhooks/taskrouter", form))
                .POST(HttpRequest.BodyPublishers.ofString(form.entrySet().stream()
                        .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                        .collect(Collectors.joining("&"))))
                .build();

        assertThat(send(request).statusCode()).isEqualTo(204);
        assertThat(get("/metrics")).contains("flexmetry_ingest_spool_depth 1.0");
    }

    @Test
    void shouldReportDegraded() throws Exception {
        assertThat(ingest.isReady()).isFalse();
        assertThat(get("/health/ready")).contains("degraded");
    }

    private String get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).build()).body();
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + ingest.port() + path);
    }
}
