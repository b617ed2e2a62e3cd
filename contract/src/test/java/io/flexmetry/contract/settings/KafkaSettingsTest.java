package io.flexmetry.contract.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaSettingsTest {

    private static final String JAAS =
            "org.apache.kafka.common.security.plain.PlainLoginModule required password=\"x\";";

    @Test
    void shouldPassEachClientTheSettingsThatItSupports() {
        KafkaSettings kafka = from(Map.of(
                "FLEXMETRY_KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                "FLEXMETRY_KAFKA_SASL_JAAS_CONFIG", JAAS,
                "FLEXMETRY_KAFKA_FETCH_MIN_BYTES", "7",
                "FLEXMETRY_KAFKA_LINGER_MS", "3"));

        assertThat(kafka.admin())
                .isEqualTo(Map.of(
                        "bootstrap.servers", "kafka:9092", "security.protocol", "SASL_SSL", "sasl.jaas.config", JAAS));
        assertThat(kafka.consumer(Map.of()))
                .containsEntry("fetch.min.bytes", "7")
                .doesNotContainKey("linger.ms");
        assertThat(kafka.producer(Map.of())).containsEntry("linger.ms", "3").doesNotContainKey("fetch.min.bytes");
    }

    @Test
    void shouldPreferConfiguredValuesToOurDefaults() {
        KafkaSettings kafka = from(Map.of("FLEXMETRY_KAFKA_SESSION_TIMEOUT_MS", "45000"));

        assertThat(kafka.consumer(Map.of("session.timeout.ms", 10_000, "group.id", "ours")))
                .containsEntry("session.timeout.ms", "45000")
                .containsEntry("group.id", "ours");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FLEXMETRY_KAFKA_SECURITY_PROTOCL | SSL | Did you mean FLEXMETRY_KAFKA_SECURITY_PROTOCOL?",
                "FLEXMETRY_KAFKA_SECURITY_PROTOCOL | TLS | Expected FLEXMETRY_KAFKA_SECURITY_PROTOCOL to be a value that Kafka accepts but it is TLS",
                "FLEXMETRY_KAFKA_LINGER_MS | soon | Expected FLEXMETRY_KAFKA_LINGER_MS to be a value that Kafka accepts but it is soon",
                "FLEXMETRY_KAFKA_ACKS | 1 | Expected FLEXMETRY_KAFKA_ACKS not to be set: Flexmetry sets acks itself",
                "FLEXMETRY_KAFKA_ISOLATION_LEVEL | read_uncommitted | Expected FLEXMETRY_KAFKA_ISOLATION_LEVEL not to be set",
                "FLEXMETRY_PARTITIONS | 0 | Expected FLEXMETRY_PARTITIONS to be a whole number from 1 to 1000 but it is 0",
                "FLEXMETRY_PARTITIONS | many | Expected FLEXMETRY_PARTITIONS to be a whole number from 1 to 1000 but it is many",
                "FLEXMETRY_REPLICATION_FACTOR | 32768 | Expected FLEXMETRY_REPLICATION_FACTOR to be a whole number from 1 to 32767 but it is 32768"
            })
    void shouldRefuseInvalidAndReservedSettings(String variable, String value, String message) {
        assertThatThrownBy(() -> from(Map.of(variable, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldNotPrintSecrets() {
        KafkaSettings kafka = from(Map.of("FLEXMETRY_KAFKA_SASL_JAAS_CONFIG", JAAS));

        assertThat(kafka.toString()).doesNotContain("password");
        assertThat(kafka.credentials()).isEqualTo("FLEXMETRY_KAFKA_SASL_JAAS_CONFIG");
    }

    @Test
    void shouldReadSecretsFromFilesOfWindows(@TempDir Path folder) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "\uFEFFfrom-a-file\r\n");

        assertThat(environment(Map.of("TWILIO_AUTH_TOKEN_FILE", token.toString()))
                        .require(Variable.TWILIO_AUTH_TOKEN))
                .isEqualTo("from-a-file");
    }

    @Test
    void shouldReadSecretsFromFiles(@TempDir Path folder) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "from-a-file\n");
        Path jaas = Files.writeString(folder.resolve("jaas"), JAAS + "\n");
        Environment environment = environment(Map.of(
                "TWILIO_AUTH_TOKEN_FILE", token.toString(), "FLEXMETRY_KAFKA_SASL_JAAS_CONFIG_FILE", jaas.toString()));

        assertThat(environment.require(Variable.TWILIO_AUTH_TOKEN)).isEqualTo("from-a-file");
        assertThat(environment.kafka().clients()).containsEntry("sasl.jaas.config", JAAS);
    }

    @Test
    void shouldNameAnUnreadableSecretFile(@TempDir Path folder) throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), " \n");

        assertThatThrownBy(() -> environment(Map.of("TWILIO_AUTH_TOKEN_FILE", folder.toString())))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("TWILIO_AUTH_TOKEN_FILE", folder.toString(), "is a folder");
        assertThatThrownBy(() -> environment(Map.of("TWILIO_AUTH_TOKEN_FILE", empty.toString())))
                .hasMessageContaining("is empty");
        assertThatThrownBy(() -> environment(
                        Map.of("TWILIO_AUTH_TOKEN_FILE", folder.resolve("none").toString())))
                .hasMessageContainingAll("cannot be read", "none");
    }

    @Test
    void shouldRefuseASecretThatIsAlsoInAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "one");

        assertThatThrownBy(() ->
                        environment(Map.of("TWILIO_AUTH_TOKEN", "other", "TWILIO_AUTH_TOKEN_FILE", file.toString())))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Expected TWILIO_AUTH_TOKEN or TWILIO_AUTH_TOKEN_FILE to be set but both are");
    }

    @Test
    void shouldReadOnlySecretsFromFiles() {
        assertThatThrownBy(() -> environment(Map.of("FLEXMETRY_HTTP_PORT_FILE", "port")))
                .hasMessageContaining("Unknown environment variable FLEXMETRY_HTTP_PORT_FILE");
    }

    private static KafkaSettings from(Map<String, String> env) {
        return environment(env).kafka();
    }

    private static Environment environment(Map<String, String> env) {
        Map<String, String> all = new HashMap<>(env);
        all.put("FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092");
        return Environment.of(all);
    }
}
