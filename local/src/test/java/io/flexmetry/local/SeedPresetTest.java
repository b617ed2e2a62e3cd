package io.flexmetry.local;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.local.twilio.SimulatedTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The sample plugin's numbers through the whole pipeline, for comparisons during a migration. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeedPresetTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private LocalStack stack;

    @BeforeAll
    void start() throws Exception {
        Path configuration = Files.writeString(folder.resolve("flexmetry.yaml"), "metrics: {preset: seed}\n");
        stack = LocalStack.start(
                Environment.of(Map.of("FLEXMETRY_HTTP_PORT", "0", "FLEXMETRY_CONFIG", configuration.toString())),
                folder.resolve("data"),
                InstantSource.system());
        await().until(stack::isReady);
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    static Stream<Arguments> vectors() {
        return Stream.of(
                vector(
                        "the worked example",
                        "0 c: hello|60 accepted|70 ag: hi there|80 c: abc|90 c: de|100 ag: x|101 ag: yy|110 c: z|140 ag: w",
                        "{'first_response_time':10,'average_response_time':20,'conversation_measure_2':4,"
                                + "'conversation_measure_3':4,'conversation_measure_4':3,'conversation_measure_6':2.75}"),
                vector("no messages", "60 accepted", "{'conversation_measure_2':0,'conversation_measure_3':0}"),
                vector(
                        "one customer message only",
                        "60 accepted|70 c: hi",
                        "{'conversation_measure_2':0,'conversation_measure_3':1,'conversation_measure_6':2}"),
                vector(
                        "exactly one exchange",
                        "0 c: x|60 accepted|70 ag: hi",
                        "{'first_response_time':10,'conversation_measure_2':1,'conversation_measure_3':1,"
                                + "'conversation_measure_4':2,'conversation_measure_6':1}"),
                vector(
                        "the agent opens",
                        "60 accepted|65 ag: a|70 c: b|75 ag: c|80 c: d|100 ag: e",
                        "{'first_response_time':5,'average_response_time':20,'conversation_measure_2':3,"
                                + "'conversation_measure_3':2,'conversation_measure_4':1,'conversation_measure_6':1}"),
                vector(
                        "another agent counts as a customer",
                        "0 c: a|10 ag1: b|20 c: c|25 ag1: d|40 accepted|50 ag: e|55 c: f|65 ag: g",
                        "{'first_response_time':10,'average_response_time':10,'conversation_measure_2':2,"
                                + "'conversation_measure_3':5,'conversation_measure_4':1,'conversation_measure_6':1}"),
                vector(
                        "a long-lived channel",
                        "0 c: x|10 ag: a|1000 c: b|1020 accepted|1030 ag: c",
                        "{'first_response_time':-1010,'average_response_time':30,'conversation_measure_2':2,"
                                + "'conversation_measure_3':2,'conversation_measure_4':1,'conversation_measure_6':1}"),
                vector(
                        "a surrogate pair is two",
                        "60 accepted|70 ag: \uD83D\uDE00|75 c: e\u0301",
                        "{'first_response_time':10,'conversation_measure_2':1,'conversation_measure_3':1,"
                                + "'conversation_measure_4':2,'conversation_measure_6':2}"));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void shouldPutTheSeedsNumbersOnTheTask(String name, String script, String numbers) throws Exception {
        stack.tasks()
                .create(new SimulatedTask(
                        sid("WT", name),
                        "{}",
                        0,
                        "assigned",
                        "chat",
                        "Support",
                        null,
                        ChatScript.START,
                        ChatScript.START));

        for (ChatScript.Webhook webhook : ChatScript.webhooks(name, script + "\n2000 wrapup")) {
            assertThat(stack.sender().send(webhook.path(), webhook.form())).isEqualTo(204);
        }

        await().untilAsserted(() -> {
            JsonNode attributes = JSON.readTree(
                    stack.tasks().last(sid("WT", name)).orElseThrow().attributes());
            assertThat(attributes.path("conversations")).isEqualTo(JSON.readTree(numbers));
        });
    }

    private static Arguments vector(String name, String script, String numbers) {
        return argumentSet(name, name, script.replace('|', '\n'), numbers.replace('\'', '"'));
    }
}
