package io.flexmetry.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.twilio.SimulatedAccount;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plugin's own code in a real browser on a page that stands in for Flex, and the numbers that the server makes of it. The
 * page tells when each thing happened. Without a Chromium on the machine ({@code apt-get install chromium}) it skips itself.
 */
@Timeout(180)
class BeaconInBrowserTest {

    private static final Path SOURCES = Path.of("../flex-plugin/src");
    private static final String WORKER = SimulatedAccount.sid("WK", "ana");
    private static final String A = SimulatedAccount.sid("WR", "a");
    private static final String B = SimulatedAccount.sid("WR", "b");
    private static final Offset<Double> CLOSE = within(0.25);
    private static final String PAGE = """
            <!doctype html><title>Flex</title>
            <script type="module">
              import { connect } from '/src/flex.js';
              const view = { selectedTaskSid: sessionStorage.selected };
              const listeners = [];
              const store = {
                getState: () => ({ flex: { view, worker: { tasks: new Map() } } }),
                subscribe: listener => listeners.push(listener),
              };
              const manager = { user: { token: 'token-of-WORKER' }, store };
              window.select = sid => {
                view.selectedTaskSid = sid;
                sessionStorage.selected = sid || '';
                listeners.forEach(listener => listener());
                return Date.now();
              };
              window.visibility = value => {
                Object.defineProperty(document, 'visibilityState', { value, configurable: true });
                document.dispatchEvent(new Event('visibilitychange'));
                return Date.now();
              };
              connect({ Actions: { addListener() {} } }, manager, 'BEACON', 1000);
              window.loadedAt = Date.now();
            </script>""";

    @TempDir
    Path folder;

    private HttpServer pages;
    private LocalStack stack;
    private Playwright playwright;
    private Browser browser;
    private int sent;

    @BeforeEach
    void start() throws Exception {
        Optional<Path> chromium = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(chromium.isPresent(), "There is no Chromium here");
        pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pages.createContext("/", this::page);
        pages.start();
        Path yaml = folder.resolve("flexmetry.yaml");
        Files.writeString(yaml, "beacon: {origins: [\"" + origin() + "\"]}\nfocus: {heartbeat: PT1S}");
        stack = LocalStack.start(
                Environment.of(Map.of("FLEXMETRY_HTTP_PORT", "0", "FLEXMETRY_CONFIG", yaml.toString())),
                folder,
                InstantSource.system());
        await().until(stack::isReady);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions()
                        .setExecutablePath(chromium.get())
                        .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
    }

    @AfterEach
    void stop() {
        if (playwright != null) {
            playwright.close();
        }
        if (stack != null) {
            stack.close();
        }
        if (pages != null) {
            pages.stop(0);
        }
    }

    @Test
    void shouldMeasureWhatWasOnScreen() throws Exception {
        webhook("accepted", "a");
        webhook("accepted", "b");
        BrowserContext context = browser.newContext();
        Page page = context.newPage();
        page.navigate(origin());

        double selectA = at(page, "select('" + A + "')");
        awaitHeartbeats(2);
        double selectB = at(page, "select('" + B + "')");
        awaitHeartbeats(2);
        double selectAgain = at(page, "select('" + A + "')");
        awaitHeartbeats(1);

        double hidden = at(page, "visibility('hidden')");
        page.waitForFunction("Date.now() > " + (long) (hidden * 1000 + 2000));
        double visible = at(page, "visibility('visible')");
        awaitHeartbeats(1);

        double before = at(page, "Date.now()");
        page.reload();
        page.waitForFunction("window.loadedAt");
        double reloaded = at(page, "loadedAt");
        awaitHeartbeats(1);

        context.setOffline(true);
        double selectOffline = at(page, "select('" + B + "')");
        page.waitForFunction("Date.now() > " + (long) (selectOffline * 1000 + 2500));
        double backToA = at(page, "select('" + A + "')");
        page.waitForFunction("Date.now() > " + (long) (backToA * 1000 + 1500));
        context.setOffline(false);
        awaitHeartbeats(4);

        double closed = at(page, "Date.now()");
        page.close();
        // a page that comes later sends what the closed one may have had no time for
        Page other = context.newPage();
        other.navigate(origin());
        await().until(() -> events().filter(fact -> fact.change() == FocusFact.Change.UNLOAD)
                        .count()
                >= 2);
        webhook("wrapup", "a");
        webhook("wrapup", "b");

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(focus(A))
                    .isCloseTo(
                            selectB
                                    - selectA
                                    + hidden
                                    - selectAgain
                                    + before
                                    - visible
                                    + selectOffline
                                    - reloaded
                                    + closed
                                    - backToA,
                            CLOSE);
            assertThat(focus(B)).isCloseTo(selectAgain - selectB + backToA - selectOffline, CLOSE);
        });
    }

    @Test
    void shouldTakeTheTabThatWasLastActive() throws Exception {
        webhook("accepted", "a");
        webhook("accepted", "b");
        Page one = browser.newContext().newPage();
        Page two = browser.newContext().newPage();
        one.navigate(origin());
        two.navigate(origin());

        double selectA = at(one, "select('" + A + "')");
        awaitHeartbeats(2);
        double selectB = at(two, "select('" + B + "')");
        awaitHeartbeats(4);
        double deselect = at(two, "select(undefined)");
        awaitHeartbeats(2);
        webhook("wrapup", "a");
        webhook("wrapup", "b");

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(focus(A)).isCloseTo(selectB - selectA, CLOSE);
            assertThat(focus(B)).isCloseTo(deselect - selectB, CLOSE);
        });
    }

    /** Runs it and gives when it happened, seconds by the browser's clock. */
    private static double at(Page page, String script) {
        return ((Number) page.evaluate(script)).doubleValue() / 1000;
    }

    /** Time passes by the browser's own rhythm. */
    private void awaitHeartbeats(int more) {
        long before = heartbeats();
        await().atMost(Duration.ofSeconds(30)).until(() -> heartbeats() >= before + more);
    }

    private long heartbeats() {
        return events().filter(fact -> fact.change() == FocusFact.Change.HEARTBEAT)
                .count();
    }

    private Stream<FocusFact> events() {
        return TopicReader.readAll(stack.bootstrapServers(), Topics.FOCUS_EVENTS).stream()
                .map(event -> (FocusFact) event.fact());
    }

    /** Focus time of the reservation's final row, s; nothing yet is not close to anything. */
    private double focus(String reservationSid) {
        return TopicReader.readAll(stack.bootstrapServers(), Topics.RESERVATION_METRICS).stream()
                .filter(row -> row.reservationSid().equals(reservationSid))
                .filter(row -> row.state() == ReservationMetrics.State.FINAL)
                .reduce((earlier, later) -> later)
                .map(row -> row.values().get(Metric.FOCUS_TIME))
                .map(Number::doubleValue)
                .orElse(-1.0);
    }

    private void webhook(String change, String name) throws Exception {
        Map<String, String> form = new HashMap<>();
        form.put("EventType", "reservation." + change);
        form.put("Sid", "EV" + sent++);
        form.put("TimestampMs", Long.toString(Instant.now().toEpochMilli()));
        form.put("TaskSid", SimulatedAccount.sid("WT", name));
        form.put("TaskChannelUniqueName", "voice");
        form.put("ReservationSid", SimulatedAccount.sid("WR", name));
        form.put("WorkerSid", WORKER);
        assertThat(stack.sender().send("/webhooks/taskrouter", form)).isEqualTo(204);
    }

    private String origin() {
        return "http://127.0.0.1:" + pages.getAddress().getPort();
    }

    private void page(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean script = path.startsWith("/src/");
        String name = path.substring(path.lastIndexOf('/') + 1);
        byte[] body = script
                ? Files.readAllBytes(SOURCES.resolve(name.endsWith(".js") ? name : name + ".js"))
                : PAGE.replace("WORKER", WORKER)
                        .replace("BEACON", "http://127.0.0.1:" + stack.port() + "/beacon/focus")
                        .getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", script ? "text/javascript" : "text/html");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
