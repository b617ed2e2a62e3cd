package io.flexmetry.local;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.deadletter.DeadLettersCommand;
import io.flexmetry.ingest.spool.RefusedRecord;
import io.flexmetry.ingest.spool.Spool;
import io.flexmetry.ingest.webhook.Webhooks;
import io.flexmetry.local.report.Observer;
import io.flexmetry.local.twilio.SimulatedTask;
import io.flexmetry.sink.ledger.LedgerCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The whole pipeline on a real broker: webhooks in over HTTP, attributes out over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class OneChatSuite {

    private static final String TASKROUTER = "/webhooks/taskrouter";
    private static final String CONVERSATIONS = "/webhooks/conversations";
    private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
    private static final Path SHARED_PAYLOADS = Path.of("../../shared/twilio/payloads/webhooks");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String EXAMPLE = """
            0 c: hello
            60 accepted
            70 ag: hi there
            80 c: abc
            90 c: de
            100 ag: x
            101 ag: yy
            110 c: z
            140 ag: w
            150 wrapup
            160 completed
            """;
    private static final String EXAMPLE_NUMBERS = "{\"first_response_time\":10,\"average_response_time\":25,"
            + "\"conversation_measure_2\":4,\"conversation_measure_3\":4,\"conversation_measure_4\":3,"
            + "\"conversation_measure_6\":2.75}";

    private static final String AGENT_OPENS = """
            60 accepted
            65 ag: a
            70 c: b
            75 ag: c
            80 c: d
            100 ag: e
            110 wrapup
            """;

    @TempDir
    static Path dataDir;

    private LocalStack stack;

    /** Variables with the address of the broker; empty for the embedded one. */
    abstract Map<String, String> kafka();

    @BeforeAll
    void start() throws Exception {
        Map<String, String> env = new LinkedHashMap<>(kafka());
        env.put("FLEXMETRY_HTTP_PORT", "0");
        stack = LocalStack.start(
                Environment.of(env), dataDir.resolve(getClass().getSimpleName()), InstantSource.system());
        await().until(stack::isReady);
    }

    /** Otherwise the following tests would time out without a reason. */
    @AfterEach
    void nothingDied() {
        assertThat(stack.died().toCompletableFuture())
                .as(stack.describeReadiness())
                .isNotDone();
        assertThat(stack.isReady()).as(stack.describeReadiness()).isTrue();
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    static Stream<Arguments> examples() {
        return Stream.of(
                argumentSet("worked example", "example", EXAMPLE, EXAMPLE_NUMBERS),
                argumentSet(
                        "agent opens",
                        "opens",
                        AGENT_OPENS,
                        "{\"first_response_time\":5,\"average_response_time\":12.5,\"conversation_measure_2\":3,"
                                + "\"conversation_measure_3\":2,\"conversation_measure_4\":1,"
                                + "\"conversation_measure_6\":1}"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldPutTheNumbersOfTheRuleBookOnTheTask(String name, String script, String numbers) throws Exception {
        createTask(name, "{\"name\":\"Jo\",\"conversations\":{\"outcome\":\"sale\"}}");

        deliver(ChatScript.webhooks(name, script));

        await().untilAsserted(() -> {
            JsonNode attributes = attributes(name);
            assertThat(attributes.path("name").asText()).isEqualTo("Jo");
            assertThat(attributes.path("conversations").path("outcome").asText())
                    .isEqualTo("sale");
            assertThat(ours(attributes)).isEqualTo(JSON.readTree(numbers));
        });
    }

    @Test
    void shouldAcceptTheBeaconOfAValidToken() throws Exception {
        String body = "{\"token\":\"%s\",\"tabId\":\"t1\",\"sentAt\":2000,\"events\":["
                + "{\"seq\":0,\"at\":1000,\"kind\":\"select\",\"reservationSid\":\"WR1\"}]}";

        assertThat(beacon(body.formatted("token-of-WKbeacon"))).isEqualTo(204);
        assertThat(beacon(body.formatted("somebody's"))).isEqualTo(403);

        await().untilAsserted(() -> assertThat(values(Topics.FOCUS_EVENTS))
                .singleElement()
                .satisfies(event -> assertThat(event.eventId()).isEqualTo("WKbeacon/t1/0")));
    }

    /** A megabyte of characters that take six bytes each in JSON: too large for an event, but not lost. */
    @Test
    void shouldKeepTheLargestBodiesThatItAccepts() throws Exception {
        String control = "\u0001".repeat(340_000);
        Map<String, String> event = new LinkedHashMap<>();
        event.put("EventType", "large.event");
        event.put("ResourceSid", "large");
        event.put("TimestampMs", "1767600009350");
        event.put("Padding", control);
        Map<String, String> unusable = new LinkedHashMap<>(event);
        unusable.put("TimestampMs", "never");

        assertThat(stack.sender().send(TASKROUTER, event)).isEqualTo(204);
        assertThat(stack.sender().send(TASKROUTER, unusable)).isEqualTo(204);

        await().untilAsserted(() -> {
            assertThat(values(Topics.DEAD_LETTERS))
                    .filteredOn(letter -> letter.isWhole() && letter.originalBytes().length > 1_000_000)
                    .extracting(DeadLetter::reason)
                    .anyMatch(reason -> reason.contains("262144") || reason.contains("256"))
                    .anyMatch(reason -> reason.contains("TimestampMs"));
        });
    }

    private int beacon(String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stack.port() + "/beacon/focus"))
                .header("Content-Type", "text/plain;charset=UTF-8")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private <V> List<V> values(Topic<String, V> topic) {
        return TopicReader.readAll(stack.bootstrapServers(), topic);
    }

    @Test
    void shouldComputeTheSameWhenEveryEventIsSentTwiceAndInReverse() throws Exception {
        createTask("reverse", "{}");
        List<ChatScript.Webhook> backwards = new ArrayList<>(ChatScript.webhooks("reverse", EXAMPLE));
        Collections.reverse(backwards);
        List<ChatScript.Webhook> twice = new ArrayList<>();
        backwards.forEach(webhook -> twice.addAll(List.of(webhook, webhook)));

        deliver(twice);

        await().untilAsserted(() -> assertThat(ours(attributes("reverse"))).isEqualTo(JSON.readTree(EXAMPLE_NUMBERS)));
    }

    /** The last test, because its record ends the observers of other tests. */
    @Test
    @Order(Integer.MAX_VALUE)
    void shouldGoOnAfterWhatItCannotRead() throws Exception {
        createTask("after-garbage", "{}");
        ChatScript.Webhook broken =
                ChatScript.webhooks("after-garbage", "60 accepted").get(0);
        broken.form().put("TaskAttributes", "{\"conversationSid\":");

        assertThat(stack.sender().sendForged(broken.path(), broken.form())).isEqualTo(403);
        assertThat(stack.sender().send(broken.path(), broken.form())).isEqualTo(204);
        assertThat(stack.sender().send(TASKROUTER, Map.of("Sid", "EV1"))).isEqualTo(400);
        produceGarbage(sid("WT", "after-garbage"));
        deliver(ChatScript.webhooks("nobody", "0 c: a conversation without a task"));
        deliver(ChatScript.webhooks("after-garbage", EXAMPLE));

        await().untilAsserted(
                        () -> assertThat(ours(attributes("after-garbage"))).isEqualTo(JSON.readTree(EXAMPLE_NUMBERS)));
        assertThat(values(Topics.DEAD_LETTERS))
                .extracting(DeadLetter::reason)
                .anyMatch(reason -> reason.contains("TaskAttributes"))
                .anyMatch(reason -> reason.contains("Expected a Event"));
    }

    @Test
    void shouldListAndReplayDeadLetters() throws Exception {
        for (ChatScript.Webhook webhook : ChatScript.webhooks("replayed", "60 accepted\n90 completed")) {
            String body = webhook.form().entrySet().stream()
                    .map(parameter -> parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), UTF_8))
                    .collect(Collectors.joining("&"));
            produce(
                    Topics.DEAD_LETTERS.name(),
                    webhook.path(),
                    Topics.DEAD_LETTERS
                            .valueSerde()
                            .serializer()
                            .serialize(
                                    "t",
                                    DeadLetter.ofWebhook(
                                            "An older version did not know it",
                                            webhook.path(),
                                            START,
                                            body.getBytes(UTF_8))));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CommandLine command = new CommandLine(new DeadLettersCommand(
                KafkaSettings.of(stack.bootstrapServers()),
                Path.of("no-spool"),
                Webhooks.from(Environment.of(Map.of()), Configuration.defaults()),
                new PrintStream(out, true, UTF_8)));

        command.execute("list");
        command.execute("replay");

        assertThat(out.toString(UTF_8))
                .contains("An older version did not know it")
                .contains("  replayed");
        try (Observer observer = Observer.start(stack.bootstrapServers(), InstantSource.system())) {
            await().until(() -> observer.seen().rows().containsKey(sid("WR", "replayed")));
        }
    }

    @Test
    void shouldListAndReplayWhatKafkaRefusedWhileIngestHasItsSpoolOpen(@TempDir Path folder) throws Exception {
        // Given
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CommandLine command = new CommandLine(new DeadLettersCommand(
                KafkaSettings.of(stack.bootstrapServers()),
                folder,
                Webhooks.from(Environment.of(Map.of()), Configuration.defaults()),
                new PrintStream(out, true, UTF_8)));
        byte[] value = Topics.DEAD_LETTERS
                .valueSerde()
                .serializer()
                .serialize("t", DeadLetter.ofWebhook("came back from aside", "/x", START, new byte[0]));
        try (Spool spool = Spool.open(folder, 1 << 20)) {
            spool.refused()
                    .append(List.of(
                            new RefusedRecord(START, "was too large", "no-such-topic", null, value),
                            new RefusedRecord(START, "not allowed", Topics.DEAD_LETTERS.name(), null, value)))
                    .join();

            // When
            command.execute("list");
            command.execute("replay");

            // Then
            spool.refused().recount();
            assertThat(spool.refused().count()).isEqualTo(1);
            assertThat(out.toString(UTF_8))
                    .contains("no-such-topic  was too large")
                    .contains("spool  no-such-topic  not replayed: Kafka did not accept it")
                    .contains("spool  " + Topics.DEAD_LETTERS.name() + "  replayed");
            assertThat(values(Topics.DEAD_LETTERS))
                    .extracting(DeadLetter::reason)
                    .contains("came back from aside");
        }
    }

    @Test
    void shouldLookUpTheMessagesWhoseWebhooksAreLost() throws Exception {
        createTask("lost", "{}");
        List<ChatScript.Webhook> webhooks = ChatScript.webhooks("lost", EXAMPLE);
        postMessages(webhooks);

        deliver(webhooks.stream()
                .filter(webhook -> !List.of("2", "3")
                        .contains(String.valueOf(webhook.form().get("Index"))))
                .toList());

        await().untilAsserted(() -> assertThat(ours(attributes("lost"))).isEqualTo(JSON.readTree(EXAMPLE_NUMBERS)));
    }

    /** Twilio does not have it at the short path. */
    @Test
    void shouldLookUpTheMessagesOfAConversationOfAnotherService() throws Exception {
        String service = sid("IS", "second");
        createTask("second", "{}");
        List<ChatScript.Webhook> webhooks = ChatScript.webhooks("second", EXAMPLE);
        stack.conversations().serve(sid("CH", "second"), service);
        postMessages(webhooks);
        webhooks.stream()
                .filter(webhook -> webhook.path().equals(CONVERSATIONS))
                .forEach(webhook -> webhook.form().put("ChatServiceSid", service));

        deliver(webhooks.stream()
                .filter(webhook -> !List.of("2", "3")
                        .contains(String.valueOf(webhook.form().get("Index"))))
                .toList());

        await().untilAsserted(() -> assertThat(ours(attributes("second"))).isEqualTo(JSON.readTree(EXAMPLE_NUMBERS)));
    }

    /** Twilio has the messages, whether their webhooks arrive or not. */
    private void postMessages(List<ChatScript.Webhook> webhooks) {
        for (ChatScript.Webhook webhook : webhooks) {
            ChatScript.post(stack.conversations(), webhook.form());
        }
    }

    /** A chat transfer creates a task whose attributes are a copy, including the previous agent's numbers. */
    @Test
    void shouldOverwriteTheNumbersThatATransferCopied() throws Exception {
        createTask(
                "copied",
                "{\"conversations\":{\"first_response_time\":99,\"average_response_time\":98,"
                        + "\"conversation_measure_2\":97,\"conversation_measure_10\":7}}");

        deliver(ChatScript.webhooks("copied", "60 accepted\n70 c: hi\n90 wrapup"));

        await().untilAsserted(() -> assertThat(ours(attributes("copied")))
                .isEqualTo(JSON.readTree("{\"conversation_measure_2\":0,\"conversation_measure_3\":1,"
                        + "\"conversation_measure_6\":2,\"conversation_measure_10\":7}")));
    }

    @Test
    void shouldPublishTheOutcomeInTheRow() throws Exception {
        createTask("row", "{}");
        String gone = sid("WR", "gone");

        // still in wrap-up
        deliver(ChatScript.webhooks("row", EXAMPLE.replace("160 completed\n", "")));
        createTask("late", "{}");
        deliver(ChatScript.webhooks("late", EXAMPLE.replace("150 wrapup\n", "")));
        deliver(ChatScript.webhooks("gone", EXAMPLE));

        try (Observer observer = Observer.start(stack.bootstrapServers(), InstantSource.system())) {
            await().untilAsserted(() -> {
                assertThat(writeBack(observer, sid("WR", "row"))).isEqualTo("written");
                assertThat(writeBack(observer, sid("WR", "late"))).isEqualTo("late");
                assertThat(writeBack(observer, gone)).isEqualTo("gone");
            });
        }
        await().untilAsserted(
                        () -> assertThat(ledger(sid("WT", "row"))).contains("write for", "written", "revision 1"));
        assertThat(ledger(sid("WT", "gone"))).contains("gone 20", "attempts: 1", "first_response_time=10");
        assertThat(ledger(sid("WT", "nobody's"))).contains("No writes to WT");
        assertThat(ledger("WT1")).contains("Expected TASKSID to be WT and 32 hexadecimal digits but it is WT1");
    }

    private String ledger(String taskSid) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        new CommandLine(new LedgerCommand(Environment.of(Map.of()), print))
                .setErr(new PrintWriter(print, true, UTF_8))
                .execute(
                        "--data-dir",
                        dataDir.resolve(getClass().getSimpleName()).toString(),
                        taskSid);
        return out.toString(UTF_8);
    }

    @Test
    void shouldAcceptTwiliosOwnPayloadsUnchanged() throws Exception {
        assumeTrue(Files.isDirectory(SHARED_PAYLOADS), "Twilio's payloads are not beside this checkout");
        try (Stream<Path> files = Files.list(SHARED_PAYLOADS)) {
            for (Path file : files.sorted().toList()) {
                Map<String, String> form =
                        decode(JSON.readTree(file.toFile()).get("body_raw").asText());
                String path = file.getFileName().toString().contains("taskrouter") ? TASKROUTER : CONVERSATIONS;

                assertThat(stack.sender().send(path, form)).as("%s", file).isEqualTo(204);
            }
        }
    }

    @Test
    void shouldCountACapturedMessage() throws Exception {
        Path captured = SHARED_PAYLOADS.resolve("conversations.onMessageAdded.global.json");
        assumeTrue(Files.exists(captured), "Twilio's payloads are not beside this checkout");
        Map<String, String> message =
                decode(JSON.readTree(captured.toFile()).get("body_raw").asText());
        createTask("captured", "{}");
        List<ChatScript.Webhook> reservation = ChatScript.webhooks("captured", "0 accepted\n60 completed");
        Instant sent = Instant.parse(message.get("DateCreated"));
        for (ChatScript.Webhook webhook : reservation) {
            long shift = Duration.between(START, sent).toMillis() - 30_000;
            webhook.form().merge("TimestampMs", "", (at, none) -> Long.toString(Long.parseLong(at) + shift));
            webhook.form().put("TaskAttributes", "{\"conversationSid\":\"" + message.get("ConversationSid") + "\"}");
        }

        assertThat(stack.sender().send(CONVERSATIONS, message)).isEqualTo(204);
        deliver(reservation);

        await().untilAsserted(() -> assertThat(ours(attributes("captured"))
                        .path("conversation_measure_3")
                        .asInt())
                .isEqualTo(1));
    }

    private static String writeBack(Observer observer, String reservationSid) {
        ReservationMetrics row = observer.seen().rows().get(reservationSid);
        return row == null || row.writeBack() == null ? "none" : row.writeBack().status();
    }

    private void deliver(List<ChatScript.Webhook> webhooks) throws IOException, InterruptedException {
        for (ChatScript.Webhook webhook : webhooks) {
            assertThat(stack.sender().send(webhook.path(), webhook.form())).isEqualTo(204);
        }
    }

    private void createTask(String name, String attributes) {
        stack.tasks()
                .create(new SimulatedTask(
                        sid("WT", name), attributes, 0, "assigned", "chat", "Support", null, START, START));
    }

    private JsonNode attributes(String name) throws IOException {
        return JSON.readTree(stack.tasks().last(sid("WT", name)).orElseThrow().attributes());
    }

    private static JsonNode ours(JsonNode attributes) {
        var ours = JSON.createObjectNode();
        attributes.path("conversations").properties().stream()
                .filter(field -> field.getValue().isNumber())
                .forEach(field -> ours.set(field.getKey(), field.getValue()));
        return ours;
    }

    private void produceGarbage(String taskSid) throws Exception {
        produce(Topics.TASK_EVENTS.name(), taskSid, "{no event".getBytes(UTF_8));
    }

    private void produce(String topic, String key, byte[] value) throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, stack.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, key, value)).get();
        }
    }

    private static Map<String, String> decode(String body) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String parameter : body.split("&", -1)) {
            String[] parts = parameter.split("=", 2);
            form.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
        }
        return form;
    }
}
