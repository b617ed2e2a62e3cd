package io.flexmetry.console.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.settings.SettingsException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {

    private static final String HEADER = "X-Forwarded-User";
    private static final String PROXIES = "10.0.0.5, 10.1.0.0/16, 192.168.7.9/24, 2001:db8::/33, fe80::1";
    private static final List<String> ANA = List.of("ana");

    private final TrustedProxies proxies = TrustedProxies.of(HEADER, PROXIES);

    @ParameterizedTest
    @CsvSource({
        "10.0.0.5, true",
        "10.0.0.4, false",
        "10.0.0.6, false",
        "10.0.255.255, false",
        "10.1.0.0, true",
        "10.1.255.255, true",
        "10.2.0.0, false",
        "192.168.7.1, true",
        "192.168.8.1, false",
        "127.0.0.1, false",
        "::1, false",
        "::ffff:10.0.0.5, true",
        "::ffff:10.0.0.6, false",
        "2001:db8:7fff:ffff::1, true",
        "2001:db8:8000::1, false",
        "2001:db9::1, false",
        "fe80:0:0:0:0:0:0:1%eth0, true",
        "fe80::2%eth0, false",
        "localhost, false",
        "'', false"
    })
    void shouldBelieveWhoConnectsFromThereOnly(String address, boolean believed) {
        assertThat(proxies.vouch(address, ANA)).isEqualTo(believed);
    }

    @Test
    void shouldTrustNoConnectionWithoutAnAddress() {
        assertThat(proxies.vouch(null, ANA)).isFalse();
    }

    @Test
    void shouldWantTheHeaderOnceAndNotEmpty() {
        assertThat(proxies.vouch("10.0.0.5", List.of())).isFalse();
        assertThat(proxies.vouch("10.0.0.5", List.of(""))).isFalse();
        assertThat(proxies.vouch("10.0.0.5", List.of(" \t"))).isFalse();
        assertThat(proxies.vouch("10.0.0.5", List.of("mallory", "ana")))
                .as("the proxy lets through what clients send")
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "proxy | but one is proxy",
                "10.0.0 | but one is 10.0.0",
                "10.0.0.256 | but one is 10.0.0.256",
                "10.0.0.5, | but one is",
                "10.0.0.5;10.0.0.6 | but one is 10.0.0.5;10.0.0.6",
                "10.0.0.5:8080 | but one is 10.0.0.5:8080",
                "10.0.0.0/33 | but one is 10.0.0.0/33",
                "10.0.0.0/-1 | but one is 10.0.0.0/-1",
                "10.0.0.0/ | but one is 10.0.0.0/",
                "10.0.0.0/16/8 | but one is 10.0.0.0/16/8",
                "10.0.0.0/255.255.0.0 | but one is 10.0.0.0/255.255.0.0",
                "2001:db8::/129 | but one is 2001:db8::/129"
            })
    void shouldRefuseWhatIsNoAddress(String wrong, String message) {
        assertThatThrownBy(() -> TrustedProxies.of(HEADER, wrong))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(
                        "Expected FLEXMETRY_CONSOLE_PROXIES to be IP addresses or ranges such as 10.0.0.5")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "::/0", "0.0.0.0", "::", "128.0.0.0/1", "10.0.0.0/7", "10.0.0.5,0.0.0.0/0"})
    void shouldRefuseToBelieveEverybody(String wide) {
        assertThatThrownBy(() -> TrustedProxies.of(HEADER, wide))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(
                        "Expected FLEXMETRY_CONSOLE_PROXIES to be proxies only, in ranges of /8 or smaller")
                .hasMessageContaining("the header is trusted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X Forwarded User", "X-Forwarded-User:", "Bénutzer"})
    void shouldRefuseWhatIsNoHeader(String header) {
        assertThatThrownBy(() -> TrustedProxies.of(header, PROXIES))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("Expected FLEXMETRY_CONSOLE_PROXY_HEADER to be the name of a header")
                .hasMessageContaining(header);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Forwarded-For", "host", "USER-AGENT", "Cookie", "Authorization"})
    void shouldRefuseAHeaderThatEverybodyHas(String header) {
        assertThatThrownBy(() -> TrustedProxies.of(header, PROXIES))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("a header that only authenticated requests have")
                .hasMessageContaining(header);
    }
}
