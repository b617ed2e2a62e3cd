package io.flexmetry.contract.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

    @Test
    void shouldStopAtAnUnknownNameAndSayTheNearestKnownOne() {
        assertThatThrownBy(() -> Environment.of(Map.of("FLEXMETRY_HTTP_PROT", "8080")))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Unknown environment variable FLEXMETRY_HTTP_PROT. Did you mean FLEXMETRY_HTTP_PORT?");
    }

    @Test
    void shouldLeaveOtherProgramsVariablesAlone() {
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
    void shouldRefuseWhatIsNoPort(String value) {
        Environment environment = Environment.of(Map.of("FLEXMETRY_HTTP_PORT", value));

        assertThatThrownBy(() -> environment.port(Variable.FLEXMETRY_HTTP_PORT, 1))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("FLEXMETRY_HTTP_PORT")
                .hasMessageContaining(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8080", "ftp://host", "https://host/path", "https://host?x=1", "https:// host"})
    void shouldRefuseWhatIsNoOrigin(String value) {
        Environment environment = Environment.of(Map.of("FLEXMETRY_PUBLIC_URL", value));

        assertThatThrownBy(() -> environment.origin(Variable.FLEXMETRY_PUBLIC_URL))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(value);
    }

    @Test
    void shouldForgiveASlashAfterAnOrigin() {
        Environment environment = Environment.of(Map.of("FLEXMETRY_PUBLIC_URL", "https://host:8443/"));

        assertThat(environment.origin(Variable.FLEXMETRY_PUBLIC_URL))
                .hasValueSatisfying(origin -> assertThat(origin).hasToString("https://host:8443"));
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
    void shouldRefuseASidOfAnotherKind() {
        Environment environment = Environment.of(Map.of(
                "TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000001",
                "TWILIO_WORKSPACE_SID", "WT00000000000000000000000000000001",
                "TWILIO_AUTH_TOKEN", "token"));

        assertThatThrownBy(() -> TwilioSettings.from(environment)).hasMessageContaining("TWILIO_WORKSPACE_SID");
    }
}
