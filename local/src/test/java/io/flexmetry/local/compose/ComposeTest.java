package io.flexmetry.local.compose;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.local.ChatScript;
import io.flexmetry.local.Patience;
import io.flexmetry.local.twilio.ConversationStore;
import io.flexmetry.local.twilio.InsightsStore;
import io.flexmetry.local.twilio.Journal;
import io.flexmetry.local.twilio.RestWebhooks;
import io.flexmetry.local.twilio.SimulatedAccount;
import io.flexmetry.local.twilio.SimulatedTask;
import io.flexmetry.local.twilio.TaskStore;
import io.flexmetry.local.twilio.TwilioSimulator;
import io.flexmetry.local.twilio.WebhookSender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * docker-compose.yml unchanged, on a real engine, against the simulated Twilio. Each test continues where the previous
 * one stopped. At the end it prints its measurements.
 */
@Tag("compose")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposeTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PUBLIC_URL = "https://flexmetry.example.com";
    private static final Path OVERRIDE =
            Path.of("src/test/resources/compose/twilio-on-host.yml").toAbsolutePath();
    private static final List<String> OURS = List.of("ingest", "processors", "sink");
    private static final String CONSOLE_TOKEN = "a-token-for-this-test";
    private static final List<String> SERVICES = List.of("kafka", "ingest", "processors", "sink");

    /** A command that stops the engine and starts it again, like a reboot. */
    private static final String RESTART = System.getProperty("compose.engine.restart", "");

    private static final String SCRIPT = """
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
    private static final String NUMBERS = "{\"first_response_time\":10,\"average_response_time\":25,"
            + "\"conversation_measure_2\":4,\"conversation_measure_3\":4,\"conversation_measure_4\":3,"
            + "\"conversation_measure_6\":2.75}";

    @TempDir
    static Path folder;

    private final Figures figures = new Figures();
    private final SimulatedAccount account = SimulatedAccount.of(SimulatedAccount.defaults(Environment.of(Map.of())));
    private final int kafkaPort = freePort();
    private final int httpPort = freePort();
    private Journal journal;
    private TaskStore tasks;
    private TwilioSimulator simulator;
    private WebhookSender sender;
    private Compose compose;
    private Set<String> volumesBefore;

    @BeforeAll
    void start() throws Exception {
        new Patience().beforeAll(null);
        String missing = Compose.missing();
        if (!missing.isEmpty()) {
            System.err.println("SKIPPED: the compose stack is not tried, because " + missing);
        }
        assumeTrue(missing.isEmpty(), missing);
        journal = Journal.open(folder.resolve("twilio.jsonl"));
        tasks = new TaskStore(journal, InstantSource.system());
        RestWebhooks webhooks = new RestWebhooks(account, tasks, journal, InstantSource.system());
        simulator = TwilioSimulator.start(
                account,
                tasks,
                new ConversationStore(journal),
                new InsightsStore(),
                InstantSource.system(),
                webhooks,
                "0.0.0.0");
        sender = new WebhookSender(URI.create("http://127.0.0.1:" + httpPort), PUBLIC_URL, account.authToken());
        webhooks.sendWith(sender);
        volumesBefore = volumes();
        compose = configure(project("stack"), folder.resolve("stack.env"))
                .with("FLEXMETRY_HTTP_PORT", Integer.toString(httpPort))
                .with("KAFKA_PORT", Integer.toString(kafkaPort));
        Instant begin = Instant.now();
        compose.must("build");
        figures.put("build of the images, as far as they were not there", Duration.between(begin, Instant.now()));
    }

    @AfterAll
    void stop() throws Exception {
        System.out.println(figures);
        if (compose != null) {
            compose.run("down", "-v", "--remove-orphans", "--timeout", "10");
            for (String service : List.of("ingest", "processors", "sink", "console")) {
                Compose.shell(
                        "docker rmi " + project("stack") + "-" + service + " " + project("wrong") + "-" + service);
            }
        }
        if (simulator != null) {
            simulator.close();
            journal.close();
        }
    }

    @Test
    @Order(1)
    void shouldBecomeReady() throws Exception {
        figures.put("up to ready, new volumes", timed(() -> compose.must("up", "-d", "--wait")));

        awaitReady(1);
        for (String service : OURS) {
            figures.put("layers of ours in " + service, layersOfOurs(service));
        }
        for (String service : List.of("ingest", "processors", "sink")) {
            figures.put(
                    "lines that " + service + " logs at its first start",
                    Integer.toString(compose.must("logs", "--no-log-prefix", service)
                            .lines()
                            .size()));
        }
    }

    @Test
    @Order(2)
    void shouldRunWithoutRights() {
        for (String service : OURS) {
            String container = compose.containers(service).get(0);
            assertThat(Compose.docker("exec", container, "id", "-u")).isNotEqualTo("0");
            assertThat(Compose.docker("exec", container, "sh", "-c", "touch /x /opt/flexmetry/x 2>&1 || true"))
                    .contains("/x': Read-only file system", "/opt/flexmetry/x': Read-only file system");
            assertThat(Compose.docker("exec", container, "cat", "/proc/1/status"))
                    .contains("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1");
            assertThat(Compose.docker("inspect", "-f", "{{.HostConfig.Memory}}", container))
                    .isNotEqualTo("0");
        }
        assertThat(Compose.docker("exec", compose.containers("kafka").get(0), "cat", "/proc/1/status"))
                .contains("CapEff:\t0000000000000000", "NoNewPrivs:\t1");
        assertThat(compose.must("port", "ingest", "8080").text()).startsWith("127.0.0.1:");
        assertThat(compose.must("port", "kafka", "29092").text()).startsWith("127.0.0.1:");
    }

    @Test
    @Order(3)
    void shouldPutTheNumbersOfAConversationOnItsTask() throws Exception {
        measure("first");
    }

    @Test
    @Order(4)
    void shouldTakeWebhooksWhileKafkaIsAway() throws Exception {
        figures.put("memory, idle", memory());
        compose.must("stop", "kafka");
        createTask("away");
        for (ChatScript.Webhook webhook : ChatScript.webhooks("away", SCRIPT)) {
            assertThat(sender.send(webhook.path(), webhook.form())).isEqualTo(204);
        }

        compose.must("start", "kafka");
        Instant begin = Instant.now();
        awaitNumbers("away");

        figures.put(
                "start of Kafka to the numbers of a conversation in the spool", Duration.between(begin, Instant.now()));
    }

    @Test
    @Order(5)
    void shouldKeepItsMemoryUnderLoad() throws Exception {
        String most = "";
        try (Load load = Load.start(sender, 500)) {
            Instant begin = Instant.now();
            await().pollInterval(Duration.ofSeconds(5))
                    .until(() -> Duration.between(begin, Instant.now()).toSeconds() >= 45);
            most = memory();
            figures.put("webhooks/s sent", load.describe());
            assertThat(load.refused()).isZero();
        }
        figures.put("memory after 45 s of 500 webhooks/s", most);

        measure("after-load");
        SERVICES.forEach(service -> compose.containers(service).forEach(container -> assertThat(
                        Compose.docker("inspect", "-f", "{{.RestartCount}} {{.State.OOMKilled}}", container))
                .as(service)
                .endsWith("false")));
    }

    /** Not at the start or right after load, when the JIT compilers are busiest. */
    @Test
    @Order(6)
    void shouldBeQuietWhenNothingHappens() throws Exception {
        awaitPassed(Duration.ofSeconds(60));
        Map<String, Long> before = processorNanos();
        Instant begin = Instant.now();
        awaitPassed(Duration.ofSeconds(60));
        double minutes = Duration.between(begin, Instant.now()).toMillis() / 60_000.0;

        double all = 0;
        StringBuilder each = new StringBuilder();
        for (Map.Entry<String, Long> now : processorNanos().entrySet()) {
            double seconds = (now.getValue() - before.get(now.getKey())) / 1e9 / minutes;
            all += seconds;
            each.append(String.format(Locale.ROOT, ", %s %.1f", now.getKey(), seconds));
        }
        figures.put("processor time of the idle stack in a minute", String.format(Locale.ROOT, "%.1f s%s", all, each));
    }

    @Test
    @Order(7)
    void shouldScaleToThree() throws Exception {
        compose.with("FLEXMETRY_PROCESSORS", "3");
        figures.put("up to three processors", timed(() -> compose.must("up", "-d", "--wait")));

        awaitReady(3);
        measure(names("three", 12));
    }

    /** In its own profile, with the name of three instances of processors. */
    @Test
    @Order(8)
    void shouldShowAndExplainTheNumbers() throws Exception {
        int port = freePort();
        compose.with("FLEXMETRY_CONSOLE_TOKEN", CONSOLE_TOKEN).with("FLEXMETRY_CONSOLE_PORT", Integer.toString(port));
        figures.put(
                "up to ready, the console",
                timed(() -> compose.must("--profile", "console", "up", "-d", "--wait", "console")));

        for (String name : names("three", 12)) {
            String path = "/api/tasks/" + sid("WT", name);
            await().untilAsserted(() -> {
                assertThat(console(port, path)
                                .at("/rows/0/values/firstResponseTime")
                                .asInt())
                        .as(name)
                        .isEqualTo(10);
                assertThat(console(port, path + "/explain")
                                .at("/reservations/0/values/firstResponseTime")
                                .asInt())
                        .as(name)
                        .isEqualTo(10);
            });
        }
        assertThat(console(port, "/health/ready").path("status").asText()).isEqualTo("up");

        figures.put(
                "memory of the console",
                Compose.docker(
                        "stats",
                        "--no-stream",
                        "--format",
                        "{{.MemUsage}}",
                        compose.containers("console").get(0)));
        compose.must("--profile", "console", "rm", "-sf", "console", "check-console");
    }

    @Test
    @Order(9)
    void shouldGoOnWhileOneOfThreeIsRestarted() throws Exception {
        String one = compose.containers("processors").get(0);
        gap("one of three restarted", () -> Compose.docker("restart", "-t", "40", one));
        measure(names("restarted", 6));
    }

    @Test
    @Order(10)
    void shouldGoOnWhenOneOfThreeIsKilled() throws Exception {
        String one = compose.containers("processors").get(1);
        gap("one of three killed, and stays away", () -> Compose.docker("kill", "-s", "KILL", one));

        measure(names("killed", 6));
    }

    /** Neither changes the number of processors nor recreates a container. */
    @Test
    @Order(11)
    void shouldStayThreeWhenItIsUpAlready() throws Exception {
        List<String> kafka = compose.containers("kafka");
        figures.put("up again, one of three had been killed", timed(() -> compose.must("up", "-d", "--wait")));

        awaitReady(3);
        assertThat(compose.containers("kafka")).isEqualTo(kafka);
    }

    @Test
    @Order(12)
    void shouldGoOnWhenTheEngineStartsAKilledOneAgain() throws Exception {
        String one = compose.containers("processors").get(2);
        long pid = Long.parseLong(Compose.docker("inspect", "-f", "{{.State.Pid}}", one));
        assumeTrue(
                ProcessHandle.of(pid).isPresent()
                        && Compose.shell("test -w /proc/" + pid + "/oom_adj").exitCode() == 0,
                "processes of containers are not this machine's own");
        gap("one of three killed, the engine starts it again", () -> Compose.shell("kill -9 " + pid));

        awaitReady(3);
        measure(names("again", 6));
    }

    @Test
    @Order(13)
    void shouldGoBackToOne() throws Exception {
        compose.with("FLEXMETRY_PROCESSORS", "1");
        gap("two of three taken away", () -> compose.must("up", "-d", "--wait"));

        awaitReady(1);
        measure(names("one", 6));
    }

    @Test
    @Order(14)
    void shouldGoOnAfterTheOnlyOneIsRestarted() throws Exception {
        String one = compose.containers("processors").get(0);
        gap("the only one restarted", () -> Compose.docker("restart", "-t", "40", one));

        measure("only");
    }

    @Test
    @Order(15)
    void shouldKeepItsStateWhenItIsTakenDown() throws Exception {
        createTask("down");
        List<ChatScript.Webhook> webhooks = ChatScript.webhooks("down", SCRIPT);
        Set<String> volumes = volumes();
        deliver(webhooks.subList(0, 6));

        compose.must("down");
        assertThat(volumes()).isEqualTo(volumes);
        figures.put("up to ready after down", timed(() -> compose.must("up", "-d", "--wait")));
        deliver(webhooks.subList(6, webhooks.size()));

        awaitNumbers("down");
        Set<String> ours = volumes();
        ours.removeAll(volumesBefore);
        assertThat(ours).hasSize(3).allMatch(volume -> volume.startsWith(project("stack") + "_"));
    }

    @Test
    @Order(16)
    void shouldComeBackByItselfAfterAReboot() throws Exception {
        assumeTrue(!RESTART.isEmpty(), "no command restarts the engine: -Dcompose.engine.restart");
        createTask("reboot");
        List<ChatScript.Webhook> webhooks = ChatScript.webhooks("reboot", SCRIPT);
        deliver(webhooks.subList(0, 6));

        Compose.Output restarted = Compose.shell(RESTART);
        Instant begin = Instant.now();
        assertThat(restarted.exitCode()).as(restarted.text()).isZero();
        await().ignoreExceptions().until(() -> sender.send("/webhooks/taskrouter", Map.of("Sid", "EV1")) == 400);
        figures.put("engine back to webhooks taken", Duration.between(begin, Instant.now()));
        deliver(webhooks.subList(6, webhooks.size()));
        awaitNumbers("reboot");

        figures.put("engine back to the numbers of a conversation", Duration.between(begin, Instant.now()));
        awaitReady(1);
        figures.put("engine back to all ready", Duration.between(begin, Instant.now()));
    }

    @Test
    @Order(17)
    void shouldReportMissingSettings() {
        Compose without = new Compose(project("none"), folder.resolve("none.env")).with("UNUSED", "");

        Compose.Output output = without.run("up", "-d");

        assertThat(output.exitCode()).isNotZero();
        assertThat(output.text())
                .containsPattern("required variable (TWILIO_|FLEXMETRY_)")
                .contains(".env.example");
    }

    @Test
    @Order(18)
    void shouldNotStartWithWrongSettings() throws Exception {
        Path directory = Files.createDirectory(folder.resolve("directory"));
        refuses(
                Map.of("FLEXMETRY_LOG_LEVEL", "LOUD"),
                "check-ingest",
                "Expected FLEXMETRY_LOG_LEVEL to be one of DEBUG, INFO, WARN, ERROR but it is LOUD");
        refuses(
                Map.of("FLEXMETRY_PUBLIC_URL", "here"),
                "check-ingest",
                "Expected FLEXMETRY_PUBLIC_URL to be an origin");
        refuses(Map.of("TWILIO_WORKSPACE_SID", "mine"), "check-sink", "Expected TWILIO_WORKSPACE_SID");
        refuses(Map.of("FLEXMETRY_CONFIG", directory.toString()), "check-processors", "/etc/flexmetry.yaml");
    }

    @Test
    @Order(19)
    void shouldReportAMissingConfigurationFile() {
        Path missing = folder.resolve("missing.yaml");
        Compose wrong = wrong().with("FLEXMETRY_CONFIG", missing.toString());

        Compose.Output output = wrong.run("up", "-d", "--no-build");

        assertThat(output.exitCode()).isNotZero();
        assertThat(output.text()).contains(missing.toString(), "does not exist");
        assertThat(missing).doesNotExist();
        wrong.must("down", "-v");
    }

    private static JsonNode console(int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + CONSOLE_TOKEN)
                .build();
        return JSON.readTree(HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private void refuses(Map<String, String> wrongSettings, String check, String message) {
        Compose wrong = wrong();
        wrongSettings.forEach(wrong::with);

        Compose.Output detached = wrong.run("up", "-d", "--no-build");
        Compose.Output attached = wrong.run("up", "--no-build");

        assertThat(detached.exitCode()).as(detached.text()).isNotZero();
        assertThat(detached.text()).contains("didn't complete successfully: exit 2");
        assertThat(attached.exitCode()).as(attached.text()).isNotZero();
        assertThat(attached.text()).contains(message);
        assertThat(wrong.must("logs", "--no-log-prefix", check).text()).contains(message);
        for (String container : wrong.containers()) {
            assertThat(Compose.docker("inspect", "-f", "{{.Name}} {{.State.Running}} {{.RestartCount}}", container))
                    .endsWith(" false 0");
        }
        wrong.must("down", "-v");
    }

    /** A project with correct settings and the images of the stack. */
    private Compose wrong() {
        for (String service : OURS) {
            Compose.docker("tag", project("stack") + "-" + service, project("wrong") + "-" + service);
        }
        return configure(project("wrong"), folder.resolve("wrong.env"))
                .with("FLEXMETRY_HTTP_PORT", Integer.toString(freePort()))
                .with("KAFKA_PORT", Integer.toString(freePort()));
    }

    private Compose configure(String project, Path envFile) {
        return new Compose(project, envFile, OVERRIDE)
                .with("TWILIO_ACCOUNT_SID", account.accountSid())
                .with("TWILIO_AUTH_TOKEN", account.authToken())
                .with("TWILIO_WORKSPACE_SID", account.workspaceSid())
                .with("FLEXMETRY_PUBLIC_URL", PUBLIC_URL)
                .with(
                        "FLEXMETRY_TWILIO_BASE_URL",
                        "http://host.docker.internal:" + simulator.baseUrl().getPort());
    }

    private static String project(String name) {
        return "flexmetry-test-" + ProcessHandle.current().pid() + "-" + name;
    }

    private void awaitReady(int processors) {
        await().pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            assertThat(compose.isReady("kafka", 1)).as("kafka").isTrue();
            assertThat(compose.isReady("ingest", 1)).as("ingest").isTrue();
            assertThat(compose.isReady("sink", 1)).as("sink").isTrue();
            assertThat(compose.isReady("processors", processors))
                    .as("processors")
                    .isTrue();
        });
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    private void measure(String name) throws Exception {
        measure(List.of(name));
    }

    private void measure(List<String> names) throws Exception {
        for (String name : names) {
            createTask(name);
            deliver(ChatScript.webhooks(name, SCRIPT));
        }
        for (String name : names) {
            awaitNumbers(name);
        }
    }

    private void awaitNumbers(String name) {
        await().untilAsserted(() -> assertThat(ours(
                        JSON.readTree(tasks.last(sid("WT", name)).orElseThrow().attributes())))
                .as(name)
                .isEqualTo(JSON.readTree(NUMBERS)));
    }

    private void deliver(List<ChatScript.Webhook> webhooks) throws IOException, InterruptedException {
        for (ChatScript.Webhook webhook : webhooks) {
            assertThat(sender.send(webhook.path(), webhook.form())).isEqualTo(204);
        }
    }

    private void createTask(String name) {
        tasks.create(new SimulatedTask(
                sid("WT", name), "{}", 0, "assigned", "chat", "Support", null, ChatScript.START, ChatScript.START));
    }

    private static JsonNode ours(JsonNode attributes) {
        var ours = JSON.createObjectNode();
        attributes.path("conversations").properties().stream()
                .filter(field -> field.getValue().isNumber())
                .forEach(field -> ours.set(field.getKey(), field.getValue()));
        return ours;
    }

    /** The longest gap between rows of running conversations during an action, and without one. */
    private void gap(String what, Runnable action) throws Exception {
        try (LiveRows rows = LiveRows.start(what, sender, "localhost:" + kafkaPort)) {
            Instant begin = Instant.now();
            await().until(() -> rows.allSince(begin));
            Instant calm = Instant.now();
            await().until(() -> rows.allSince(calm.plusSeconds(10)));
            Duration usual = rows.longestSince(calm);
            Instant acted = Instant.now();

            action.run();
            Instant done = Instant.now();
            await().until(() -> rows.allSince(done.plusSeconds(15)));

            figures.put(
                    "longest time without a row of a running conversation, " + what,
                    Figures.seconds(rows.longestSince(acted)) + " (before: " + Figures.seconds(usual)
                            + "; webhooks not taken: " + rows.refused() + ")");
            assertThat(rows.refused()).isZero();
        }
    }

    private static Duration timed(Runnable action) {
        Instant begin = Instant.now();
        action.run();
        return Duration.between(begin, Instant.now());
    }

    private static void awaitPassed(Duration duration) {
        Instant end = Instant.now().plus(duration);
        await().pollInterval(Duration.ofSeconds(1)).until(() -> Instant.now().isAfter(end));
    }

    private Map<String, Long> processorNanos() {
        Map<String, Long> nanos = new LinkedHashMap<>();
        for (String service : SERVICES) {
            // cgroup version 2 counts microseconds, version 1 nanoseconds
            nanos.put(
                    service,
                    Long.parseLong(Compose.docker(
                            "exec",
                            compose.containers(service).get(0),
                            "sh",
                            "-c",
                            "sed -n 's/^usage_usec \\(.*\\)/\\1000/p' /sys/fs/cgroup/cpu.stat 2>/dev/null | grep . "
                                    + "|| cat /sys/fs/cgroup/cpuacct/cpuacct.usage")));
        }
        return nanos;
    }

    private String memory() {
        List<String> figuresOfAll = new ArrayList<>();
        for (String service : SERVICES) {
            for (String container : compose.containers(service)) {
                figuresOfAll.add(
                        service + " " + Compose.docker("stats", "--no-stream", "--format", "{{.MemUsage}}", container));
            }
        }
        return String.join(", ", figuresOfAll);
    }

    private static String layersOfOurs(String service) {
        String image = project("stack") + "-" + service;
        long size = Long.parseLong(Compose.docker("image", "inspect", "-f", "{{.Size}}", image));
        long base = Long.parseLong(Compose.docker("image", "inspect", "-f", "{{.Size}}", "eclipse-temurin:17-jre"));
        return String.format(Locale.ROOT, "%.1f MB", (size - base) / 1e6);
    }

    private static Set<String> volumes() {
        return new TreeSet<>(Compose.docker("volume", "ls", "-q").lines().toList());
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
