package io.flexmetry.local;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flexmetry.contract.inactivity.InactivityStep;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.twilio.ConversationStore.Posted;
import io.flexmetry.local.twilio.SimulatedTask;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inactivity policies through the real endpoints, with a clock that tests move. */
class InactivityOverHttpTest {

    private static final String YAML = """
            inactivity:
              - match: { queue: Escalation }
                steps:
                  - { after: PT8M, do: warn, text: { default: "Still there?", de: "Noch da?" } }
                  - { after: PT10M, do: wrap-up }
              - match: { queue: Sample }
                silence: anyone
                pauseWhileAgentOwesReply: false
                steps:
                  - { after: PT1M, do: complete }
                  - { after: PT1M, do: warn, text: "Closed" }
                  - { after: PT1M, do: close }
              - match: { queue: Close }
                steps: [ { after: PT5M, do: close } ]
              - match: { queue: Park }
                steps: [ { after: PT5M, do: park, channel: parked } ]
            """;

    @TempDir
    static Path folder;

    private static final AtomicReference<Instant> CLOCK = new AtomicReference<>(Instant.parse("2026-01-05T09:00:00Z"));
    private static LocalStack stack;

    @BeforeAll
    static void start() throws Exception {
        Path yaml = folder.resolve("flexmetry.yaml");
        Files.writeString(yaml, YAML);
        stack = LocalStack.start(
                Environment.of(Map.of("FLEXMETRY_HTTP_PORT", "0", "FLEXMETRY_CONFIG", yaml.toString())),
                folder,
                InstantSource.system(),
                CLOCK::get);
        await().until(stack::isReady);
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void shouldWarnAndWrapUpAnAbandonedChatWithItsNumbersOnTheTask() throws Exception {
        Chat chat = new Chat("abandoned", "Escalation", "\"language\":\"de\",\"conversations\":{\"other\":1.50}");
        chat.accepted(0).customerSays(5).agentSays(15);

        pass(Duration.ofMinutes(8).plusSeconds(16));
        await().untilAsserted(() -> assertThat(chat.texts()).containsExactly("hi", "hello", "Noch da?"));
        pass(Duration.ofMinutes(2));
        await().untilAsserted(() -> assertThat(chat.task().status()).isEqualTo("wrapping"));

        await().untilAsserted(() -> assertThat(chat.task().attributes())
                .contains(
                        "\"other\":1.50",
                        "\"first_response_time\":15",
                        "\"conversation_measure_3\":1",
                        "\"outcome\":\"Inactivity: customer silent for PT10M\""));
        assertThat(chat.task().reason()).isEqualTo("customer silent for PT10M");
        await().untilAsserted(() -> assertThat(chat.row()).satisfies(row -> {
            assertThat(row.state()).isEqualTo(ReservationMetrics.State.FINAL);
            assertThat(row.closedBy()).isEqualTo("customer silent for PT10M");
            assertThat(row.values())
                    .containsEntry(Metric.INACTIVITY_WARNINGS, BigDecimal.ONE)
                    .containsEntry(Metric.CUSTOMER_MESSAGES, BigDecimal.ONE);
        }));
        pass(Duration.ofHours(1));
        chat.nothingHappensBut("warn posted", "wrap-up changed");
    }

    /** The customer has written: Twilio has the message, but its webhook has not arrived. */
    @Test
    void shouldLetTheCustomerWhoIsFasterWin() throws Exception {
        Chat chat = new Chat("race", "Escalation", "\"a\":1");
        chat.accepted(0).customerSays(5).agentSays(15);
        Posted late = chat.posts("customer", "I am back", 8 * 60 + 14);

        pass(Duration.ofMinutes(8).plusSeconds(16));
        await().untilAsserted(() -> assertThat(chat.steps()).containsExactly("warn overtaken"));
        pass(Duration.ofMinutes(20));
        chat.nothingHappensBut("warn overtaken");
        assertThat(chat.texts()).containsExactly("hi", "hello", "I am back");

        chat.deliver(late).agentSays(30 * 60);
        pass(Duration.ofMinutes(10));
        await().untilAsserted(() ->
                assertThat(chat.texts()).containsExactly("hi", "hello", "I am back", "hello", "Still there?"));
    }

    @Test
    void shouldBehaveAsTheSampleAndKeepTheNumbers() throws Exception {
        Chat chat = new Chat("sample", "Sample", "\"a\":1");
        chat.accepted(0).customerSays(5).agentSays(15);

        pass(Duration.ofSeconds(76));

        await().untilAsserted(() ->
                assertThat(chat.steps()).containsExactly("complete changed", "warn posted", "close closed"));
        assertThat(chat.task().status()).isEqualTo("completed");
        assertThat(chat.task().attributes())
                .contains("\"first_response_time\":15", "\"outcome\":\"Inactivity: everybody silent for PT1M\"");
        assertThat(chat.texts()).containsExactly("hi", "hello", "Closed");
        assertThat(stack.conversations().isClosed(chat.conversationSid)).isTrue();
        await().untilAsserted(() -> assertThat(chat.row().writeBack())
                .as("before it counted")
                .satisfies(writeBack -> assertThat(writeBack.status()).isIn("written", "unchanged")));
    }

    /** The look-up, the warning and the closing use the path of the service. */
    @Test
    void shouldDoTheSameInAConversationOfAnotherService() throws Exception {
        Chat chat = new Chat("second service", "Sample", "\"a\":1").in(sid("IS", "second"));
        chat.accepted(0).customerSays(5).agentSays(15);

        pass(Duration.ofSeconds(76));

        await().untilAsserted(() ->
                assertThat(chat.steps()).containsExactly("complete changed", "warn posted", "close closed"));
        assertThat(chat.texts()).containsExactly("hi", "hello", "Closed");
        assertThat(stack.conversations().isClosed(chat.conversationSid)).isTrue();
    }

    /** Only the path of that service has the message that was written meanwhile. */
    @Test
    void shouldLetTheCustomerOfAnotherServiceWinToo() throws Exception {
        Chat chat = new Chat("second race", "Escalation", "\"a\":1").in(sid("IS", "second"));
        chat.accepted(0).customerSays(5).agentSays(15);
        chat.posts("customer", "I am back", 8 * 60 + 14);

        pass(Duration.ofMinutes(8).plusSeconds(16));

        await().untilAsserted(() -> assertThat(chat.steps()).containsExactly("warn overtaken"));
    }

    @Test
    void shouldCloseTheChannelOfAnInteractionWithTheNumbersOnItsTask() throws Exception {
        Chat chat = new Chat(
                "interaction",
                "Close",
                "\"flexInteractionSid\":\"" + sid("KD", "interaction") + "\",\"flexInteractionChannelSid\":\""
                        + sid("UO", "interaction") + "\"");
        chat.accepted(0).customerSays(5).agentSays(15);

        pass(Duration.ofMinutes(5).plusSeconds(16));

        await().untilAsserted(() -> assertThat(chat.steps()).containsExactly("close closed"));
        assertThat(stack.conversations().isClosed(sid("UO", "interaction"))).isTrue();
        assertThat(chat.task().status()).isEqualTo("completed");
        assertThat(chat.task().attributes()).contains("\"first_response_time\":15");
    }

    @Test
    void shouldParkAndBringBackOnAReply() throws Exception {
        Chat chat = new Chat("parked", "Park", "\"a\":1");
        chat.accepted(0).customerSays(5).agentSays(15);

        pass(Duration.ofMinutes(5).plusSeconds(16));
        await().untilAsserted(() -> assertThat(chat.task().channel()).isEqualTo("parked"));
        chat.customerSays(6 * 60);

        await().untilAsserted(() -> assertThat(chat.task().channel()).isEqualTo("chat"));
        assertThat(chat.task().status()).isEqualTo("assigned");
    }

    @Test
    void shouldWrapUpBothTasksOfAConversation() throws Exception {
        Chat chat = new Chat("both", "Escalation", "\"a\":1");
        Chat other = new Chat("both other", chat.conversationSid, "Escalation", "\"a\":1");
        chat.accepted(0);
        other.accepted(1);
        chat.customerSays(5).agentSays(15);

        pass(Duration.ofMinutes(8).plusSeconds(16));
        await().untilAsserted(() -> assertThat(chat.steps()).containsExactly("warn posted"));
        pass(Duration.ofMinutes(2));

        await().untilAsserted(() -> assertThat(chat.task().status()).isEqualTo("wrapping"));
        await().untilAsserted(() -> assertThat(other.task().status()).isEqualTo("wrapping"));
    }

    private static void pass(Duration time) {
        CLOCK.updateAndGet(now -> now.plus(time));
    }

    /** A chat that begins now. */
    private static final class Chat {
        private final String name;
        private final String queue;
        private final String taskSid;
        private final String conversationSid;
        private final String attributes;
        private final Instant start = CLOCK.get();
        private long index;
        private @Nullable String chatServiceSid;

        private Chat(String name, String queue, String attributes) {
            this(name, sid("CH", name), queue, attributes);
        }

        private Chat(String name, String conversationSid, String queue, String attributes) {
            this.name = name;
            this.queue = queue;
            this.taskSid = sid("WT", name);
            this.conversationSid = conversationSid;
            this.attributes = "{\"conversationSid\":\"" + conversationSid + "\"," + attributes + "}";
            stack.tasks()
                    .create(new SimulatedTask(
                            taskSid, this.attributes, 1, "assigned", "chat", queue, null, start, start));
        }

        /** Assigns the chat to a service, which its webhooks contain. */
        private Chat in(String service) {
            chatServiceSid = service;
            stack.conversations().serve(conversationSid, service);
            return this;
        }

        private Chat accepted(int second) throws Exception {
            Map<String, String> form = new LinkedHashMap<>();
            form.put("EventType", "reservation.accepted");
            form.put("Sid", sid("EV", name));
            form.put("TimestampMs", Long.toString(start.plusSeconds(second).toEpochMilli()));
            form.put("TaskSid", taskSid);
            form.put("TaskAttributes", attributes);
            form.put("TaskChannelUniqueName", "chat");
            form.put("TaskQueueName", queue);
            form.put("ReservationSid", sid("WR", name));
            form.put("WorkerSid", sid("WK", name));
            form.put("WorkerName", name.replace(' ', '.') + "@example.com");
            form.put("WorkerAttributes", "{\"contact_uri\":\"client:ag-" + name + "\"}");
            stack.tasks().reserve(form);
            assertThat(stack.sender().send("/webhooks/taskrouter", form)).isEqualTo(204);
            return this;
        }

        private Chat customerSays(int second) throws Exception {
            return deliver(posts("customer", "hi", second));
        }

        private Chat agentSays(int second) throws Exception {
            return deliver(posts("ag-" + name, "hello", second));
        }

        /** Twilio has the message. */
        private Posted posts(String author, String text, int second) {
            long next = Math.max(
                    index,
                    stack.conversations()
                            .newestFirst(conversationSid)
                            .map(messages -> messages.get(0).index() + 1)
                            .orElse(0L));
            index = next + 1;
            Posted message = new Posted(
                    sid("IM", name + next),
                    next,
                    author,
                    sid("MB", name + author),
                    text,
                    "{}",
                    start.plusSeconds(second));
            stack.conversations().post(conversationSid, message);
            return message;
        }

        /** Sends the webhook of a message. */
        private Chat deliver(Posted message) throws Exception {
            Map<String, String> form = new LinkedHashMap<>();
            form.put("EventType", "onMessageAdded");
            if (chatServiceSid != null) {
                form.put("ChatServiceSid", chatServiceSid);
            }
            form.put("ConversationSid", conversationSid);
            form.put("MessageSid", message.sid());
            form.put("Index", Long.toString(message.index()));
            form.put("DateCreated", message.createdAt().toString());
            form.put("Author", message.author());
            form.put("ParticipantSid", message.participantSid());
            form.put("Body", message.body());
            assertThat(stack.sender().send("/webhooks/conversations", form)).isEqualTo(204);
            return this;
        }

        private List<String> texts() {
            return stack.conversations().newestFirst(conversationSid).orElseThrow().stream()
                    .sorted((a, b) -> Long.compare(a.index(), b.index()))
                    .map(Posted::body)
                    .toList();
        }

        private SimulatedTask task() {
            return stack.tasks().last(taskSid).orElseThrow();
        }

        private List<String> steps() {
            return TopicReader.readAll(stack.bootstrapServers(), Topics.INACTIVITY_STEPS).stream()
                    .filter(step -> step.conversationSid().equals(conversationSid))
                    .filter(step -> step.result() != null)
                    .map(step -> step.action() + " " + step.result())
                    .toList();
        }

        /** Waits until a chat that begins now was warned: then everything that was due before has been decided. */
        private void nothingHappensBut(String... steps) throws Exception {
            Chat probe = new Chat(name + " probe " + CLOCK.get(), "Sample", "\"a\":1");
            probe.accepted(0).customerSays(1);
            pass(Duration.ofMinutes(2));
            await().untilAsserted(() -> assertThat(probe.steps()).hasSize(3));
            assertThat(steps()).containsExactly(steps);
            List<InactivityStep> begun = TopicReader.readAll(stack.bootstrapServers(), Topics.INACTIVITY_STEPS).stream()
                    .filter(step -> step.conversationSid().equals(conversationSid) && step.result() == null)
                    .toList();
            assertThat(begun).hasSameSizeAs(steps);
        }

        private ReservationMetrics row() {
            return TopicReader.readAll(stack.bootstrapServers(), Topics.RESERVATION_METRICS).stream()
                    .filter(row -> row.taskSid().equals(taskSid))
                    .reduce((first, second) -> second)
                    .orElseThrow();
        }
    }
}
