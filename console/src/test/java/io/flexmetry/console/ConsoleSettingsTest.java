package io.flexmetry.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleSettingsTest {

    private static final Map<String, String> LEAST = Map.of("FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092");

    @Test
    void shouldAnswerThisMachineOnlyUnlessAsked() {
        ConsoleSettings settings = ConsoleSettings.from(Environment.of(LEAST));

        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.port()).isEqualTo(8081);
        assertThat(settings.access().token()).isNull();
        assertThat(settings.access().proxies()).isNull();
        assertThat(settings.zone().getId()).isEqualTo("UTC");
    }

    @ParameterizedTest
    @CsvSource({
        "FLEXMETRY_CONSOLE_HOST, 0.0.0.0, Expected FLEXMETRY_CONSOLE_TOKEN to be set",
        "FLEXMETRY_CONSOLE_HOST, 0.0.0.0, or FLEXMETRY_CONSOLE_PROXY_HEADER and FLEXMETRY_CONSOLE_PROXIES",
        "FLEXMETRY_CONSOLE_PROXY_HEADER, X-Forwarded-User, but only FLEXMETRY_CONSOLE_PROXY_HEADER is",
        "FLEXMETRY_CONSOLE_PROXIES, 10.0.0.5, but only FLEXMETRY_CONSOLE_PROXIES is",
        "FLEXMETRY_CONSOLE_TOKEN, short, to have 16 characters or more but it has 5",
        "FLEXMETRY_CONSOLE_PORT, http, FLEXMETRY_CONSOLE_PORT",
        "FLEXMETRY_CONSOLE_ORIGINS, https://chat.example.com/, such as https://chat.example.com",
        "FLEXMETRY_TIME_ZONE, Berlin, to be a time zone such as Europe/Berlin but it is Berlin",
        "FLEXMETRY_PROCESSORS_URL, processors, FLEXMETRY_PROCESSORS_URL"
    })
    void shouldNameWhatIsWrong(String variable, String value, String message) {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.put(variable, value);

        assertThatThrownBy(() -> ConsoleSettings.from(Environment.of(environment)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldNeedNoTokenWithATrustedProxy() {
        ConsoleSettings settings = ConsoleSettings.from(proxied("10.0.0.5,10.1.0.0/16"));

        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat(settings.access().token()).isNull();
        assertThat(settings.access().proxies()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "proxy", "10.0.0.5,"})
    void shouldStopAtProxiesThatAreNone(String proxies) {
        assertThatThrownBy(() -> ConsoleSettings.from(proxied(proxies)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("Expected FLEXMETRY_CONSOLE_PROXIES to be");
    }

    private static Environment proxied(String proxies) {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.put("FLEXMETRY_CONSOLE_HOST", "0.0.0.0");
        environment.put("FLEXMETRY_CONSOLE_PROXY_HEADER", "X-Forwarded-User");
        environment.put("FLEXMETRY_CONSOLE_PROXIES", proxies);
        return Environment.of(environment);
    }

    @Test
    void shouldNotPrintTheToken() {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.put("FLEXMETRY_CONSOLE_TOKEN", "a-very-secret-token");

        assertThat(ConsoleSettings.from(Environment.of(environment)).toString()).doesNotContain("secret");
    }
}
