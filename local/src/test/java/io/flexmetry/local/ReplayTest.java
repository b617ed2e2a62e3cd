package io.flexmetry.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.broker.EmbeddedBroker;
import io.flexmetry.local.report.Lag;
import io.flexmetry.local.report.Observer;
import io.flexmetry.local.twilio.ConversationStore;
import io.flexmetry.local.twilio.SimulatedAccount;
import io.flexmetry.local.twilio.SimulatedTask;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * After a day all events are read again, or the second half of them, with and without the old state. Twilio has
 * received everything already and must receive nothing new: no write, no message, no task, no step.
 */
@Tag("crash")
@Timeout(600)
class ReplayTest {

    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Duration QUIET = Duration.ofSeconds(3);

    /** The input topics of processors that others write. */
    private static final List<Topic<?, ?>> INPUTS = List.of(
            Topics.TASK_EVENTS,
            Topics.CONVERSATION_EVENTS,
            Topics.WORKER_EVENTS,
            Topics.VOICE_EVENTS,
            Topics.FOCUS_EVENTS,
            Topics.TASK_OUTCOMES,
            Topics.CONVERSATION_OUTCOMES,
            Topics.CALL_OUTCOMES);

    @TempDir
    static Path folder;

    private static Environment environment;
    private static Instant middle;

    @BeforeAll
    static void playTheDay() throws Exception {
        Path yaml = Files.writeString(folder.resolve("replay.yaml"), """
                inactivity:
                  - name: web chat
                    match: { queue: [Web chat] }
                    steps:
                      - { after: PT20M, do: warn, text: "Are you still there?" }
                      - { after: PT40M, do: wrap-up }
                  - name: left open
                    match: { queue: [Left open] }
                    steps:
                      - { after: PT5M, do: warn, text: "Are you still there?" }
                      - { after: PT5M2S, do: park, channel: parked }
                writeBack: { running: PT2S, lateWorkflow: WW00000000000000000000000000000001 }
                """);
        environment = Environment.of(Map.of("FLEXMETRY_HTTP_PORT", "0", "FLEXMETRY_CONFIG", yaml.toString()));
        InstantSource system = InstantSource.system();
        Instant begun = Instant.now();
        try (LocalStack stack = LocalStack.start(
                environment,
                folder.resolve("data"),
                system,
                journal -> InstantSource.fixed(io.flexmetry.local.day.DayPlayer.clock(journal)))) {
            await().atMost(LONG).until(stack::isReady);
            PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
            int code = new Demo(stack, Configuration.from(environment).metrics(), nowhere, system)
                    .play(new CompletableFuture<>());
            assertThat(code).as("the day ended well").isZero();
            middle = begun.plus(Duration.between(begun, Instant.now()).dividedBy(2));
            leaveOpen(stack);
            awaitIdle(stack.bootstrapServers());
        }
        assertThat(changes())
                .as("what a replay could do again")
                .anyMatch(line -> line.contains("flexmetry_command"))
                .anyMatch(line -> line.contains("Are you still there?"))
                .anyMatch(line -> line.contains("\"parked\""))
                .anyMatch(line -> line.contains("Inactivity: customer silent"));
    }

    @Test
    void shouldChangeNothingWhenAllIsReadOnFreshState() throws Exception {
        resetTo(OffsetSpec.earliest(), true);

        assertThat(newChanges()).isEmpty();
    }

    @Test
    void shouldChangeNothingWhenTheSecondHalfIsReadOnFreshState() throws Exception {
        resetTo(OffsetSpec.forTimestamp(middle.toEpochMilli()), true);

        assertThat(newChanges()).isEmpty();
    }

    @Test
    void shouldChangeNothingWhenTheSecondHalfIsReadAgain() throws Exception {
        resetTo(OffsetSpec.forTimestamp(middle.toEpochMilli()), false);

        assertThat(newChanges()).isEmpty();
    }

    /** A chat whose customer falls silent, and whose agent keeps it open. */
    private static void leaveOpen(LocalStack stack) throws Exception {
        String taskSid = SimulatedAccount.sid("WT", "open");
        String conversationSid = SimulatedAccount.sid("CH", "open");
        stack.tasks()
                .create(new SimulatedTask(
                        taskSid, "{}", 1, "assigned", "chat", "Left open", null, ChatScript.START, ChatScript.START));
        int index = 0;
        for (ChatScript.Webhook webhook : ChatScript.webhooks("open", "0 c: hello\n60 accepted\n70 ag: hi")) {
            Map<String, String> form = new HashMap<>(webhook.form());
            form.put("TaskQueueName", "Left open");
            if (form.containsKey("MessageSid")) {
                stack.conversations()
                        .post(
                                conversationSid,
                                new ConversationStore.Posted(
                                        form.get("MessageSid"),
                                        index++,
                                        form.get("Author"),
                                        null,
                                        form.get("Body"),
                                        "{}",
                                        Instant.parse(form.get("DateCreated"))));
            } else {
                stack.tasks().reserve(form);
            }
            assertThat(stack.sender().send(webhook.path(), form)).isEqualTo(204);
        }
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(stack.tasks().last(taskSid)).hasValueSatisfying(task -> {
                    assertThat(task.channel()).isEqualTo("parked");
                    assertThat(task.attributes()).contains("first_response_time");
                }));
    }

    /** Does the same as {@code kafka-streams-application-reset} and deleting the state folder. */
    private static void resetTo(OffsetSpec where, boolean fresh) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("data").resolve("kafka"));
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            boolean members = !admin.describeConsumerGroups(List.of(Topics.PROCESSORS_GROUP))
                    .all()
                    .get()
                    .get(Topics.PROCESSORS_GROUP)
                    .members()
                    .isEmpty();
            if (members) {
                // a static member does not leave the group when it stops
                admin.removeMembersFromConsumerGroup(
                                Topics.PROCESSORS_GROUP, new RemoveMembersFromConsumerGroupOptions())
                        .all()
                        .get();
            }
            if (fresh) {
                delete(folder.resolve("data").resolve("processors"));
                Collection<String> internal = admin.listTopics().names().get().stream()
                        .filter(name -> name.startsWith(Topics.PROCESSORS_GROUP + "-"))
                        .toList();
                admin.deleteTopics(internal).all().get();
            }
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            admin.describeTopics(INPUTS.stream().map(Topic::name).toList())
                    .allTopicNames()
                    .get()
                    .forEach((name, topic) -> topic.partitions()
                            .forEach(partition -> wanted.put(new TopicPartition(name, partition.partition()), where)));
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            for (var found : admin.listOffsets(wanted).all().get().entrySet()) {
                long offset = found.getValue().offset();
                offsets.put(
                        found.getKey(),
                        new OffsetAndMetadata(
                                offset >= 0
                                        ? offset
                                        : admin.listOffsets(Map.of(found.getKey(), OffsetSpec.latest()))
                                                .all()
                                                .get()
                                                .get(found.getKey())
                                                .offset()));
            }
            admin.alterConsumerGroupOffsets(Topics.PROCESSORS_GROUP, offsets)
                    .all()
                    .get();
        }
    }

    /** The changes in Twilio after another start, until nothing happens any more. */
    private static List<String> newChanges() throws Exception {
        List<String> before = changes();
        try (LocalStack stack = LocalStack.start(environment, folder.resolve("data"), InstantSource.system())) {
            await().atMost(LONG).until(stack::isReady);
            awaitIdle(stack.bootstrapServers());
        }
        List<String> all = new ArrayList<>(changes());
        return all.subList(before.size(), all.size());
    }

    /** Waits until all records are read, all commands are settled, and nothing new comes. */
    private static void awaitIdle(String servers) {
        try (Observer observer = Observer.start(servers, InstantSource.system());
                Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            await().atMost(LONG)
                    .until(() -> Lag.of(admin) == 0
                            && observer.seen().unsettled() == 0
                            && observer.seen().lastNews().plus(QUIET).isBefore(Instant.now()));
        }
    }

    /** The journal of the simulated Twilio, without the deliveries of its webhooks. */
    private static List<String> changes() throws IOException {
        return Files.readAllLines(folder.resolve("data").resolve("twilio.jsonl")).stream()
                .filter(line -> !line.startsWith("{\"heard\""))
                .toList();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
