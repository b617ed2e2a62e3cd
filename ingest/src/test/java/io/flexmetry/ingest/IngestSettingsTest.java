package io.flexmetry.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IngestSettingsTest {

    @Test
    void shouldExpectCallsToThisMachineUnlessToldOtherwise() {
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

    @Test
    void shouldTakeAFreePortForPortZero() {
        assertThat(from(Map.of("FLEXMETRY_HTTP_PORT", "0")).port()).isPositive();
    }

    @Test
    void shouldNotStartWithoutAToken() {
        assertThatThrownBy(() -> IngestSettings.from(Environment.of(Map.of())))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("TWILIO_AUTH_TOKEN");
    }

    private static IngestSettings from(Map<String, String> env) {
        Map<String, String> all = new HashMap<>(env);
        all.put("TWILIO_AUTH_TOKEN", "token");
        all.put("FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092");
        return IngestSettings.from(Environment.of(all));
    }
}
