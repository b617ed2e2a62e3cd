package io.flexmetry.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.local.twilio.SimulatedAccount;
import io.flexmetry.local.twilio.SimulatedTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers that come after the completion reach Flex Insights by a linked task, if that is configured. */
class LateTaskTest {

    @TempDir
    Path folder;

    @Test
    void shouldMakeOneLinkedTaskAndEndIt() throws Exception {
        Path yaml = folder.resolve("flexmetry.yaml");
        Files.writeString(yaml, "writeBack: {lateWorkflow: WW00000000000000000000000000000001}");
        Environment environment =
                Environment.of(Map.of("FLEXMETRY_HTTP_PORT", "0", "FLEXMETRY_CONFIG", yaml.toString()));
        try (LocalStack stack = LocalStack.start(environment, folder, InstantSource.system())) {
            await().until(stack::isReady);
            Instant now = Instant.now();
            String taskSid = SimulatedAccount.sid("WT", "late");
            stack.tasks().create(new SimulatedTask(taskSid, "{}", 1, "completed", "chat", "Support", null, now, now));

            for (ChatScript.Webhook webhook :
                    ChatScript.webhooks("late", "0 c: hello\n60 accepted\n70 ag: hi\n80 completed")) {
                assertThat(stack.sender().send(webhook.path(), webhook.form())).isEqualTo(204);
            }

            await().untilAsserted(
                            () -> assertThat(linked(stack)).singleElement().satisfies(task -> {
                                assertThat(task.status()).isEqualTo("canceled");
                                assertThat(task.attributes())
                                        .contains("\"virtual\":\"Yes\"")
                                        .contains("\"conversation_id\":\"" + taskSid + "\"")
                                        .contains("\"first_response_time\":10");
                            }));
        }
    }

    private static List<SimulatedTask> linked(LocalStack stack) {
        return stack.tasks().select(task -> task.attributes().contains("flexmetry_command"));
    }
}
