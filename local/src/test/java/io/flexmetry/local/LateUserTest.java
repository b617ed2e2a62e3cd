package io.flexmetry.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.publish.EventPublisher;
import io.flexmetry.local.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ingest runs before its user exists on the cluster. */
class LateUserTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required";

    @TempDir
    Path folder;

    @Test
    void shouldPublishOnceTheClusterAcceptsOurCredentials() throws Exception {
        int inside = EmbeddedBroker.freePort();
        int outside = EmbeddedBroker.freePort();
        int controller = EmbeddedBroker.freePort();
        Map<String, String> listeners = Map.of(
                "listeners",
                "PLAINTEXT://127.0.0.1:" + inside + ",OUTSIDE://127.0.0.1:" + outside + ",CONTROLLER://127.0.0.1:"
                        + controller,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,OUTSIDE:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "controller.quorum.voters",
                "1@127.0.0.1:" + controller,
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-256",
                "listener.name.outside.scram-sha-256.sasl.jaas.config",
                SCRAM + ";");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), inside, listeners);
                Admin admin =
                        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
                EventPublisher kafka = new EventPublisher(settings(outside))) {
            Topics.create(admin).join();
            kafka.connect();
            await().atMost(PATIENCE).until(() -> refused(kafka));

            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            "flexmetry", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "secret")))
                    .all()
                    .get();

            await().atMost(PATIENCE).until(kafka::discover);
            await().atMost(PATIENCE).until(() -> published(kafka));
        }
    }

    private static KafkaSettings settings(int port) {
        return Environment.of(Map.of(
                        "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS",
                        "127.0.0.1:" + port,
                        "FLEXMETRY_KAFKA_SECURITY_PROTOCOL",
                        "SASL_PLAINTEXT",
                        "FLEXMETRY_KAFKA_SASL_MECHANISM",
                        "SCRAM-SHA-256",
                        "FLEXMETRY_KAFKA_SASL_JAAS_CONFIG",
                        SCRAM + " username=\"flexmetry\" password=\"secret\";"))
                .kafka();
    }

    private static boolean refused(EventPublisher kafka) {
        try {
            publish(kafka);
            return false;
        } catch (CompletionException e) {
            return e.getCause() instanceof SaslAuthenticationException;
        }
    }

    private static boolean published(EventPublisher kafka) {
        try {
            publish(kafka);
            return true;
        } catch (CompletionException e) {
            if (e.getCause() instanceof KafkaException) {
                return false;
            }
            throw e;
        }
    }

    private static void publish(EventPublisher kafka) {
        kafka.publishRaw(Topics.TASK_EVENTS.name(), "WT1".getBytes(UTF_8), "{}".getBytes(UTF_8))
                .join();
    }
}
