package io.flexmetry.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestSettingsTest {

    @Test
    void shouldExpectCallsToThisMachineUnlessConfigured() {
        IngestSettings settings = from(Map.of("FLEXMETRY_HTTP_PORT", "9000"));

        assertThat(settings.publicUrls())
                .containsExactly(
                        URI.create("http://localhost:9000"),
                        URI.create("http://127.0.0.1:9000"),
                        URI.create("http://localhost:8080"));
    }

    @Test
    void shouldExpectOnlyTheConfiguredOrigin() {
        IngestSettings settings =
                from(Map.of("FLEXMETRY_PUBLIC_URL", "https://example.com", "TWILIO_AUTH_TOKEN_SECONDARY", "old"));

        assertThat(settings.publicUrls()).containsExactly(URI.create("https://example.com"));
        assertThat(settings.tokens()).containsExactly("token", "old");
        assertThat(settings.toString()).doesNotContain("token,").doesNotContain("old");
    }

    /** Twilio sends them for HTTP authentication. */
    @Test
    void shouldNotShowTheCredentialsOfThePublicUrl() {
        IngestSettings settings = from(Map.of("FLEXMETRY_PUBLIC_URL", "https://twilio:secret@example.com:8443"));

        assertThat(settings.shownUrl()).isEqualTo("https://example.com:8443");
        assertThat(settings.toString()).doesNotContain("secret");
    }

    @Test
    void shouldChooseAFreePortForPortZero() {
        assertThat(from(Map.of("FLEXMETRY_HTTP_PORT", "0")).port()).isPositive();
    }

    @Test
    void shouldNotStartWithoutAToken() {
        assertThatThrownBy(() -> IngestSettings.from(Environment.of(Map.of())))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("TWILIO_AUTH_TOKEN");
    }

    @Test
    void shouldNotStartOnAPortInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            Environment environment = environment(Map.of("FLEXMETRY_HTTP_PORT", "" + taken.getLocalPort()));

            assertThatThrownBy(() -> Ingest.check(environment))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining(
                            "Expected port " + taken.getLocalPort() + " (FLEXMETRY_HTTP_PORT) to be free");
        }
    }

    /** Both servers would get a part of the webhooks. */
    @Test
    void shouldNotStartWithHealthAndWebhooksOnOnePort() {
        assertThatThrownBy(() -> from(Map.of("FLEXMETRY_HTTP_PORT", "9000", "FLEXMETRY_HEALTH_PORT", "9000")))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Expected FLEXMETRY_HEALTH_PORT to be another port than FLEXMETRY_HTTP_PORT but both are"
                        + " 9000");
    }

    @Test
    void shouldNotStartWithADamagedSpool(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("CURRENT"), "garbage");
        Environment environment = environment(Map.of("FLEXMETRY_SPOOL_DIR", folder.toString()));

        assertThatThrownBy(() -> Ingest.checkSpool(environment))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("FLEXMETRY_SPOOL_DIR", folder.toString(), "move it away");
    }

    @Test
    void shouldStartWithALongerTimeoutThanItsOwn(@TempDir Path folder) throws Exception {
        Environment environment = environment(Map.of(
                "FLEXMETRY_HTTP_PORT", "0",
                "FLEXMETRY_SPOOL_DIR", folder.resolve("spool").toString(),
                "FLEXMETRY_KAFKA_REQUEST_TIMEOUT_MS", "60000"));

        try (Ingest ingest = Ingest.start(environment, InstantSource.system())) {
            assertThat(ingest.port()).isPositive();
        }
    }

    @Test
    void shouldNotStartWithUnusableKafkaSettings(@TempDir Path folder) {
        Environment environment = environment(Map.of(
                "FLEXMETRY_SPOOL_DIR", folder.resolve("spool").toString(),
                "FLEXMETRY_KAFKA_SECURITY_PROTOCOL", "SSL",
                "FLEXMETRY_KAFKA_SSL_TRUSTSTORE_LOCATION",
                        folder.resolve("none.jks").toString()));

        assertThatThrownBy(() -> Ingest.start(environment, InstantSource.system()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("FLEXMETRY_KAFKA_SSL_TRUSTSTORE_LOCATION", "none.jks");
    }

    @Test
    void shouldNotHashWithoutAKey(@TempDir Path folder) throws IOException {
        Path yaml = Files.writeString(folder.resolve("flexmetry.yaml"), "privacy: {hash: [addresses]}");

        assertThatThrownBy(() -> from(Map.of("FLEXMETRY_CONFIG", yaml.toString())))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Expected environment variable FLEXMETRY_HASH_KEY to be set: privacy.hash needs a secret");
    }

    private static IngestSettings from(Map<String, String> env) {
        return IngestSettings.from(environment(env));
    }

    private static Environment environment(Map<String, String> env) {
        Map<String, String> all = new HashMap<>(env);
        all.put("TWILIO_AUTH_TOKEN", "token");
        all.put("FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092");
        return Environment.of(all);
    }
}
