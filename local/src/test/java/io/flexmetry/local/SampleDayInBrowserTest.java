package io.flexmetry.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.MetricValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer does: start {@code ./flexmetry local}, open the printed address, click on a task. */
@Tag("browser")
class SampleDayInBrowserTest {

    private static final Path PICTURES = Path.of("target/pictures");
    private static final Pattern ADDRESS = Pattern.compile("(?m)^console (http://localhost:\\d+/)$");

    private static final String FIRST_RESPONSE = "first resp s";
    private static final Pattern ROW = Pattern.compile("\\d\\d:\\d\\d:\\d\\d  (WT\\w{8})  (\\w+) .*");

    @TempDir
    Path folder;

    private Process process;
    private Chromium chromium;

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    void shouldShowTheDayThatIsPrintedAndExplainIt() throws Exception {
        chromium = Chromium.launch();
        Path log = folder.resolve("log");
        Files.createFile(log);
        process = ServiceProcess.start(
                "io.flexmetry.local.LocalCommand",
                log,
                Map.of("FLEXMETRY_HTTP_PORT", "0", "FLEXMETRY_CONSOLE_PORT", "0"));
        await().pollInSameThread().until(() -> Files.readString(log).contains("differ from what their task holds"));
        String output = Files.readString(log);
        Matcher address = ADDRESS.matcher(output);
        assertThat(address.find()).as(output).isTrue();
        JsonNode floor = get(address.group(1) + "api/floor");

        assertThat(printed(output)).hasSizeGreaterThan(20);
        assertThat(numbers(floor)).containsAll(printed(output));

        checkCalls(address.group(1), floor);

        Page page = chromium.browser()
                .newPage(
                        new Browser.NewPageOptions().setViewportSize(1440, 1180).setColorScheme(ColorScheme.DARK));
        List<String> complaints = new ArrayList<>();
        page.onPageError(complaints::add);
        page.navigate(address.group(1));
        await().pollInSameThread()
                .untilAsserted(() ->
                        assertThat(page.locator("#tile-handled").textContent()).contains("40"));
        // rows are added in the following frames
        await().pollInSameThread()
                .until(() -> page.locator("#agents tbody tr").count() == 6
                        && page.locator("#recent tbody tr").count() == 40);
        assertThat(page.locator("#tile-target").textContent()).contains("within 30 s");
        picture(page, "console-floor.png");

        page.locator("#recent tbody tr", new Page.LocatorOptions().setHasText("Web chat"))
                .first()
                .locator("a")
                .press("Enter");
        await().pollInSameThread().untilAsserted(() -> assertThat(page.url()).contains("/tasks/WT"));
        await().pollInSameThread()
                .untilAsserted(
                        () -> assertThat(page.locator("body").textContent()).contains("Explanation"));
        await().pollInSameThread()
                .untilAsserted(() -> assertThat(page.locator("body").textContent())
                        .contains("First response")
                        .contains("customer")
                        .doesNotContain("cannot be explained"));
        picture(page, "console-task.png");
        assertThat(complaints).isEmpty();
    }

    /** The numbers of the day's calls follow from their explanations, and a missing number has a reason. */
    private static void checkCalls(String origin, JsonNode floor) throws Exception {
        int scored = 0;
        for (JsonNode recent : floor.path("recent")) {
            String path = origin + "api/tasks/" + recent.path("taskSid").asText();
            JsonNode explained = get(path + "/explain");
            Map<String, Map<String, BigDecimal>> worked = new TreeMap<>();
            Map<String, String> reasons = new TreeMap<>();
            explained.path("calls").forEach(call -> {
                String reservationSid = call.get("reservationSid").asText();
                worked.put(reservationSid, RecomputedNumbers.ofCall(call));
                String why = call.at("/sound/why").asText();
                reasons.put(reservationSid, why.isEmpty() ? call.path("why").asText() : why);
            });
            for (JsonNode row : get(path).path("rows")) {
                String reservationSid = row.get("reservationSid").asText();
                Map<String, BigDecimal> numbers = numbersOfCall(row);
                assertThat(worked.getOrDefault(reservationSid, Map.of()))
                        .as(explained.toString())
                        .isEqualTo(numbers);
                assertThat(reasons.getOrDefault(reservationSid, ""))
                        .as(explained.toString())
                        .isEqualTo(row.at("/voice/reason").asText());
                scored += numbers.isEmpty() ? 0 : 1;
            }
        }
        assertThat(scored).as("calls with a score").isPositive();
    }

    private static Map<String, BigDecimal> numbersOfCall(JsonNode row) {
        Map<String, BigDecimal> numbers = new TreeMap<>();
        row.path("values").properties().forEach(value -> {
            if (Metric.named(value.getKey()).orElseThrow().isOfCalls()) {
                numbers.put(value.getKey(), MetricValue.normal(value.getValue().decimalValue()));
            }
        });
        return numbers;
    }

    private static JsonNode get(String uri) throws Exception {
        return new ObjectMapper()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .readTree(HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString())
                        .body());
    }

    private static void picture(Page page, String name) throws IOException {
        Files.createDirectories(PICTURES);
        page.screenshot(
                new Page.ScreenshotOptions().setPath(PICTURES.resolve(name)).setFullPage(name.contains("task")));
    }

    /** Task, agent and first response of all rows that have one. */
    private static List<String> printed(String output) {
        int from = output.lines()
                .filter(line -> line.startsWith("accepted"))
                .findFirst()
                .orElseThrow()
                .indexOf(FIRST_RESPONSE);
        List<String> printed = new ArrayList<>();
        output.lines().map(ROW::matcher).filter(Matcher::matches).forEach(row -> {
            String firstResponse =
                    row.group().substring(from, from + FIRST_RESPONSE.length()).strip();
            if (!firstResponse.isEmpty()) {
                printed.add(row.group(1) + " " + row.group(2) + " " + firstResponse);
            }
        });
        return printed;
    }

    private static List<String> numbers(JsonNode floor) {
        List<String> numbers = new ArrayList<>();
        floor.path("recent")
                .forEach(row -> numbers.add(row.path("taskSid").asText().substring(0, 10) + " "
                        + row.path("agent").asText().replace("@example.com", "") + " "
                        + row.path("firstResponse").asText()));
        return numbers;
    }
}
