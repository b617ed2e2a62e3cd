package io.flexmetry.local;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.console.Console;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.local.api.Api;
import io.flexmetry.local.broker.EmbeddedBroker;
import io.flexmetry.local.twilio.SimulatedTask;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks in, the console's answers out. */
class ConsoleOverHttpTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String NAME = "Zerlina.Quandt@example.com";
    private static final String IDENTITY = "Zerlina_2EQuandt_40example_2Ecom";

    @TempDir
    Path dataDir;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Environment environment =
            Environment.of(Map.of("FLEXMETRY_HTTP_PORT", "0", "FLEXMETRY_CONSOLE_PORT", "0"));

    @Test
    void shouldShowWhatTheTopicsHaveAndTheSameWhenStartedAgain() throws Exception {
        try (LocalStack stack = LocalStack.start(environment, dataDir, InstantSource.system())) {
            await().until(stack::isReady);
            String taskSid = chat(stack);
            JsonNode task;
            JsonNode floor;
            try (Console console = LocalConsole.start(environment, stack)) {
                await().until(() -> get(console, "/api/tasks/" + taskSid).statusCode() == 200);
                await().until(() -> {
                    JsonNode row = json(console, "/api/tasks/" + taskSid).at("/rows/0");
                    return row.path("state").asText().equals("final")
                            && row.at("/writeBack/status").asText().equals("written")
                            && row.at("/messages/end").asText().equals("asked");
                });
                task = json(console, "/api/tasks/" + taskSid);
                assertThat(task.at("/rows/0/values/firstResponseTime").decimalValue())
                        .isEqualByComparingTo("10");
                assertThat(task.at("/ledger/taskSid").asText()).isEqualTo(taskSid);
                JsonNode explained = json(console, "/api/tasks/" + taskSid + "/explain");
                assertThat(explained.at("/reservations/0/values/firstResponseTime"))
                        .isEqualTo(task.at("/rows/0/values/firstResponseTime"));
                assertThat(explained.at("/reservations/0/waits/0/toIndex").asInt())
                        .isEqualTo(1);
                floor = json(console, "/api/floor");
                assertThat(floor.at("/tiles/wrapping").asInt()).isEqualTo(1);
                assertThat(floor.at("/agents/0/open/0/taskSid").asText()).isEqualTo(taskSid);
                assertThat(floor.at("/recent/0/taskSid").asText()).isEqualTo(taskSid);
            }
            try (Console again = LocalConsole.start(environment, stack)) {
                await().until(() -> get(again, "/health/ready").statusCode() == 200);

                assertThat(json(again, "/api/tasks/" + taskSid)).isEqualTo(task);
                assertThat(json(again, "/api/floor").path("recent")).isEqualTo(floor.path("recent"));
            }
            JsonNode series = series(stack);
            assertThat(series.at("/buckets/30/firstResponse/median").decimalValue())
                    .isEqualByComparingTo("10");
            assertThat(series.at("/buckets/30/accepted").asInt()).isEqualTo(1);
            assertThat(series(stack)).as("of another one").isEqualTo(series);
        }
    }

    @Test
    void shouldUseAnotherPortIfNoneIsConfigured() throws Exception {
        Environment usual = Environment.of(Map.of("FLEXMETRY_HTTP_PORT", "0"));
        try (LocalStack stack = LocalStack.start(usual, dataDir, InstantSource.system());
                Console first = LocalConsole.start(usual, stack);
                Console second = LocalConsole.start(usual, stack)) {
            assertThat(second.port()).isPositive().isNotEqualTo(first.port());

            Environment asked = usual.with(Variable.FLEXMETRY_CONSOLE_PORT, Integer.toString(first.port()));
            assertThatThrownBy(() -> LocalConsole.start(asked, stack).close())
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("FLEXMETRY_CONSOLE_PORT")
                    .hasMessageContaining("something else listens on it");
        }
    }

    @Test
    void shouldReportAMissingTopic() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(dataDir.resolve("kafka"), EmbeddedBroker.freePort());
                Console console = Console.start(
                        environment.with(Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS, broker.bootstrapServers()),
                        InstantSource.system())) {
            await().untilAsserted(() -> {
                HttpResponse<String> ready = get(console, "/health/ready");
                assertThat(ready.statusCode()).isEqualTo(503);
                assertThat(ready.body()).contains("is missing").contains("./flexmetry topics");
            });
            assertThat(json(console, "/api/floor").path("problem").asText()).contains("is missing");
        }
    }

    @Test
    void shouldNameNoWorkerWhereNamesAreHidden() throws Exception {
        Path configuration = Files.writeString(dataDir.resolve("flexmetry.yaml"), "privacy: {workerNames: hidden}");
        try (LocalStack stack = LocalStack.start(environment, dataDir, InstantSource.system());
                Console shown = LocalConsole.start(environment, stack);
                Console hidden = LocalConsole.start(
                        environment.with(Variable.FLEXMETRY_CONFIG, configuration.toString()), stack)) {
            await().until(stack::isReady);
            String taskSid = chat(stack, ConsoleOverHttpTest::named);
            for (Console console : List.of(shown, hidden)) {
                await().until(() -> get(console, "/api/tasks/" + taskSid).statusCode() == 200
                        && json(console, "/api/tasks/" + taskSid)
                                .at("/rows/0/writeBack/status")
                                .asText()
                                .equals("written")
                        && json(console, "/api/floor").path("agents").size() == 1);
            }
            List<String> named = new ArrayList<>();

            for (String path : Api.paths("console")) {
                if (path.equals("/api/stream")) {
                    continue; // has no end; it contains the floor
                }
                String asked = path.replace("{TaskSid}", taskSid)
                        .replace("assets/{file}", "assets/icon.svg")
                        .replace("{folder}/{file}", "css/base.css");
                for (String query : List.of("", "?format=csv", "?agent=" + NAME)) {
                    if (contains(get(shown, asked + query), NAME) || contains(get(shown, asked + query), IDENTITY)) {
                        named.add(path + query);
                    }
                    assertThat(contains(get(hidden, asked + query), "zerlina"))
                            .as(asked + query)
                            .isFalse();
                }
            }

            assertThat(named)
                    .contains("/api/floor", "/api/rows", "/api/rows?format=csv", "/api/rows?agent=" + NAME)
                    .contains("/api/tasks/{TaskSid}", "/api/tasks/{TaskSid}/explain");
            assertThat(json(hidden, "/api/floor").at("/agents/0/name").asText())
                    .matches("WK…[0-9a-f]{6}")
                    .isEqualTo(json(hidden, "/api/tasks/" + taskSid)
                            .at("/rows/0/workerName")
                            .asText());
        }
    }

    private static boolean contains(HttpResponse<String> answer, String text) {
        return (answer.headers().map() + answer.body())
                .toLowerCase(Locale.ROOT)
                .contains(text.toLowerCase(Locale.ROOT));
    }

    /** The agent of the script with a unique name. */
    private static String named(String value) {
        return value.equals("ag")
                ? IDENTITY
                : value.replace("ag@example.com", NAME).replace("client:ag", "client:" + IDENTITY);
    }

    /** The series of a new console for the half hour up to the chat's first minute. */
    private JsonNode series(LocalStack stack) throws Exception {
        InstantSource clock = InstantSource.fixed(ChatScript.START.plusSeconds(59));
        try (Console console = Console.start(
                environment.with(Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS, stack.bootstrapServers()), clock)) {
            await().until(() -> get(console, "/health/ready").statusCode() == 200);
            return json(console, "/api/series?window=30m");
        }
    }

    /** Plays an answered chat to its end. */
    private static String chat(LocalStack stack) throws Exception {
        return chat(stack, UnaryOperator.identity());
    }

    /** Plays an answered chat to its end, with replaced values in its webhooks. */
    private static String chat(LocalStack stack, UnaryOperator<String> replaced) throws Exception {
        String taskSid = sid("WT", "shown" + "A");
        stack.tasks()
                .create(new SimulatedTask(
                        taskSid, "{}", 0, "assigned", "chat", "Support", null, ChatScript.START, ChatScript.START));
        for (ChatScript.Webhook webhook : ChatScript.ofTasks("shown", """
                5 task A created
                10 A accepted
                12 c: x
                20 ag: y
                30 A wrapup
                """)) {
            webhook.form().replaceAll((name, value) -> replaced.apply(value));
            ChatScript.post(stack.conversations(), webhook.form());
            assertThat(stack.sender().send(webhook.path(), webhook.form())).isEqualTo(204);
        }
        return taskSid;
    }

    private JsonNode json(Console console, String path) throws Exception {
        return JSON.readTree(get(console, path).body());
    }

    private HttpResponse<String> get(Console console, String path) throws Exception {
        URI uri = URI.create("http://localhost:" + console.port() + path);
        return Api.described(client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()));
    }
}
