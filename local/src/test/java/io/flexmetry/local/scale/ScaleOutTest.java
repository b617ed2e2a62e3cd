package io.flexmetry.local.scale;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.local.ServiceProcess;
import io.flexmetry.local.broker.EmbeddedBroker;
import io.flexmetry.local.twilio.ConversationStore;
import io.flexmetry.local.twilio.ConversationStore.Posted;
import io.flexmetry.local.twilio.InsightsStore;
import io.flexmetry.local.twilio.Journal;
import io.flexmetry.local.twilio.RestWebhooks;
import io.flexmetry.local.twilio.SimulatedAccount;
import io.flexmetry.local.twilio.SimulatedTask;
import io.flexmetry.local.twilio.TaskStore;
import io.flexmetry.local.twilio.TwilioSimulator;
import io.flexmetry.local.twilio.WebhookSender;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processors join, leave and are killed under load, and the broker is down for a while: every number is as expected,
 * every warning is posted once, nothing is written twice. Prints the longest delays of rows.
 *
 * <p>A larger run: {@code ./mvnw test -pl local -am -Dtest=ScaleOutTest -Dtest.excludedGroups=
 * -Dsurefire.failIfNoSpecifiedTests=false -Dscale.rate=1500 -Dscale.seconds=25 -Dscale.outage=20}; with {@code
 * -Dscale.protocol=streams} the brokers assign the tasks.
 */
@Tag("scale")
class ScaleOutTest {

    private static final int RATE = Integer.getInteger("scale.rate", 60);
    private static final int SECONDS = Integer.getInteger("scale.seconds", 4);
    private static final int OUTAGE_SECONDS = Integer.getInteger("scale.outage", 3);
    private static final String PROTOCOL = System.getProperty("scale.protocol", "classic");
    private static final String STANDBYS = System.getProperty("scale.standbys", "1");

    private static final String TOKEN = "a-token-for-this-test";
    private static final String WARNING = "Still there?";
    private static final String YAML = """
            writeBack: { running: none }
            inactivity:
              - match: { queue: Silent }
                steps: [ { after: PT5S, do: warn, text: "%s" } ]
            """.formatted(WARNING);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Process> started = new ArrayList<>();
    private final Map<Process, Integer> healthPorts = new HashMap<>();
    private final Map<String, Long> phases = new LinkedHashMap<>();
    private int kafkaPort;
    private int ingestPort;
    private Process broker;
    private String twilio;

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void shouldCountCorrectlyWhileInstancesJoinAndLeave() throws Exception {
        Path yaml = Files.writeString(folder.resolve("flexmetry.yaml"), YAML);
        kafkaPort = EmbeddedBroker.freePort();
        ingestPort = EmbeddedBroker.freePort();
        broker = broker();
        SimulatedAccount account = SimulatedAccount.of(environment());
        Journal journal = Journal.open(folder.resolve("twilio.jsonl"));
        TaskStore tasks = new TaskStore(journal, InstantSource.system());
        ConversationStore conversations = new ConversationStore(journal);
        RestWebhooks webhooks = new RestWebhooks(account, tasks, journal, InstantSource.system());
        WebhookSender sender = new WebhookSender(
                URI.create("http://127.0.0.1:" + ingestPort), "http://localhost:" + ingestPort, TOKEN);
        webhooks.sendWith(sender);
        try (TwilioSimulator simulator = TwilioSimulator.start(
                        account, tasks, conversations, new InsightsStore(), InstantSource.system(), webhooks);
                Feed feed = new Feed(sender, tasks, conversations, RATE)) {
            twilio = simulator.baseUrl().toString();
            service("ingest", "io.flexmetry.ingest.IngestMain", yaml, ingestPort);
            service("sink", "io.flexmetry.sink.SinkMain", yaml, EmbeddedBroker.freePort());
            Process first = processors(yaml);
            Process second = processors(yaml);
            Process third = processors(yaml);
            try (Rows rows = new Rows("127.0.0.1:" + kafkaPort)) {
                feed.start();
                phase("three run");
                lookAt(rows);

                phase("one is killed");
                first.destroyForcibly().waitFor();
                lookAt(rows);
                phase("it is started again");
                processors(yaml);
                lookAt(rows);
                phase("a fourth comes");
                processors(yaml);
                lookAt(rows);
                phase("one goes in order");
                stop(second);
                lookAt(rows);
                phase("one of three is restarted in order");
                stop(third);
                processors(yaml);
                lookAt(rows);
                phase("the broker is away for " + OUTAGE_SECONDS + " s");
                stop(broker);
                TimeUnit.SECONDS.sleep(OUTAGE_SECONDS);
                broker = broker();
                lookAt(rows);

                feed.stop();
                await().until(feed::isAnswered);
                check(feed, rows, tasks, conversations);
                report(feed, rows);
            }
        } finally {
            journal.close();
        }
        assertThat(Journal.open(folder.resolve("twilio.jsonl")).entries("task", SimulatedTask.class))
                .satisfies(ScaleOutTest::nothingWasWrittenTwice);
    }

    private void check(Feed feed, Rows rows, TaskStore tasks, ConversationStore conversations) throws IOException {
        List<Chat> ended =
                feed.chats().stream().filter(chat -> !chat.numbers().isEmpty()).toList();
        List<Chat> silent =
                feed.chats().stream().filter(chat -> chat.numbers().isEmpty()).toList();
        assertThat(feed.answers().keySet()).containsExactly(204);
        await().untilAsserted(() -> {
            Map<String, ReservationMetrics> latest = rows.latest();
            assertThat(ended).allSatisfy(chat -> assertThat(latest.get(chat.reservationSid()))
                    .isNotNull()
                    .satisfies(row -> {
                        assertThat(row.state()).isEqualTo(ReservationMetrics.State.FINAL);
                        assertThat(measured(row.values())).isEqualTo(chat.numbers());
                    }));
        });
        await().untilAsserted(() -> assertThat(ended)
                .allSatisfy(chat -> assertThat(onTask(tasks, chat)).isEqualTo(byKey(chat.numbers()))));
        await().untilAsserted(() -> assertThat(silent)
                .allSatisfy(chat -> assertThat(warnings(conversations, chat)).isEqualTo(1)));
    }

    /** The numbers that are counted here, without trailing zeros. */
    private static Map<Metric, BigDecimal> measured(Map<Metric, BigDecimal> values) {
        Map<Metric, BigDecimal> measured = new EnumMap<>(Metric.class);
        values.forEach((metric, value) -> {
            if (Chat.COUNTED.containsKey(metric)) {
                measured.put(metric, Chat.plain(value));
            }
        });
        return measured;
    }

    private static Map<String, BigDecimal> byKey(Map<Metric, BigDecimal> numbers) {
        Map<String, BigDecimal> byKey = new HashMap<>();
        numbers.forEach((metric, value) -> byKey.put(Chat.COUNTED.get(metric), Chat.plain(value)));
        return byKey;
    }

    private static Map<String, BigDecimal> onTask(TaskStore tasks, Chat chat) throws IOException {
        JsonNode written = JSON.readTree(
                        tasks.last(chat.taskSid()).orElseThrow().attributes())
                .path("conversations");
        Map<String, BigDecimal> found = new HashMap<>();
        Chat.COUNTED.values().forEach(key -> {
            if (written.has(key)) {
                found.put(key, Chat.plain(new BigDecimal(written.get(key).asText())));
            }
        });
        return found;
    }

    private static long warnings(ConversationStore conversations, Chat chat) {
        return conversations.newestFirst(chat.conversationSid()).orElseThrow().stream()
                .map(Posted::body)
                .filter(WARNING::equals)
                .count();
    }

    private static void nothingWasWrittenTwice(List<? extends SimulatedTask> changes) {
        Map<String, String> before = new HashMap<>();
        for (SimulatedTask task : changes) {
            String attributes = before.put(task.sid(), task.attributes());
            assertThat(attributes).as(task.sid()).isNotEqualTo(task.attributes());
        }
    }

    private void phase(String name) {
        phases.put(name, System.nanoTime());
    }

    /** Waits until all live instances are ready, and rows have arrived for a while after that. */
    private void lookAt(Rows rows) throws InterruptedException {
        await().until(() -> healthPorts.entrySet().stream()
                .filter(entry -> entry.getKey().isAlive())
                .allMatch(entry -> isReady(entry.getValue())));
        TimeUnit.SECONDS.sleep(SECONDS);
        int before = rows.finalAt().size();
        await().until(() -> rows.finalAt().size() > before);
    }

    private void report(Feed feed, Rows rows) {
        Map<String, Long> finalAt = rows.finalAt();
        List<Map.Entry<String, Long>> begins = new ArrayList<>(phases.entrySet());
        System.out.printf(
                "%d webhooks/s, %s protocol, %s standby replicas, %d chats, %d of them silent%n",
                RATE,
                PROTOCOL,
                STANDBYS,
                feed.chats().size(),
                feed.chats().stream().filter(chat -> chat.numbers().isEmpty()).count());
        System.out.println("from a wrap-up's 204 to its final row, the longest in each phase");
        for (int i = 0; i < begins.size(); i++) {
            long from = begins.get(i).getValue();
            long to = i + 1 < begins.size() ? begins.get(i + 1).getValue() : Long.MAX_VALUE;
            long most = feed.wrappedUpAt().entrySet().stream()
                    .filter(entry -> entry.getValue() >= from && entry.getValue() < to)
                    .mapToLong(entry -> finalAt.get(entry.getKey()) - entry.getValue())
                    .max()
                    .orElse(0);
            System.out.printf("  %6.2f s  %s%n", most / 1e9, begins.get(i).getKey());
        }
    }

    private Process broker() throws IOException {
        Process process = ServiceProcess.start(
                BrokerProcess.class.getName(),
                folder.resolve("broker.log"),
                Map.of(
                        BrokerProcess.FOLDER,
                        folder.resolve("kafka").toString(),
                        BrokerProcess.PORT,
                        Integer.toString(kafkaPort)));
        started.add(process);
        return process;
    }

    private Process processors(Path yaml) throws IOException {
        return service("processors", "io.flexmetry.processors.ProcessorsMain", yaml, EmbeddedBroker.freePort());
    }

    private Process service(String name, String main, Path yaml, int port) throws IOException {
        await().until(() -> isListening(kafkaPort));
        Map<String, String> env = new HashMap<>(variables());
        env.put("FLEXMETRY_CONFIG", yaml.toString());
        env.put("FLEXMETRY_TWILIO_BASE_URL", twilio);
        env.put("FLEXMETRY_STATE_DIR", folder.resolve("state").toString());
        env.put("FLEXMETRY_SPOOL_DIR", folder.resolve("spool").toString());
        env.put("FLEXMETRY_STREAMS_NUM_STANDBY_REPLICAS", STANDBYS);
        env.put("FLEXMETRY_STREAMS_GROUP_PROTOCOL", PROTOCOL);
        if (name.equals("ingest")) {
            env.put("FLEXMETRY_HTTP_PORT", Integer.toString(port));
        } else {
            env.put("FLEXMETRY_HEALTH_PORT", Integer.toString(port));
        }
        Process process = ServiceProcess.start(main, folder.resolve(name + started.size() + ".log"), env);
        started.add(process);
        healthPorts.put(process, port);
        await().until(() -> {
            assertThat(process.isAlive()).as(name + " in " + folder).isTrue();
            return isReady(port);
        });
        return process;
    }

    private Environment environment() {
        return Environment.of(variables());
    }

    private Map<String, String> variables() {
        return Map.of(
                "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:" + kafkaPort,
                "TWILIO_ACCOUNT_SID",
                sid("AC", "scale"),
                "TWILIO_AUTH_TOKEN",
                TOKEN,
                "TWILIO_WORKSPACE_SID",
                sid("WS", "scale"),
                "FLEXMETRY_PUBLIC_URL",
                "http://localhost:" + ingestPort);
    }

    private void stop(Process process) throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    }

    private boolean isReady(int port) {
        try {
            return http.send(
                                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                                            .build(),
                                    BodyHandlers.ofString())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isListening(int port) {
        try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
