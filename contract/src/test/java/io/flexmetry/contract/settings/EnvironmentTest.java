package io.flexmetry.contract.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

    @Test
    void shouldRefuseAnUnknownNameAndSuggestTheNearestOne() {
        assertThatThrownBy(() -> Environment.of(Map.of("FLEXMETRY_HTTP_PROT", "8080")))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Unknown environment variable FLEXMETRY_HTTP_PROT. Did you mean FLEXMETRY_HTTP_PORT?");
    }

    @Test
    void shouldIgnoreOtherProgramsVariables() {
        Environment environment = Environment.of(Map.of("PATH", "/bin", "TWILIO_REGION", "ie1"));

        assertThat(environment.find(Variable.TWILIO_AUTH_TOKEN)).isEmpty();
    }

    @Test
    void shouldCountAnEmptyValueAsNotSet() {
        Environment environment = Environment.of(Map.of("FLEXMETRY_HTTP_PORT", " "));

        assertThat(environment.port(Variable.FLEXMETRY_HTTP_PORT, 8080)).isEqualTo(8080);
    }

    @Test
    void shouldNameARequiredVariableThatIsMissing() {
        assertThatThrownBy(() -> Environment.of(Map.of()).require(Variable.TWILIO_AUTH_TOKEN))
                .hasMessageContaining("TWILIO_AUTH_TOKEN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "-1", "65536", "80 80"})
    void shouldRefuseAnInvalidPort(String value) {
        Environment environment = Environment.of(Map.of("FLEXMETRY_HTTP_PORT", value));

        assertThatThrownBy(() -> environment.port(Variable.FLEXMETRY_HTTP_PORT, 1))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("FLEXMETRY_HTTP_PORT")
                .hasMessageContaining(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8080",
                "ftp://host",
                "https://host/path",
                "https://host?x=1",
                "https://host#x",
                "https:// host"
            })
    void shouldRefuseAnInvalidOrigin(String value) {
        Environment environment = Environment.of(Map.of("FLEXMETRY_PUBLIC_URL", value));

        assertThatThrownBy(() -> environment.origin(Variable.FLEXMETRY_PUBLIC_URL))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1GiB", "-1", "1e9", "99999999999999999999"})
    void shouldRefuseAnInvalidNumberOfBytes(String value) {
        Environment environment = Environment.of(Map.of("FLEXMETRY_SPOOL_BYTES", value));

        assertThatThrownBy(() -> environment.bytes(Variable.FLEXMETRY_SPOOL_BYTES, 1))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Expected FLEXMETRY_SPOOL_BYTES to be a whole number of bytes such as 1073741824 but it is "
                        + value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "localhost:", ":9092", "a:9092,b", "a:9092,", "a:0", "a:65536", "a:99999999999"})
    void shouldRefuseInvalidBootstrapServers(String value) {
        Environment environment = Environment.of(Map.of("FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", value));

        assertThatThrownBy(environment::kafka)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS")
                .hasMessageEndingWith("but it is " + value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka:9092", "a.example.com:9092,b.example.com:9092", "[::1]:9092", "PLAINTEXT://a:1"})
    void shouldAcceptBootstrapServers(String value) {
        Environment environment = Environment.of(Map.of("FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", value));

        assertThat(environment.kafka().servers()).isEqualTo(value);
    }

    @Test
    void shouldRefuseAnUnknownLogLevel() {
        assertThatThrownBy(() -> Environment.of(Map.of("FLEXMETRY_LOG_LEVEL", "verbose")))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Expected FLEXMETRY_LOG_LEVEL to be one of DEBUG, INFO, WARN, ERROR but it is verbose");
    }

    @Test
    void shouldAcceptALogLevelInLowerCase() {
        assertThat(Environment.of(Map.of("FLEXMETRY_LOG_LEVEL", "debug")).find(Variable.FLEXMETRY_LOG_LEVEL))
                .hasValue("debug");
    }

    @Test
    void shouldAcceptATrailingSlashAfterAnOrigin() {
        Environment environment = Environment.of(Map.of("FLEXMETRY_PUBLIC_URL", "https://host:8443/"));

        assertThat(environment.origin(Variable.FLEXMETRY_PUBLIC_URL))
                .hasValueSatisfying(origin -> assertThat(origin).hasToString("https://host:8443"));
    }

    @Test
    void shouldAcceptSeveralOrigins() {
        Environment environment =
                Environment.of(Map.of("FLEXMETRY_CONSOLE_ORIGINS", "https://b.example.com, http://a.example.com:8080"));

        assertThat(environment.origins(Variable.FLEXMETRY_CONSOLE_ORIGINS))
                .containsExactlyInAnyOrder("https://b.example.com", "http://a.example.com:8080");
    }

    @Test
    void shouldPreferTheApiKeyForRest() {
        Environment environment = Environment.of(Map.of(
                "TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000001",
                "TWILIO_WORKSPACE_SID", "WS00000000000000000000000000000001",
                "TWILIO_AUTH_TOKEN", "token",
                "TWILIO_API_KEY", "SK00000000000000000000000000000001",
                "TWILIO_API_SECRET", "secret"));

        TwilioSettings settings = TwilioSettings.from(environment);

        assertThat(settings.account().username()).startsWith("SK");
        assertThat(settings.account().password()).isEqualTo("secret");
        assertThat(settings.toString()).doesNotContain("secret");
    }

    @Test
    void shouldRefuseASidWithAnotherPrefix() {
        Environment environment = Environment.of(Map.of(
                "TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000001",
                "TWILIO_WORKSPACE_SID", "WT00000000000000000000000000000001",
                "TWILIO_AUTH_TOKEN", "token"));

        assertThatThrownBy(() -> TwilioSettings.from(environment)).hasMessageContaining("TWILIO_WORKSPACE_SID");
    }
}
