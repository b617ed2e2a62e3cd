package io.flexmetry.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The console's pages in a real browser, with the server's security policy and answers that a test defines. Screenshots
 * are in {@code target/pictures}. Skipped if there is no Chromium ({@code apt-get install chromium}).
 */
@Tag("browser")
class FloorInBrowserTest {

    /** Far longer than anything takes, so that only real failures time out. */
    private static final Duration LONG = Duration.ofMinutes(5);

    private static final Path PICTURES = Path.of("target/pictures");
    /** The time of {@code floor.json}. */
    private static final Instant TOLD = Instant.parse("2026-11-28T10:02:55Z");

    private static final String TASK = "WT53f4227396ba3a0c4aa8ae2fbbfee4f1";
    private static final String SERIES = "/api/series";
    private static final String SERIES_TAG = "W/\"1\"";
    private static final String NO_SERIES = """
            {"at": "2026-11-28T10:02:55Z", "window": "5m", "seconds": 15, "buckets": [
              {"from": "2026-11-28T10:02:45Z", "accepted": 0, "waiting": 0}]}""";

    private static final int MANY_TABS = 80;
    private static final int PATCHES = 20;

    private static Playwright playwright;
    private static Browser browser;

    private final List<String> complaints = new ArrayList<>();
    private FakeConsole console;
    private BrowserContext context;

    @BeforeAll
    static void startBrowser() throws IOException {
        Optional<Path> chromium = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(chromium.isPresent(), "There is no Chromium here");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions()
                        .setExecutablePath(chromium.get())
                        .setTimeout((double) LONG.toMillis())
                        .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
        Files.createDirectories(PICTURES);
    }

    @AfterAll
    static void stopBrowser() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    void start() throws IOException {
        console = new FakeConsole();
        console.greet("1", resource("floor.json"));
        console.answer(SERIES, 200, resource("series.json"), SERIES_TAG);
        console.answer("/api/tasks/" + TASK, 200, resource("task.json"));
        console.answer("/api/tasks/" + TASK + "/explain", 200, resource("explain.json"));
    }

    @AfterEach
    void stop() {
        if (context != null) {
            context.close();
        }
        if (console != null) {
            console.close();
            assertThat(console.unknown()).as("files that do not exist").isEmpty();
        }
        assertThat(complaints).as("what the browser complained about").isEmpty();
    }

    @Test
    void shouldShowTheFloor() throws IOException {
        Page page = open("/");

        assertThat(text(page, "#tile-waiting .value")).isEqualTo("6");
        assertThat(text(page, "#tile-waiting .note")).isEqualTo("longest 0:45 · Support");
        assertThat(text(page, "#tile-waiting .word")).isEqualTo("watch");
        assertThat(text(page, "#tile-first .big")).isEqualTo("12.5 s· 98");
        assertThat(text(page, "#tile-first .note")).isEqualTo("90 % within 40 s");
        assertThat(text(page, "#tile-target .big")).isEqualTo("91 %· 98");
        assertThat(text(page, "#tile-accepted .big")).isEqualTo("83 %· 121");
        assertThat(text(page, "#tile-accepted .note")).isEqualTo("within 60 s");
        assertThat(row(page, "queues", "Support"))
                .containsExactly(
                        "Support", "2", "0:45", "3", "2", "40", "29.1 s· 3", "7.2 s· 40", "– no target", "– none");
        assertThat(row(page, "agents", "chloe")).contains("Available47:32", "chat wrap-up14:23");
        assertThat(level(page, "queues", "Support", "longest")).isEqualTo("watch");
        assertThat(level(page, "queues", "Sales", "withinTarget")).isEqualTo("late");
        assertThat(text(page, "#status-word")).isEqualTo("Live");
        assertThat(count(page, "#recent tbody tr")).isEqualTo(16);
        assertThat(page.locator("#replies tbody a").first().getAttribute("href"))
                .matches("/tasks/WT[0-9a-f]{32}");
        assertThat(page.locator("#problem").isVisible()).isFalse();
    }

    @Test
    void shouldLetDurationsRunByTheServersClock() {
        Page page = open("/");

        page.clock().setFixedTime(TOLD.plusSeconds(20).toEpochMilli());

        eventually(() -> {
            assertThat(row(page, "queues", "Support")).contains("1:05");
            assertThat(level(page, "queues", "Support", "longest")).isEqualTo("late");
            assertThat(text(page, "#tile-waiting .word")).isEqualTo("late");
            assertThat(text(page, "#status-time")).isEqualTo("10:03:15");
        });
    }

    @Test
    void shouldCountDownToWhatIsAboutToBreach() {
        Page page = open("/");

        assertThat(row(page, "breaches", "accept"))
                .containsExactly("accept", "Support", "– nobody", "0:15 over", "WT6a3c1a1e");
        assertThat(row(page, "breaches", "reply"))
                .containsExactly("reply", "Returns", "dan", "0:05 left", "WTa03ccbc6");
        assertThat(row(page, "breaches", "first reply"))
                .containsExactly("first reply", "– no queue", "– no name", "0:07 left", "WTb39a2411");
        assertThat(level(page, "breaches", "accept", "left")).isEqualTo("late");
        assertThat(level(page, "breaches", "reply", "left")).isEqualTo("watch");

        page.clock().setFixedTime(TOLD.plusSeconds(6).toEpochMilli());

        eventually(() -> {
            assertThat(row(page, "breaches", "reply")).contains("0:01 over");
            assertThat(level(page, "breaches", "reply", "left")).isEqualTo("late");
            assertThat(row(page, "breaches", "first reply")).contains("0:01 left");
        });

        console.patch("2", """
                {"at": "2026-11-28T10:03:01Z", "breaches": {"gone": ["WRaffaa9da8c814fdfa2a4fa3f82c005bc"], "set": [
                   {"key": "WRc5201993c77ba9c2d8fea4827b575b34", "kind": "response", "taskSid": "WTb39a2411e93b1b5b055c76613a43f484",
                    "agent": "finn", "queue": "Billing", "channel": "chat", "since": "2026-11-28T10:03:00Z",
                    "breachAt": "2026-11-28T11:04:01Z", "seconds": 30}]}}
                """);

        eventually(() -> assertThat(row(page, "breaches", "reply"))
                .containsExactly("reply", "Billing", "finn", "1 h 01 left", "WTb39a2411"));
        assertThat(count(page, "#breaches tbody tr")).isEqualTo(2);
    }

    @Test
    void shouldChangeOnlyWhatHasChanged() {
        Page page = open("/");
        page.evaluate("""
                () => {
                  window.touched = new Set();
                  window.support = [...document.querySelectorAll('#queues tbody tr')]
                      .find(row => row.textContent.startsWith('Support'));
                  new MutationObserver(changes => changes.forEach(change => {
                    const element = change.target.nodeType === 1 ? change.target : change.target.parentElement;
                    const cell = element?.closest('tbody tr > *');
                    if (cell) touched.add(cell.parentElement.firstElementChild.textContent + ':' + cell.className.split(' ')[0]);
                  })).observe(document.getElementById('queues'), { subtree: true, childList: true, characterData: true, attributes: true });
                }""");

        console.patch("2", """
                {"at": "2026-11-28T10:02:55Z", "problem": "Topics cannot be read", "queues": {
                  "set": [{"key": "Support", "name": "Support", "waiting": 2, "longestWaitSince": "2026-11-28T10:02:10Z",
                           "active": 9, "wrapping": 2, "handled": 40, "firstResponse": {"median": 29.1, "p90": 74.9, "of": 3},
                           "response": {"median": 7.2, "p90": 27.7, "of": 40}, "withinTarget": null},
                          {"key": "New", "name": "New", "waiting": 0, "longestWaitSince": null, "active": 0, "wrapping": 0,
                           "handled": 0, "firstResponse": null, "response": null, "withinTarget": null}],
                  "gone": ["Billing"],
                  "order": ["New", "Sales", "Technical support EMEA", "Returns", "VIP", "Complaints", "Voice overflow", "Support"]}}
                """);

        eventually(() -> assertThat(firstCells(page, "queues"))
                .containsExactly(
                        "New",
                        "Sales",
                        "Technical support EMEA",
                        "Returns",
                        "VIP",
                        "Complaints",
                        "Voice overflow",
                        "Support"));
        assertThat(row(page, "queues", "Support")).element(3).isEqualTo("9");
        assertThat(page.evaluate("support.isConnected")).isEqualTo(true);
        assertThat(page.evaluate("[...touched]")).isEqualTo(List.of("Support:c-active"));
        assertThat(text(page, "#problem")).isEqualTo("Topics cannot be read");
        assertThat(text(page, "#tile-waiting .value")).isEqualTo("6");
    }

    @Test
    void shouldKeepTheLastStateWhileTheConnectionIsLost() {
        Page page = open("/");

        console.drop();
        eventually(() -> assertThat(text(page, "#status-word")).isEqualTo("Not connected"));
        page.clock().setFixedTime(TOLD.plusSeconds(74).toEpochMilli());
        eventually(() -> assertThat(text(page, "#stale"))
                .isEqualTo("Connection lost: this is the floor of 10:02:55, 1:14 old. Reconnecting…"));
        assertThat(row(page, "queues", "Support")).contains("0:45");
        picture(page, "lost");

        console.resume();
        eventually(() -> assertThat(text(page, "#status-word")).isEqualTo("Reconnected"));
        assertThat(page.locator("#stale").isVisible()).isFalse();
        assertThat(console.asked()).last().isEqualTo(new FakeConsole.Asked("window=today", "1"));
        eventually(() -> assertThat(row(page, "queues", "Support")).contains("1:59"));
        console.patch("2", "{\"at\": \"2026-11-28T10:04:09Z\", \"queues\": {\"set\": [], \"gone\": [\"Billing\"]}}");
        eventually(() -> assertThat(count(page, "#queues tbody tr")).isEqualTo(7));
    }

    @Test
    void shouldTryAgainWhatIsNoStream() {
        console.answer("/api/stream", 503, "{}");
        Page page = page("/");
        eventually(() -> assertThat(text(page, "#stale")).isEqualTo("No connection to the console. Reconnecting…"));

        console.forget("/api/stream");
        awaitFloor(page);

        eventually(() -> assertThat(text(page, "#status-word")).isEqualTo("Reconnected"));
    }

    @Test
    void shouldDrawHowTheDayWent() {
        Page page = open("/");
        eventually(() -> assertThat(count(page, "#series canvas")).isEqualTo(2));

        assertThat(page.evaluate("""
                [...document.querySelectorAll('#series canvas')].map(canvas => new Set(new Uint32Array(
                    canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size > 10)""")).as("something is drawn").isEqualTo(List.of(true, true));
        assertThat(text(page, "#series .per")).isEqualTo("by 15 minutes");
        assertThat(label(page, "response"))
                .isEqualTo("Response times, median, by 15 minutes. Latest: first response 12.5 s, response 2:14 min."
                        + " All numbers are in the table below.");
        assertThat(label(page, "tasks")).contains("Latest: 4 accepted, 6 waiting.");
        assertThat(page.locator("#series .empty").isVisible()).isFalse();

        page.locator("#series figure[data-kind=tasks] .u-over").hover();
        assertThat(text(page, "#series figure[data-kind=tasks] .readout"))
                .matches("\\d\\d:\\d\\d · \\d+ accepted, \\d+ waiting");
    }

    @Test
    void shouldShowTheSameNumbersAsATable() throws IOException {
        Page page = open("/");
        eventually(() -> assertThat(count(page, "#series canvas")).isEqualTo(2));

        page.locator("#series summary").focus();
        page.keyboard().press("Enter");

        eventually(() -> assertThat(cells(page, "#series tbody tr:first-child"))
                .containsExactly("10:00", "12.5 s· 3", "2:14 min· 2", "4", "6"));
        assertThat(cells(page, "#series tbody tr:nth-child(8)"))
                .as("nothing ended, which is not zero")
                .startsWith("08:15", "– none", "– none", "0");
        assertThat(cells(page, "#series tbody tr:last-child"))
                .as("the night is left out")
                .startsWith("07:30");
        page.locator("#series .csv").focus();
        Download download = page.waitForDownload(() -> page.keyboard().press("Enter"));
        assertThat(Files.readString(download.path()).lines()).last().isEqualTo("2026-11-28T10:00:00Z,12.5,3,134,2,4,6");
    }

    @Test
    void shouldAskForTheSeriesOfWindowAndQueue() {
        Page page = open("/");
        eventually(() -> assertThat(console.queries(SERIES)).contains(new FakeConsole.Query("window=today", null)));

        page.locator("#series select").selectOption("Technical support EMEA");
        eventually(() -> assertThat(console.queries(SERIES))
                .last()
                .isEqualTo(new FakeConsole.Query("window=today&queue=Technical+support+EMEA", null)));
        eventually(
                () -> assertThat(label(page, "tasks")).startsWith("Tasks of Technical support EMEA, by 15 minutes."));
        console.answer(SERIES, 200, NO_SERIES);
        page.locator("#window input[value='5m']").check();

        eventually(() -> assertThat(text(page, "#series .empty"))
                .isEqualTo("No task was accepted, waiting or ended in this window yet."));
        assertThat(text(page, "#series .per")).isEqualTo("by 15 seconds");
        assertThat(page.locator("#series .charts").isVisible()).isFalse();
        assertThat(console.queries(SERIES))
                .last()
                .isEqualTo(new FakeConsole.Query("window=5m&queue=Technical+support+EMEA", null));
        page.reload();
        awaitFloor(page);
        assertThat(page.locator("#series select").inputValue()).isEqualTo("Technical support EMEA");
    }

    @Test
    void shouldAskForTheSeriesAgainAndAgain() {
        Page page = open("/");
        eventually(() -> assertThat(count(page, "#series canvas")).isEqualTo(2));
        List<FakeConsole.Query> asked = console.queries(SERIES);
        assertThat(asked).hasSize(1);

        page.clock().fastForward(15_000);
        eventually(() -> assertThat(asked).hasSize(2));
        assertThat(asked).last().isEqualTo(new FakeConsole.Query("window=today", SERIES_TAG));
        assertThat(label(page, "tasks")).contains("Latest: 4 accepted, 6 waiting.");

        console.answer(SERIES, 429, "{\"error\": \"too often\"}");
        page.clock().fastForward(15_000);
        eventually(() -> assertThat(text(page, "#series .empty")).contains("the console answers 429", "Retrying…"));
        assertThat(page.locator("#series .charts").isVisible())
                .as("the last that is known")
                .isTrue();

        console.answer(SERIES, 200, NO_SERIES);
        page.clock().fastForward(15_000);
        eventually(() -> assertThat(text(page, "#series .empty")).startsWith("No task was accepted"));
    }

    @Test
    void shouldLeaveTheWallToTheQueues() {
        context = context(new Browser.NewContextOptions().setViewportSize(1920, 1080));
        Page page = open("/?view=wall");
        eventually(() -> assertThat(count(page, "#series canvas")).isEqualTo(2));

        assertThat(page.evaluate("(scroll => scroll.scrollHeight <= scroll.clientHeight)"
                        + "(document.querySelector('#queues .scroll'))"))
                .as("all eight are seen")
                .isEqualTo(true);
        assertThat(page.locator("#series figure").first().isVisible()).isFalse();

        console.patch("2", """
                {"at": "2026-11-28T10:02:55Z",
                 "queues": {"set": [], "gone": ["Billing", "VIP", "Returns", "Complaints", "Voice overflow"]}}""");

        eventually(() ->
                assertThat(page.locator("#series figure").first().isVisible()).isTrue());
        picture(page, "wall-with-charts");
        assertThat(page.evaluate("document.documentElement.scrollHeight <= innerHeight"))
                .isEqualTo(true);
    }

    @Test
    void shouldDrawInTheColoursOfTheTheme() {
        Page page = open("/");
        eventually(() -> assertThat(count(page, "#series canvas")).isEqualTo(2));
        String drawing = "document.querySelector('#series canvas').toDataURL()";
        Object light = page.evaluate(drawing);

        page.locator("#theme").click();

        eventually(() -> assertThat(page.evaluate(drawing)).isNotEqualTo(light));
        assertThat(count(page, "#series canvas")).isEqualTo(2);
    }

    @Test
    void shouldExplainEachBlank() {
        Page page = open("/");
        page.locator("#series summary").click();
        Page task = open("/tasks/" + TASK);

        assertThat(page.evaluate("""
                [...document.querySelectorAll('tbody :is(td, th)')]
                  .filter(cell => !cell.textContent.trim()).map(cell => cell.outerHTML)""")).isEqualTo(List.of());
        assertThat(page.evaluate("""
                [...document.querySelectorAll('tbody .blank')]
                  .filter(blank => !/^– \\p{L}{2,}/u.test(blank.textContent) || blank.title.length < 10)
                  .map(blank => blank.outerHTML)""")).isEqualTo(List.of());
        assertThat(count(page, "tbody .blank")).isGreaterThan(20);
        assertThat(task.locator(".blank").allTextContents())
                .contains("– not yet", "– not enabled", "– not by Flexmetry");
    }

    @Test
    void shouldExplainAnEmptyFloor() {
        console.greet("1", """
                {"at": "2026-11-28T10:02:55Z", "window": "today", "problem": null, "tiles": {"waiting": 0, "longestWaitSince": null,
                 "waitingForReply": 0, "longestReplySince": null, "active": 0, "wrapping": 0, "agents": 0, "handled": 0,
                 "firstResponse": null, "response": null, "withinTarget": null, "waitingWithinTarget": null, "mos": null},
                 "queues": [], "agents": [], "breaches": [], "replies": [], "calls": [], "recent": []}""");
        Page page = open("/");

        assertThat(text(page, "#tile-first .note")).isEqualTo("no reply in this window");
        assertThat(text(page, "#tile-sound .note")).isEqualTo("no call with a score");
        assertThat(text(page, "#tile-waiting .note")).isEqualTo("nobody waits");
        assertThat(text(page, "#tile-accepted .note")).isEqualTo("no target, or no task");
        assertThat(text(page, "#breaches .empty")).isEqualTo("No target is about to be missed.");
        assertThat(text(page, "#replies .empty")).isEqualTo("Nobody waits for a reply.");
        assertThat(text(page, "#queues .empty")).isEqualTo("No queue is known yet.");
    }

    @Test
    void shouldFilterSortAndSaveByKeyboard() throws IOException {
        Page page = open("/");

        page.locator("#queues thead .c-waiting button").focus();
        page.keyboard().press("Enter");
        eventually(
                () -> assertThat(firstCells(page, "queues").subList(0, 2)).isEqualTo(List.of("Complaints", "Support")));
        assertThat(page.locator("#queues thead .c-waiting").getAttribute("aria-sort"))
                .isEqualTo("descending");
        assertThat(page.evaluate("document.activeElement.textContent")).isEqualTo("Waiting");

        page.locator("#filter").focus();
        page.keyboard().type("SUPPORT");
        eventually(() -> assertThat(text(page, "#queues .count")).isEqualTo("2 of 8"));
        eventually(() -> assertThat(text(page, "#said")).matches("\\d+ of 12 agents, 2 of 8 queues"));

        page.locator("#queues .csv").focus();
        Download download = page.waitForDownload(() -> page.keyboard().press("Enter"));
        assertThat(download.suggestedFilename()).isEqualTo("queues-2026-11-28T100255.csv");
        assertThat(Files.readString(download.path()).lines().map(line -> line.replaceFirst("(,[^,]*){14}$", "")))
                .containsExactly(
                        "queue,waiting,longest wait since,active",
                        "Support,2,2026-11-28T10:02:10Z,3",
                        "Technical support EMEA,1,2026-11-28T10:02:36Z,4");

        page.locator("#filter").fill("nobody of this name");
        eventually(() -> assertThat(text(page, "#agents .empty")).isEqualTo("None of them matches the filter."));
    }

    @Test
    void shouldWriteNoFormulasIntoFiles() {
        Page page = open("/");

        Object csv = page.evaluate("""
                () => import('/assets/js/csv.js').then(({ csvOf }) =>
                    csvOf([['name'], ['=1+1'], ['a "b", c'], [-1.5], [null], ['@x']]))""");

        assertThat(csv).isEqualTo("name\r\n'=1+1\r\n\"a \"\"b\"\", c\"\r\n-1.5\r\n\r\n'@x\r\n");
    }

    @Test
    void shouldBeUsableByKeyboardOnly() {
        Page page = open("/");

        page.keyboard().press("Tab");
        assertThat(page.evaluate("document.activeElement.textContent")).isEqualTo("Skip to the floor");
        String href = null;
        for (int i = 0; i < MANY_TABS && (href == null || !href.startsWith("/tasks/")); i++) {
            page.keyboard().press("Tab");
            assertThat(page.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'"
                            + " || document.activeElement.type === 'radio'"))
                    .as("visible focus of " + page.evaluate("document.activeElement.outerHTML"))
                    .isEqualTo(true);
            href = (String) page.evaluate("document.activeElement.getAttribute('href')");
        }
        assertThat(href).startsWith("/tasks/WT");
        String sid = href.substring("/tasks/".length());
        console.answer("/api/tasks/" + sid, 404, "{\"error\": \"Nobody has accepted this task.\"}");
        console.answer("/api/tasks/" + sid + "/explain", 404, "{\"error\": \"There is nothing of this task.\"}");

        page.keyboard().press("Enter");

        page.waitForURL("**" + href);
        eventually(() -> assertThat(text(page, "#lead")).isEqualTo("Nobody has accepted this task."));
        assertThat(text(page, "h1")).isEqualTo("Task " + sid);
        assertThat(text(page, "#timeline .note")).isEqualTo("There is nothing of this task.");
    }

    @Test
    void shouldKeepTheFocusOnARowThatMoves() throws IOException {
        Page page = open("/");
        page.locator("#replies tbody a").first().focus();
        Object focused = page.evaluate("document.activeElement.href");
        List<String> keys = new ArrayList<>();
        new ObjectMapper()
                .readTree(resource("floor.json"))
                .get("replies")
                .forEach(reply -> keys.add('"' + reply.get("key").textValue() + '"'));
        Collections.rotate(keys, -1);

        console.patch(
                "2", "{\"at\": \"" + TOLD + "\", \"replies\": {\"set\": [], \"gone\": [], \"order\": " + keys + "}}");

        eventually(() -> assertThat(page.evaluate("document.querySelector('#replies tbody tr:last-child a').href"))
                .isEqualTo(focused));
        assertThat(page.evaluate("document.activeElement.href")).isEqualTo(focused);
    }

    @Test
    void shouldRememberTheWindow() {
        Page page = open("/");
        assertThat(console.asked()).containsExactly(new FakeConsole.Asked("window=today", null));

        page.locator("#window input[value='5m']").check();
        eventually(() -> assertThat(console.asked()).last().isEqualTo(new FakeConsole.Asked("window=5m", null)));
        assertThat(page.url()).endsWith("/?window=5m");

        page.navigate(console.origin() + "/");
        awaitFloor(page);
        assertThat(console.asked()).last().isEqualTo(new FakeConsole.Asked("window=5m", null));
        assertThat(page.locator("#window input:checked").inputValue()).isEqualTo("5m");

        page.navigate(console.origin() + "/?window=30m");
        awaitFloor(page);
        assertThat(console.asked()).last().isEqualTo(new FakeConsole.Asked("window=30m", null));
        assertThat(text(page, "#tile-handled .note")).isEqualTo("last 30 minutes");
    }

    @Test
    void shouldRememberTheTheme() {
        Page page = open("/");
        Object light = page.evaluate("getComputedStyle(document.body).color");

        page.locator("#theme").click();

        assertThat(text(page, "#theme")).isEqualTo("Theme: dark");
        Object dark = page.evaluate("getComputedStyle(document.body).color");
        assertThat(dark).isNotEqualTo(light);
        page.reload();
        awaitFloor(page);
        assertThat(page.evaluate("getComputedStyle(document.body).color")).isEqualTo(dark);
    }

    @Test
    void shouldBecomeAWall() {
        Page page = open("/");

        page.locator("#wall").click();
        eventually(() ->
                assertThat(page.evaluate("Boolean(document.fullscreenElement)")).isEqualTo(true));
        assertThat(page.locator("#filter").isVisible()).isFalse();

        page.evaluate("document.exitFullscreen()");
        eventually(() -> assertThat(text(page, "#wall")).isEqualTo("Full screen"));
        assertThat(page.locator("#filter").isVisible()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "floor-dark,        /,                1440, 2200, DARK",
        "floor-light,       /,                1440, 2200, LIGHT",
        "floor-320-dark,    /,                 320, 2600, DARK",
        "floor-320-light,   /,                 320,  800, LIGHT",
        "floor-768-light,   /,                 768, 1100, LIGHT",
        "floor-2560-dark,   /,                2560, 1440, DARK",
        "wall-dark,         /?view=wall,      1920, 1080, DARK",
        "wall-light,        /?view=wall,      1920, 1080, LIGHT",
        "explain-dark,      /tasks/,          1280, 1600, DARK",
        "explain-light,     /tasks/,          1280, 1600, LIGHT",
        "explain-320-light, /tasks/,           320,  900, LIGHT",
    })
    void shouldFitAndBeAccessible(String name, String path, int width, int height, ColorScheme colours)
            throws IOException {
        context = context(
                new Browser.NewContextOptions().setViewportSize(width, height).setColorScheme(colours));

        Page page = open(path.equals("/tasks/") ? path + TASK : path);
        int charts = path.equals("/tasks/") ? 0 : 2;
        eventually(() -> assertThat(count(page, "canvas")).isEqualTo(charts));
        picture(page, name);

        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as("nothing beside the screen")
                .isEqualTo(true);
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })");
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as("nothing beside the screen, with all numbers")
                .isEqualTo(true);
        assertThat(seriousFaults(page)).isEmpty();
    }

    @Test
    void shouldExplainATask() {
        Page page = open("/tasks/" + TASK);

        assertThat(text(page, "#lead"))
                .isEqualTo("2 reservations: each agent’s work on the task is measured separately.");
        assertThat(page.locator(".reservation").first().textContent())
                .contains("First response25.3 s", "Response, average44.4 s", "Focus share65 %", "newThing3")
                .contains("Messages are complete. Twilio was asked for the newest one.");
        assertThat(cells(page, "#ledger tbody tr:nth-child(2)"))
                .contains("late, version 3", "0.3 s", "2")
                .anySatisfy(cell -> assertThat(cell).contains("no room for measure"));
        assertThat(text(page, "#ledger .note")).isEqualTo("3 older writes are not kept.");
        assertThat(cells(page, "#timeline tbody tr:first-child"))
                .contains("09:40:05", "80 s", "– no: before acceptance", "Task created", "09:41:00");
        assertThat(text(page, "#timeline .note"))
                .isEqualTo("This data comes from a standby replica, because the active instance does not answer: focus."
                        + " The newest events may be missing.");
        assertThat(cells(page, "#timeline tr.runs")).contains("09:47:10", "running", "– not yet: in progress", "#13");
        assertThat(cells(page, "#timeline tr.runs"))
                .anySatisfy(cell -> assertThat(cell).endsWith("so far"));
        assertThat(count(page, "svg .waited.runs")).isEqualTo(1);
        assertThat(cells(page, "[aria-label='Calls'] tbody tr:first-child"))
                .contains("CA00000000")
                .anySatisfy(cell -> assertThat(cell).contains("another agent’s"))
                .anySatisfy(
                        cell -> assertThat(cell).contains("client, 280 s, us1").contains("1 look-up."));
        assertThat(cells(page, "[aria-label='Calls'] tbody tr:last-child"))
                .anySatisfy(cell -> assertThat(cell).startsWith("The call is looked up when the agent has finished."));
        assertThat(cells(page, "[aria-label^='Call quality'] tbody tr:first-child"))
                .contains("looked up", "28 both", "113.4 / 27 = 4.2", "3.1", "2 / 27 = 7 %", "✓ yes", "– none");
        assertThat(cells(page, "[aria-label^='Call quality'] tbody tr:nth-child(2)"))
                .contains("sent by Twilio", "– no: fewer samples");
        assertThat(count(page, "svg .in-focus")).isEqualTo(3);
        assertThat(count(page, "svg .said.customer")).isEqualTo(7);
    }

    @Test
    void shouldShowWhyATaskIsNotExplained() {
        console.answer("/api/tasks/" + TASK + "/explain", 503, "{\"error\": \"The processors cannot be reached.\"}");

        Page page = open("/tasks/" + TASK);

        assertThat(text(page, "#timeline .note")).isEqualTo("The processors cannot be reached.");
        assertThat(count(page, ".reservation")).isEqualTo(2);
    }

    /** The time that the page is busy is printed and not asserted, because machines differ. */
    @Test
    void shouldStayFluidWithManyAgents() {
        console.greet("1", largeFloor());
        context = context(new Browser.NewContextOptions().setViewportSize(1440, 900));
        context.addInitScript("""
                window.long = [];
                new PerformanceObserver(list => list.getEntries().forEach(task => long.push(Math.round(task.duration))))
                    .observe({ type: 'longtask', buffered: true });""");
        Page page = page("/");
        eventually(() -> assertThat(text(page, "#agents .count")).isEqualTo("1,000"));
        System.out.println("1,000 agents and 200 queues, tasks over 50 ms while they come: " + page.evaluate("long"));
        page.evaluate("long.length = 0");

        for (int i = 0; i < PATCHES; i++) {
            int handled = i;
            String agents = IntStream.range(0, 100)
                    .mapToObj(agent -> agent(agent * 10, handled))
                    .collect(Collectors.joining(","));
            String queues = IntStream.range(0, 50)
                    .mapToObj(queue -> queue(queue * 4, handled))
                    .collect(Collectors.joining(","));
            console.patch(
                    Integer.toString(2 + i),
                    "{\"at\": \"" + TOLD + "\", \"agents\": {\"set\": [" + agents
                            + "], \"gone\": []}, \"queues\": {\"set\": [" + queues + "], \"gone\": []}}");
            eventually(() -> assertThat(row(page, "agents", "agent 990")).contains(Integer.toString(handled)));
        }

        System.out.println("tasks over 50 ms for " + PATCHES + " patches of 150 rows: " + page.evaluate("long"));
        assertThat(row(page, "queues", "queue 196")).contains(Integer.toString(PATCHES - 1));
        assertThat(count(page, "#agents tbody tr")).isEqualTo(1000);
    }

    private static String largeFloor() {
        String agents = IntStream.range(0, 1000).mapToObj(i -> agent(i, 1000)).collect(Collectors.joining(","));
        String queues = IntStream.range(0, 200).mapToObj(i -> queue(i, 1000)).collect(Collectors.joining(","));
        return "{\"at\": \"" + TOLD + "\", \"window\": \"today\", \"problem\": null, \"tiles\": {\"waiting\": 200, "
                + "\"waitingForReply\": 0, \"active\": 1000, \"wrapping\": 0, \"agents\": 1000, \"handled\": 1},"
                + "\"queues\": [" + queues + "], \"agents\": [" + agents
                + "], \"replies\": [], \"calls\": [], \"recent\": []}";
    }

    private static String agent(int i, int handled) {
        return """
                {"key": "WK%1$d", "name": "agent %1$d", "activity": "Available", "activitySince": "2026-11-28T09:30:00Z",
                 "open": [{"taskSid": "WT%1$d", "reservationSid": "WR%1$d", "channel": "chat", "queue": "queue 1",
                           "stage": "assigned", "since": "2026-11-28T10:00:00Z", "waitingSince": "2026-11-28T10:02:00Z"}],
                 "focus": {"reservationSid": "WR%1$d", "since": "2026-11-28T10:01:00Z"}, "focusShare": 0.5,
                 "handled": %2$d, "firstResponse": {"median": 12.5, "p90": 40, "of": 9}, "response": null}""".formatted(i, handled);
    }

    private static String queue(int i, int handled) {
        return """
                {"key": "queue %1$d", "name": "queue %1$d", "waiting": 1, "longestWaitSince": "2026-11-28T10:02:00Z", "active": 3,
                 "wrapping": 1, "handled": %2$d, "firstResponse": {"median": 12.5, "p90": 40, "of": 9}, "response": null,
                 "withinTarget": {"share": 0.5, "of": 9, "seconds": 30}}""".formatted(i, handled);
    }

    private static BrowserContext context(Browser.NewContextOptions options) {
        return browser.newContext(options.setTimezoneId("UTC").setAcceptDownloads(true));
    }

    /** A page that has received its state, at the time of the floor. */
    private Page open(String path) {
        Page page = page(path);
        awaitFloor(page);
        return page;
    }

    private Page page(String path) {
        if (context == null) {
            context = context(new Browser.NewContextOptions().setViewportSize(1440, 1000));
        }
        context.setDefaultTimeout((double) LONG.toMillis());
        Page page = context.newPage();
        page.onConsoleMessage(this::complain);
        page.onPageError(complaints::add);
        page.clock().setFixedTime(TOLD.toEpochMilli());
        page.navigate(console.origin() + path);
        return page;
    }

    /** The browser also logs the error answers that a test defines; these are not errors of the page. */
    private void complain(ConsoleMessage message) {
        if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
            complaints.add(message.text());
        }
    }

    private static void awaitFloor(Page page) {
        // not waitForFunction, because the page's security policy forbids its eval
        eventually(() -> assertThat(page.evaluate("document.querySelector('main').hasAttribute('aria-busy')"))
                .isEqualTo(false));
        // rows are added in the following frames
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        eventually(() -> assertThat(
                        page.evaluate("[...document.querySelectorAll('.count')].some(count => !count.textContent)"))
                .isEqualTo(false));
    }

    /** Playwright objects must be used on one thread. */
    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(LONG).pollInSameThread().untilAsserted(assertion);
    }

    private static String text(Page page, String selector) {
        return page.locator(selector).textContent();
    }

    private static int count(Page page, String selector) {
        return page.locator(selector).count();
    }

    private static List<String> row(Page page, String table, String name) {
        return strings(page.evaluate("""
                ([table, name]) => [...(document.querySelectorAll(`#${table} tbody tr`))]
                    .filter(row => row.firstElementChild.textContent === name)
                    .flatMap(row => [...row.children].map(cell => cell.textContent))""", List.of(table, name)));
    }

    private static String label(Page page, String chart) {
        return page.locator("#series figure[data-kind=" + chart + "] .plot").getAttribute("aria-label");
    }

    private static String level(Page page, String table, String name, String column) {
        return (String) page.evaluate("""
                ([table, name, column]) => [...(document.querySelectorAll(`#${table} tbody tr`))]
                    .find(row => row.firstElementChild.textContent === name)
                    .querySelector(`.c-${column} [data-level]`).dataset.level""", List.of(table, name, column));
    }

    private static List<String> firstCells(Page page, String table) {
        return cells(page, "#" + table + " tbody tr:not([hidden])", ":first-child");
    }

    private static List<String> cells(Page page, String rows) {
        return cells(page, rows, "");
    }

    private static List<String> cells(Page page, String rows, String which) {
        return page.locator(rows + " > :is(td, th)" + which).allTextContents();
    }

    @SuppressWarnings("unchecked")
    private static List<String> strings(Object list) {
        return (List<String>) list;
    }

    private static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
    }

    /** The violations that axe reports as serious or critical. */
    private static List<String> seriousFaults(Page page) throws IOException {
        page.evaluate(resource("axe.min.js"));
        return strings(page.evaluate("""
                () => axe.run(document).then(({ violations }) => violations
                    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
                    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html.slice(0, 300)} ${nodes[0].failureSummary}`))"""));
    }

    private static String resource(String name) throws IOException {
        try (InputStream content = FloorInBrowserTest.class.getResourceAsStream("/" + name)) {
            return new String(content.readAllBytes(), UTF_8);
        }
    }
}
