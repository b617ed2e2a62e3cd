package io.flexmetry.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.publish.RecordingPublisher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real HTTP on a free port, with a mock producer in place of Kafka. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IngestTest {

    private static final String TASKROUTER = "/webhooks/taskrouter";
    private static final String CONVERSATIONS = "/webhooks/conversations";

    private final HttpClient client = HttpClient.newHttpClient();
    private final RecordingPublisher kafka = new RecordingPublisher();
    private static final long SPOOL_BYTES = 4_000;

    /** Well-formed but wrong. */
    private static final String SOME_SIGNATURE = "x".repeat(27) + "=";

    @TempDir
    static Path folder;

    private TestIngest ingest;

    @BeforeAll
    void start() throws Exception {
        ingest = TestIngest.start(
                folder,
                InstantSource.fixed(Instant.parse("2026-01-05T08:00:10Z")),
                URI.create("http://127.0.0.1:9"),
                kafka,
                SPOOL_BYTES,
                4L << 20,
                Connections.Limits.standard());
    }

    @AfterAll
    void stop() {
        ingest.close();
    }

    @BeforeEach
    void reset() {
        kafka.acceptAll();
        await().until(() -> get("/metrics").body().contains("flexmetry_ingest_spool_depth 0.0"));
        kafka.reset();
    }

    @Test
    void shouldRespond204OnceKafkaHasTheEvent() throws Exception {

        HttpResponse<String> response = signed(TASKROUTER, Forms.reservation("accepted"));

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(kafka.sentTo(Topics.TASK_EVENTS)).singleElement().satisfies(event -> assertThat(event.type())
                .isEqualTo("reservation.accepted"));
        assertThat(kafka.sentTo(Topics.WORKER_EVENTS))
                .as("a copy for consumers of worker events")
                .isEqualTo(kafka.sentTo(Topics.TASK_EVENTS));
    }

    @Test
    void shouldAcceptConversationsWithASignedQuery() throws Exception {

        HttpResponse<String> response = signed(CONVERSATIONS + "?service=a%20b", Forms.message("Added"));

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(kafka.sentTo(Topics.CONVERSATION_EVENTS)).hasSize(1);
    }

    @Test
    void shouldSpoolAndReportDegradedWhileKafkaIsUnavailable() throws Exception {
        kafka.refuseAll();

        HttpResponse<String> response = signed(TASKROUTER, Forms.reservation("accepted"));

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(kafka.isEmpty()).isTrue();
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").body()).contains("degraded");
        kafka.acceptAll();
        await().until(() -> kafka.sentTo(Topics.TASK_EVENTS).size() == 1);
    }

    @Test
    void shouldRespond503WithRetryAfterWhenTheSpoolIsFull() throws Exception {
        kafka.refuseAll();
        for (int i = 0; i < 10; i++) {
            signed(TASKROUTER, Forms.reservation("accepted"));
        }

        HttpResponse<String> response = signed(TASKROUTER, Forms.reservation("accepted"));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
        assertThat(response.body()).contains("kafka-unavailable");
    }

    @Test
    void shouldRefuseUnsignedRequests() throws Exception {
        byte[] body = Forms.encode(Forms.reservation("accepted"));

        assertThat(post(TASKROUTER, body, null).statusCode()).isEqualTo(403);
        assertThat(post(TASKROUTER, body, "forged").statusCode()).isEqualTo(403);
        assertThat(post(TASKROUTER, cut(body), TestIngest.sign(TASKROUTER, Forms.reservation("accepted")))
                        .statusCode())
                .isEqualTo(403);
        assertThat(kafka.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EventType=%zz", "EventType=%FF%FE", "EventType=\u00ff"})
    void shouldRefuseAFormThatCannotBeDecoded(String body) throws Exception {
        HttpResponse<String> response = post(TASKROUTER, body.getBytes(ISO_8859_1), SOME_SIGNATURE);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("malformed");
        assertThat(kafka.isEmpty()).isTrue();
    }

    @Test
    void shouldRefuseASignedFormWithoutEventType() throws Exception {
        HttpResponse<String> response = signed(TASKROUTER, Map.of("Sid", "EV1"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("EventType");
    }

    @Test
    void shouldRefuseABodyOfTwoMegabytes() throws Exception {
        HttpResponse<String> response = signed(CONVERSATIONS, Map.of("Body", "x".repeat(2 << 20)));

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(kafka.isEmpty()).isTrue();
    }

    @Test
    void shouldPublishADeadLetterForASignedRequestThatCannotBeParsed() throws Exception {
        Map<String, String> form = Forms.reservation("accepted");
        form.put("TaskAttributes", "{broken");

        HttpResponse<String> response = signed(TASKROUTER, form);

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(kafka.sentTo(Topics.DEAD_LETTERS)).singleElement().satisfies((DeadLetter letter) -> {
            assertThat(letter.reason()).contains("TaskAttributes");
            assertThat(letter.source()).isEqualTo(TASKROUTER);
            assertThat(letter.originalBytes()).isEqualTo(Forms.encode(form));
        });
        assertThat(signed(TASKROUTER, Forms.reservation("accepted")).statusCode())
                .isEqualTo(204);
    }

    @Test
    void shouldCountMalformedAttributesAndStoreTheEvent() throws Exception {
        Map<String, String> form = Forms.reservation("accepted");
        form.put("TaskAttributes", "[]");
        form.put("WorkerAttributes", "\"ana\"");

        HttpResponse<String> response = signed(TASKROUTER, form);

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(kafka.sentTo(Topics.TASK_EVENTS)).hasSize(1);
        assertThat(kafka.sentTo(Topics.DEAD_LETTERS)).isEmpty();
        assertThat(metricsOf(TASKROUTER)).containsEntry("attributes_no_object_total", 2.0);
    }

    @Test
    void shouldPublishADeadLetterForAFormThatIsTooLargeAsJson() throws Exception {
        // Given
        Map<String, String> form = Forms.reservation("accepted");
        form.put("TaskQueueName", "\u0001".repeat(330_000));

        // When
        HttpResponse<String> response = signed(TASKROUTER, form);

        // Then
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(kafka.sentTo(Topics.TASK_EVENTS)).isEmpty();
        assertThat(kafka.sentTo(Topics.DEAD_LETTERS)).singleElement().satisfies(letter -> {
            assertThat(letter.reason())
                    .isEqualTo("Expected TaskQueueName to have at most 512 characters but it has 330000");
            assertThat(letter.isWhole()).isTrue();
        });
    }

    @Test
    void shouldPublishADeadLetterForAnUnknownEventThatIsTooLargeAsJson() throws Exception {
        // Given
        Map<String, String> form = Forms.reservation("x");
        form.put("EventType", "task.something-new");
        form.put("Something", "\u0001".repeat(50_000));

        // When
        HttpResponse<String> response = signed(TASKROUTER, form);

        // Then
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(kafka.sentTo(Topics.DEAD_LETTERS)).singleElement().satisfies(letter -> assertThat(letter.reason())
                .startsWith("Expected the event to have at most " + Topics.MOST_EVENT_BYTES + " bytes"));
    }

    @Test
    void shouldRefuseAFormWithTooManyParametersBeforeItIsDecoded() throws Exception {
        // Given
        byte[] body = "a=%zz&".repeat(100_000).getBytes(ISO_8859_1);

        // When
        HttpResponse<String> response = post(TASKROUTER, body, SOME_SIGNATURE);

        // Then
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("at most 1000 parameters");
    }

    @Test
    void shouldCheckTheSignatureHeaderBeforeTheBody() throws Exception {
        byte[] broken = "EventType=%zz".getBytes(ISO_8859_1);

        assertThat(post(TASKROUTER, broken, null).statusCode()).isEqualTo(403);
        assertThat(post(TASKROUTER, broken, "forged").statusCode()).isEqualTo(403);
    }

    @Test
    void shouldSetAsidePermanentlyRefusedRecordsAndReportDegraded() throws Exception {
        // Given
        RecordingPublisher refusing = new RecordingPublisher();
        refusing.refuse(Topics.TASK_EVENTS, new TopicAuthorizationException("Not authorized"));
        try (TestIngest other = TestIngest.start(
                folder.resolve("other"),
                InstantSource.fixed(Instant.parse("2026-01-05T08:00:10Z")),
                URI.create("http://127.0.0.1:9"),
                refusing,
                1 << 20,
                4L << 20,
                Connections.Limits.standard())) {

            // When
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(other.uri(TASKROUTER))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .header("X-Twilio-Signature", TestIngest.sign(TASKROUTER, Forms.reservation("accepted")))
                            .POST(BodyPublishers.ofByteArray(Forms.encode(Forms.reservation("accepted"))))
                            .build(),
                    BodyHandlers.ofString());

            // Then
            String metrics = client.send(
                            HttpRequest.newBuilder(other.uri("/metrics")).build(), BodyHandlers.ofString())
                    .body();
            assertThat(response.statusCode()).isEqualTo(204);
            assertThat(metrics)
                    .contains("flexmetry_ingest_spool_refused_records 1.0")
                    .contains("flexmetry_ingest_spool_depth 0.0")
                    .contains("flexmetry_ingest_events_set_aside_total{source=\"/webhooks/taskrouter\"} 1.0");
        }
    }

    @Test
    void shouldServeHealthAndMetricsOnlyOnTheHealthPortWhenConfigured() throws Exception {
        // Given
        int healthPort = TestIngest.freePort();
        try (TestIngest other = TestIngest.start(
                folder.resolve("health"),
                InstantSource.system(),
                URI.create("http://127.0.0.1:9"),
                new RecordingPublisher(),
                SPOOL_BYTES,
                4L << 20,
                Connections.Limits.standard(),
                healthPort)) {
            for (String path : List.of("/health/live", "/health/ready", "/metrics")) {

                // When
                int onPublicPort = status(other.uri(path));
                int onItsOwn = status(URI.create("http://127.0.0.1:" + healthPort + path));

                // Then
                assertThat(onPublicPort).as(path).isEqualTo(404);
                assertThat(onItsOwn).as(path).isEqualTo(200);
            }
            assertThat(status(URI.create("http://127.0.0.1:" + healthPort + TASKROUTER)))
                    .isEqualTo(404);
        }
    }

    private int status(URI uri) throws Exception {
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void shouldKeepUnknownEventTypes() throws Exception {
        Map<String, String> form = Forms.reservation("x");
        form.put("EventType", "task.something-new");

        assertThat(signed(TASKROUTER, form).statusCode()).isEqualTo(204);
        assertThat(kafka.sentTo(Topics.TASK_EVENTS)).hasSize(1);
    }

    @Test
    void shouldStoreEveryElementOfAnEventStreamsDelivery() throws Exception {
        byte[] body = ("[" + element("EV1") + ",{\"type\":\"com.twilio.taskrouter.task.created\",\"id\":\"EZ2\","
                        + "\"data\":7}," + element("EV3") + "]")
                .getBytes(UTF_8);

        HttpResponse<String> response = postJson(body, body);

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(kafka.sentTo(Topics.TASK_EVENTS)).extracting(Event::eventId).containsExactly("EV1", "EV3");
        assertThat(kafka.sentTo(Topics.DEAD_LETTERS)).singleElement().satisfies(letter -> assertThat(
                        new String(letter.originalBytes(), UTF_8))
                .contains("EZ2"));
    }

    @Test
    void shouldRefuseAnEventStreamsBodyWithAnotherHash() throws Exception {
        byte[] signed = ("[" + element("EV1") + "]").getBytes(UTF_8);
        byte[] forged = ("[" + element("EV2") + "]").getBytes(UTF_8);

        assertThat(postJson(signed, forged).statusCode()).isEqualTo(403);
        assertThat(kafka.isEmpty()).isTrue();
    }

    @Test
    void shouldRefuseASignedBodyThatIsNotAnArray() throws Exception {
        byte[] body = "{}".getBytes(UTF_8);

        assertThat(postJson(body, body).statusCode()).isEqualTo(400);
    }

    @Test
    void shouldNameTheExpectedContentTypeAndMethod() throws Exception {
        HttpRequest json = HttpRequest.newBuilder(ingest.uri(TASKROUTER))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}"))
                .build();
        HttpRequest get = HttpRequest.newBuilder(ingest.uri(TASKROUTER)).build();

        assertThat(client.send(json, BodyHandlers.ofString()).statusCode()).isEqualTo(400);
        assertThat(client.send(get, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }

    @Test
    void shouldAccountForEveryRequestAndEvent() throws Exception {
        Map<String, String> unusable = Forms.reservation("accepted");
        unusable.put("TaskAttributes", "{broken");
        signed(TASKROUTER, Forms.reservation("accepted"));
        signed(TASKROUTER, unusable);
        signed(TASKROUTER, Map.of("Body", "x".repeat(2 << 20)));
        post(TASKROUTER, Forms.encode(unusable), null);
        kafka.refuseAll();
        for (int i = 0; i < 10; i++) {
            signed(TASKROUTER, Forms.reservation("accepted"));
        }

        await().until(() -> get("/metrics").body().contains("flexmetry_ingest_inflight_bytes 0.0"));
        await().untilAsserted(() -> {
            Map<String, Double> metrics = metricsOf(TASKROUTER);
            assertThat(metrics.get("requests_received_total"))
                    .isPositive()
                    .isEqualTo(metrics.get("requests_accepted_total")
                            + metrics.get("requests_rejected_total")
                            + metrics.get("requests_unavailable_total"));
            assertThat(metrics.get("events_taken_total"))
                    .isPositive()
                    .isEqualTo(metrics.get("events_published_total")
                            + metrics.get("events_spooled_total")
                            + metrics.get("events_set_aside_total")
                            + metrics.get("events_dead_lettered_total")
                            + metrics.get("events_failed_total"));
        });
    }

    /** Sums over all tags except the source, by name without our prefix. */
    private Map<String, Double> metricsOf(String source) throws Exception {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("flexmetry_ingest_") && line.contains("source=\"" + source + "\""))
                .collect(Collectors.groupingBy(
                        line -> line.substring("flexmetry_ingest_".length(), line.indexOf('{')),
                        Collectors.summingDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))));
    }

    @Test
    void shouldBeLiveAndDegradedWithoutKafka() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").body()).contains("degraded");
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> signed(String pathAndQuery, Map<String, String> form) throws Exception {
        return post(pathAndQuery, Forms.encode(form), TestIngest.sign(pathAndQuery, form));
    }

    private HttpResponse<String> post(String pathAndQuery, byte[] body, @Nullable String signature)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(ingest.uri(pathAndQuery))
                .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .POST(BodyPublishers.ofByteArray(body));
        if (signature != null) {
            request.header("X-Twilio-Signature", signature);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String element(String sid) {
        return "{\"type\":\"com.twilio.taskrouter.reservation.accepted\",\"id\":\"EZ-" + sid
                + "\",\"data\":{\"sid\":\"" + sid + "\",\"timestamp\":\"2026-01-05T08:00:00Z\",\"payload\":{"
                + "\"task_sid\":\"WT1\",\"reservation_sid\":\"WR1\",\"worker_sid\":\"WK1\"}}}";
    }

    /** Signs one body and sends another (or the same). */
    private HttpResponse<String> postJson(byte[] signed, byte[] sent) throws Exception {
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(signed));
        String path = "/webhooks/event-streams?bodySHA256=" + hash;
        HttpRequest request = HttpRequest.newBuilder(ingest.uri(path))
                .header("Content-Type", "application/json")
                .header("X-Twilio-Signature", TestIngest.sign(path, Map.of()))
                .POST(BodyPublishers.ofByteArray(sent))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(ingest.uri(path)).build(), BodyHandlers.ofString());
    }

    private static byte[] cut(byte[] body) {
        return Arrays.copyOf(body, body.length - 3);
    }
}
