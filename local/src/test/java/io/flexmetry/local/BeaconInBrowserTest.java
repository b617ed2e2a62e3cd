package io.flexmetry.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Clock;
import com.microsoft.playwright.Page;
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
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plugin's own code in a real browser on a page that imitates Flex, and the numbers that the server computes from
 * it. Browser and server share one clock, which the test moves. Skipped if there is no Chromium ({@code apt-get install
 * chromium}).
 */
class BeaconInBrowserTest {

    private static final Path SOURCES = Path.of("../flex-plugin/src");
    private static final String WORKER = SimulatedAccount.sid("WK", "ana");
    private static final String A = SimulatedAccount.sid("WR", "a");
    private static final String B = SimulatedAccount.sid("WR", "b");
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final String PAGE = """
            <!doctype html><title>Flex</title>
            <script>
              const send = window.fetch;
              window.underWay = 0;
              window.fetch = (...request) => {
                underWay++;
                return send(...request).finally(() => underWay--);
              };
              // a retry comes as late as it may: together with a heartbeat
              Math.random = () => 1;
            </script>
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
              };
              window.visibility = value => {
                Object.defineProperty(document, 'visibilityState', { value, configurable: true });
                document.dispatchEvent(new Event('visibilitychange'));
              };
              connect({ Actions: { addListener() {} } }, manager, 'BEACON', HEARTBEAT);
            </script>""";

    private static Chromium chromium;

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-05T09:00:00Z"));
    private HttpServer pages;
    private LocalStack stack;
    private int sent;

    @BeforeAll
    static void startBrowser() {
        chromium = Chromium.launch();
    }

    @AfterAll
    static void stopBrowser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pages.createContext("/", this::page);
        pages.start();
        Path yaml = folder.resolve("flexmetry.yaml");
        Files.writeString(yaml, "beacon: {origins: [\"" + origin() + "\"]}\nfocus: {heartbeat: " + HEARTBEAT + "}");
        stack = LocalStack.start(
                Environment.of(Map.of("FLEXMETRY_HTTP_PORT", "0", "FLEXMETRY_CONFIG", yaml.toString())),
                folder,
                InstantSource.system(),
                now::get);
        await().until(stack::isReady);
    }

    @AfterEach
    void stop() {
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
        BrowserContext context = context();
        Page page = open(context);

        act(page, "select('" + A + "')");
        pass(2, page);
        act(page, "select('" + B + "')");
        pass(3, page);
        act(page, "select('" + A + "')");
        pass(1, page);

        act(page, "visibility('hidden')");
        pass(2, page);
        act(page, "visibility('visible')");
        pass(1, page);

        page.reload();
        awaitNothingUnderWay(page);
        pass(1, page);

        context.setOffline(true);
        act(page, "select('" + B + "')");
        pass(3, page);
        act(page, "select('" + A + "')");
        pass(2, page);
        context.setOffline(false);
        pass(4, page);

        page.close();
        // a later page sends what the closed one may not have sent
        open(context);
        await().until(() -> events().filter(fact -> fact.change() == FocusFact.Change.UNLOAD)
                        .count()
                >= 2);
        webhook("wrapup", "a");
        webhook("wrapup", "b");

        await().untilAsserted(() -> {
            assertThat(focus(A)).isEqualTo(2 + 1 + 1 + 1 + 2 + 4);
            assertThat(focus(B)).isEqualTo(3 + 3);
        });
    }

    @Test
    void shouldTakeTheTabThatWasLastActive() throws Exception {
        webhook("accepted", "a");
        webhook("accepted", "b");
        Page one = open(context());
        Page two = open(context());
        pass(1, one, two);

        act(one, "select('" + A + "')");
        pass(2, one, two);
        act(two, "select('" + B + "')");
        pass(4, one, two);
        act(two, "select(undefined)");
        passUntilAllIsSent(one, two);
        webhook("wrapup", "a");
        webhook("wrapup", "b");

        await().untilAsserted(() -> {
            assertThat(focus(A)).isEqualTo(2);
            assertThat(focus(B)).isEqualTo(4);
        });
    }

    /** A browser context whose clock stands still at the current time. */
    private BrowserContext context() {
        BrowserContext context = chromium.browser().newContext();
        context.setDefaultTimeout((double) Patience.LONG.toMillis());
        context.clock().install(new Clock.InstallOptions().setTime(now.get().toEpochMilli()));
        context.clock().pauseAt(now.get().toEpochMilli());
        return context;
    }

    private Page open(BrowserContext context) {
        Page page = context.newPage();
        page.navigate(origin());
        awaitNothingUnderWay(page);
        return page;
    }

    private static void act(Page page, String script) {
        page.evaluate(script);
        awaitNothingUnderWay(page);
    }

    /** Advances the time from heartbeat to heartbeat; each batch arrives at the time at which it is sent. */
    private void pass(int seconds, Page... open) {
        for (int i = 0; i < seconds; i++) {
            now.updateAndGet(before -> before.plus(HEARTBEAT));
            for (Page page : open) {
                page.context().clock().runFor(HEARTBEAT.toMillis());
            }
            for (Page page : open) {
                awaitNothingUnderWay(page);
            }
        }
    }

    private static void awaitNothingUnderWay(Page page) {
        await().pollInSameThread().until(() -> page.evaluate("underWay").equals(0));
    }

    /** The beacon keeps what ingest has not accepted, and retries as time passes. */
    private void passUntilAllIsSent(Page... open) {
        await().pollInSameThread().until(() -> {
            pass(1, open);
            return Stream.of(open)
                    .allMatch(page -> page.evaluate("localStorage.length").equals(0));
        });
    }

    private Stream<FocusFact> events() {
        return TopicReader.readAll(stack.bootstrapServers(), Topics.FOCUS_EVENTS).stream()
                .map(event -> (FocusFact) event.fact());
    }

    /** Focus time of the reservation's final row in seconds; negative while there is none. */
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
        form.put("TimestampMs", Long.toString(now.get().toEpochMilli()));
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
                        .replace("HEARTBEAT", Long.toString(HEARTBEAT.toMillis()))
                        .getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", script ? "text/javascript" : "text/html");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
