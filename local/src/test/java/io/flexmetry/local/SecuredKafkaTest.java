package io.flexmetry.local;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flexmetry.contract.service.UnavailableException;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.local.broker.EmbeddedBroker;
import io.flexmetry.local.twilio.SimulatedTask;
import io.flexmetry.processors.Processors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A cluster with TLS and authentication only: the settings reach every client. */
@Execution(ExecutionMode.CONCURRENT)
class SecuredKafkaTest {

    private static final String STORE_PASSWORD = "store-password";
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required ";

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() throws Exception {
        keytool(
                "-genkeypair -alias broker -keyalg RSA -keysize 2048 -validity 7 -dname CN=localhost"
                        + " -ext SAN=dns:localhost,ip:127.0.0.1",
                "broker.p12");
        keytool("-exportcert -rfc -alias broker -file " + folder.resolve("broker.pem"), "broker.p12");
        int port = EmbeddedBroker.freePort();
        int controller = EmbeddedBroker.freePort();
        broker = EmbeddedBroker.start(
                folder.resolve("kafka"),
                port,
                Map.ofEntries(
                        Map.entry(
                                "listeners", "SASL_SSL://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller),
                        Map.entry("listener.security.protocol.map", "SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT"),
                        Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controller),
                        Map.entry("inter.broker.listener.name", "SASL_SSL"),
                        Map.entry("sasl.enabled.mechanisms", "PLAIN"),
                        Map.entry("sasl.mechanism.inter.broker.protocol", "PLAIN"),
                        Map.entry(
                                "listener.name.sasl_ssl.plain.sasl.jaas.config",
                                PLAIN + "username=\"broker\" password=\"inside\" user_broker=\"inside\""
                                        + " user_flexmetry=\"correct\";"),
                        Map.entry(
                                "ssl.keystore.location",
                                folder.resolve("broker.p12").toString()),
                        Map.entry("ssl.keystore.type", "PKCS12"),
                        Map.entry("ssl.keystore.password", STORE_PASSWORD),
                        Map.entry("ssl.truststore.type", "PEM"),
                        Map.entry(
                                "ssl.truststore.location",
                                folder.resolve("broker.pem").toString())));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldBringAChatsNumbersToItsTask() throws Exception {
        Path secret = Files.writeString(folder.resolve("jaas"), jaas("correct") + "\n");
        Map<String, String> env = new HashMap<>(trusting());
        env.put("FLEXMETRY_KAFKA_SASL_JAAS_CONFIG_FILE", secret.toString());
        env.put("FLEXMETRY_KAFKA_REQUEST_TIMEOUT_MS", "60000");
        env.put("FLEXMETRY_PARTITIONS", "2");
        env.put("FLEXMETRY_HTTP_PORT", "0");
        try (LocalStack stack = LocalStack.start(Environment.of(env), folder.resolve("data"), InstantSource.system())) {
            await().until(stack::isReady);
            stack.tasks()
                    .create(new SimulatedTask(
                            sid("WT", "secured"),
                            "{}",
                            0,
                            "assigned",
                            "chat",
                            "Support",
                            null,
                            ChatScript.START,
                            ChatScript.START));

            for (ChatScript.Webhook webhook : ChatScript.webhooks("secured", """
                    0 c: hello
                    60 accepted
                    70 ag: hi
                    80 wrapup
                    """)) {
                assertThat(stack.sender().send(webhook.path(), webhook.form())).isEqualTo(204);
            }

            await().untilAsserted(() -> assertThat(stack.tasks()
                            .last(sid("WT", "secured"))
                            .orElseThrow()
                            .attributes())
                    .contains("\"first_response_time\":10"));
        }
    }

    @Test
    void shouldNameTheSettingWhenTheClusterRefusesThePassword() {
        Environment environment = Environment.of(trusting("FLEXMETRY_KAFKA_SASL_JAAS_CONFIG", jaas("wrong")))
                .with(
                        Variable.FLEXMETRY_STATE_DIR,
                        folder.resolve("state-of-another-password").toString());

        assertThatThrownBy(() -> Processors.start(environment))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContainingAll("FLEXMETRY_KAFKA_SASL_JAAS_CONFIG", "SaslAuthenticationException")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void shouldAskForTheProtocolWhenTheClusterDoesNotAnswerOurs() {
        Environment environment = Environment.of(Map.of(
                "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS",
                broker.bootstrapServers(),
                "FLEXMETRY_STATE_DIR",
                folder.resolve("state-without-protocol").toString()));

        assertThatThrownBy(() -> Processors.start(environment))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining(
                        "does it require TLS or SASL? FLEXMETRY_KAFKA_SECURITY_PROTOCOL, which is not set");
    }

    @Test
    void shouldNameATruststoreThatIsNotThere() {
        Environment environment = Environment.of(trusting(
                        "FLEXMETRY_KAFKA_SASL_JAAS_CONFIG",
                        jaas("correct"),
                        "FLEXMETRY_KAFKA_SSL_TRUSTSTORE_LOCATION",
                        folder.resolve("none.pem").toString()))
                .with(
                        Variable.FLEXMETRY_STATE_DIR,
                        folder.resolve("state-without-truststore").toString());

        assertThatThrownBy(() -> Processors.start(environment))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("FLEXMETRY_KAFKA_SSL_TRUSTSTORE_LOCATION", "none.pem");
    }

    private static Map<String, String> trusting(String... more) {
        Map<String, String> env = new HashMap<>(Map.of(
                "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                "FLEXMETRY_KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                "FLEXMETRY_KAFKA_SASL_MECHANISM", "PLAIN",
                "FLEXMETRY_KAFKA_SSL_TRUSTSTORE_TYPE", "PEM",
                "FLEXMETRY_KAFKA_SSL_TRUSTSTORE_LOCATION",
                        folder.resolve("broker.pem").toString()));
        for (int i = 0; i < more.length; i += 2) {
            env.put(more[i], more[i + 1]);
        }
        return env;
    }

    private static String jaas(String password) {
        return PLAIN + "username=\"flexmetry\" password=\"" + password + "\";";
    }

    private static void keytool(String arguments, String store) throws IOException, InterruptedException {
        String command = Path.of(System.getProperty("java.home"), "bin", "keytool") + " " + arguments
                + " -storetype PKCS12 -storepass " + STORE_PASSWORD + " -keystore " + folder.resolve(store);
        Process keytool = new ProcessBuilder(command.split(" "))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).as(command).isZero();
    }
}
