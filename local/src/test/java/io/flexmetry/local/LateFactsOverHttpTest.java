package io.flexmetry.local;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.twilio.SimulatedTask;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Late, partial and contradictory facts, in order, in reverse and shuffled: webhooks in, attributes out. The numbers
 * are those of the rule book.
 */
@Execution(ExecutionMode.CONCURRENT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LateFactsOverHttpTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path dataDir;

    private LocalStack stack;

    @BeforeAll
    void start() throws Exception {
        stack = LocalStack.start(Environment.of(Map.of("FLEXMETRY_HTTP_PORT", "0")), dataDir, InstantSource.system());
        await().until(stack::isReady);
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    /** Name, webhooks, then for each task its letter and first response, average, agent's and customer's messages. */
    static Stream<Arguments> examples() {
        return Stream.of(
                argumentSet("placeholder", "placeholder", """
                        5 task A created
                        10 A accepted
                        12 c: x
                        20 ag: y
                        25 c: z
                        30 A wrapup
                        31 task A updated about nothing
                        32 A completed about nothing
                        33 task A completed about nothing
                        45 task B created
                        50 B accepted
                        58 ag: w
                        60 c: v
                        64.5 ag: u
                        70 B wrapup
                        """, List.of("A 10 8 1 2", "B 8 4.5 2 1")),
                argumentSet("named late", "late", """
                        0 A accepted about nobody
                        8 task A updated
                        10 c: x
                        14 ag: y
                        20 A wrapup
                        """, List.of("A 14 4 1 1")),
                argumentSet("parked", "parked", """
                        5 task A created
                        10 A accepted
                        12 c: x
                        20 ag: y
                        30 task A updated on parked
                        40 A wrapup on parked
                        """, List.of("A 10 8 1 1")),
                argumentSet("transfer by a new task", "transfer", """
                        5 task A created
                        10 A accepted
                        12 c: x
                        20 ag: y
                        30 A wrapup
                        34 task B created
                        35 c: during
                        40 task A completed
                        50 B accepted
                        52 c: z
                        55 ag: w
                        60 B wrapup
                        """, List.of("A 10 8 1 1", "B 5 - 1 2")),
                argumentSet("greeter", "greeter", """
                        0 c: hello
                        1 Concierge: how can we help?
                        10 A accepted
                        12 ag: hi
                        20 A wrapup
                        """, List.of("A 2 - 1 1")),
                argumentSet("participant without attributes", "partly", """
                        1 sup is {"type":"supervisor"}
                        2 sup is
                        10 A accepted
                        12 c: x
                        15 sup: psst
                        20 ag: y
                        30 A wrapup
                        """, List.of("A 10 8 1 1")),
                argumentSet("attributes of any JSON", "any", """
                        1 c is []
                        2 c is "vip"
                        3 c is null
                        4 c is 7
                        10 A accepted
                        12 c: x
                        20 ag: y
                        30 A wrapup
                        """, List.of("A 10 8 1 1")));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldComputeTheNumbersOfTheRuleBook(String name, String script, List<String> expected) throws Exception {
        for (String order : List.of("forwards", "backwards", "shuffled")) {
            String conversation = name + "-" + order;
            for (String row : expected) {
                create(conversation, row.substring(0, 1));
            }
            List<ChatScript.Webhook> webhooks = new ArrayList<>(ChatScript.ofTasks(conversation, script));
            if (order.equals("backwards")) {
                Collections.reverse(webhooks);
            } else if (order.equals("shuffled")) {
                Collections.shuffle(webhooks, new Random(name.hashCode()));
            }
            for (ChatScript.Webhook webhook : webhooks) {
                assertThat(stack.sender().send(webhook.path(), webhook.form())).isEqualTo(204);
            }
        }

        for (String order : List.of("forwards", "backwards", "shuffled")) {
            for (String row : expected) {
                await().untilAsserted(() -> assertThat(numbers(task(name + "-" + order, row.substring(0, 1))))
                        .as("%s of %s", row.substring(0, 1), order)
                        .isEqualTo(expected(row)));
            }
        }
    }

    /** Only Twilio's list has the last message, because its webhook is lost. */
    @Test
    void shouldMissNoLastMessage() throws Exception {
        List<ChatScript.Webhook> webhooks = ChatScript.ofTasks("last", """
                5 A accepted
                10 c: x
                20 ag: y
                30 c: the last word
                40 A wrapup
                """);
        create("last", "A");
        for (ChatScript.Webhook webhook : webhooks) {
            ChatScript.post(stack.conversations(), webhook.form());
            if (!isMessage(webhook, 2)) {
                assertThat(stack.sender().send(webhook.path(), webhook.form())).isEqualTo(204);
            }
        }

        await().untilAsserted(() -> assertThat(numbers(task("last", "A"))).isEqualTo("15 10 1 2"));
    }

    /** Twilio's list lags: a message that is missing there is not removed, and counts when its webhook arrives. */
    @Test
    void shouldTakeNothingForRemovedThatAListLacks() throws Exception {
        List<ChatScript.Webhook> webhooks = ChatScript.ofTasks("lag", """
                5 A accepted
                10 c: x
                20 ag: y
                30 c: z
                40 ag: w
                50 A wrapup
                """);
        create("lag", "A");
        for (ChatScript.Webhook webhook : webhooks) {
            if (!isMessage(webhook, 1)) {
                ChatScript.post(stack.conversations(), webhook.form());
                assertThat(stack.sender().send(webhook.path(), webhook.form())).isEqualTo(204);
            }
        }
        await("without the message whose webhook is missing")
                .untilAsserted(() -> assertThat(numbers(task("lag", "A"))).isEqualTo("35 30 1 2"));

        ChatScript.Webhook late = webhooks.get(2);
        assertThat(stack.sender().send(late.path(), late.form())).isEqualTo(204);

        await().untilAsserted(() -> assertThat(numbers(task("lag", "A"))).isEqualTo("15 10 2 2"));
    }

    /** The list has whole seconds. A greeting in the second of the acceptance counts as sent after it. */
    @Test
    void shouldCountAGreetingOfTheSecondOfTheAcceptance() throws Exception {
        List<ChatScript.Webhook> webhooks = ChatScript.ofTasks("second", """
                20.6 A accepted
                20.9 ag: hello
                30 c: x
                34 ag: y
                40 A wrapup
                """);
        create("second", "A");
        for (ChatScript.Webhook webhook : webhooks) {
            ChatScript.post(stack.conversations(), webhook.form());
            if (!isMessage(webhook, 0)) {
                assertThat(stack.sender().send(webhook.path(), webhook.form())).isEqualTo(204);
            }
        }

        await().untilAsserted(() -> assertThat(numbers(task("second", "A"))).isEqualTo("0 4 2 1"));
    }

    /** Event Streams sends participants without attributes, before and after a webhook with attributes. */
    @Test
    void shouldTakeNothingAwayThatEventStreamsLeaveOut() throws Exception {
        for (boolean streamFirst : List.of(true, false)) {
            String name = "streams-" + streamFirst;
            List<ChatScript.Webhook> webhooks = ChatScript.ofTasks(name, """
                    1 sup is {"type":"supervisor"}
                    10 A accepted
                    12 c: x
                    15 sup: psst
                    20 ag: y
                    30 A wrapup
                    """);
            create(name, "A");
            ChatScript.Webhook supervisor = webhooks.remove(0);
            String participant = """
                    [{"specversion":"1.0","type":"com.twilio.conversations.participant.updated","id":"%s",
                      "time":"2026-01-05T09:00:02Z",
                      "data":{"ConversationSid":"%s","ParticipantSid":"%s","Identity":"%s",
                        "DateUpdated":"2026-01-05T09:00:02.000Z"}}]""".formatted(
                            sid("EV", name),
                            supervisor.form().get("ConversationSid"),
                            supervisor.form().get("ParticipantSid"),
                            supervisor.form().get("Identity"));
            if (streamFirst) {
                assertThat(stack.sender().sendJson("/webhooks/event-streams", participant))
                        .isEqualTo(204);
            }
            assertThat(stack.sender().send(supervisor.path(), supervisor.form()))
                    .isEqualTo(204);
            if (!streamFirst) {
                assertThat(stack.sender().sendJson("/webhooks/event-streams", participant))
                        .isEqualTo(204);
            }
            for (ChatScript.Webhook webhook : webhooks) {
                assertThat(stack.sender().send(webhook.path(), webhook.form())).isEqualTo(204);
            }

            await().untilAsserted(() -> assertThat(numbers(task(name, "A"))).isEqualTo("10 8 1 1"));
        }
        assertThat(TopicReader.readAll(stack.bootstrapServers(), Topics.DEAD_LETTERS))
                .isEmpty();
    }

    private static boolean isMessage(ChatScript.Webhook webhook, int index) {
        return Integer.toString(index).equals(webhook.form().get("Index"));
    }

    private void create(String conversation, String letter) {
        stack.tasks()
                .create(new SimulatedTask(
                        task(conversation, letter),
                        "{}",
                        0,
                        "assigned",
                        "chat",
                        "Support",
                        null,
                        ChatScript.START,
                        ChatScript.START));
    }

    private static String task(String conversation, String letter) {
        return sid("WT", conversation + letter);
    }

    private static String expected(String row) {
        return row.substring(row.indexOf(' ') + 1);
    }

    /** The four numbers that the examples check. */
    private String numbers(String taskSid) throws Exception {
        JsonNode ours = JSON.readTree(stack.tasks().last(taskSid).orElseThrow().attributes())
                .path("conversations");
        return Stream.of(
                        "first_response_time",
                        "average_response_time",
                        "conversation_measure_2",
                        "conversation_measure_3")
                .map(key -> ours.path(key).isNumber() ? ours.path(key).asText() : "-")
                .collect(Collectors.joining(" "));
    }
}
