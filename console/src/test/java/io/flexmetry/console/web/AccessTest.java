package io.flexmetry.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

    private static final String TOKEN = "a-token-of-length";
    private static final String ELSEWHERE = "192.0.2.1";
    private static final String PROXY = "10.0.0.5";
    private static final String USER = "X-Forwarded-User";
    private static final TrustedProxies PROXIES = TrustedProxies.of(USER, PROXY);

    private final Access access = new Access(TOKEN, null);

    @Test
    void shouldAcceptTheTokenAsBearerOrAsPassword() {
        assertThat(admits(access, "Bearer " + TOKEN, "example.com")).isTrue();
        assertThat(admits(access, "bearer  " + TOKEN, null)).isTrue();
        assertThat(admits(access, basic("anybody:" + TOKEN), "example.com")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer x", "Basic ???", "Digest a-token-of-length", "a-token-of-length"})
    void shouldTakeNothingElse(String authorization) {
        assertThat(admits(access, authorization, "localhost")).isFalse();
        assertThat(admits(access, null, "localhost")).isFalse();
        assertThat(admits(access, basic("anybody:x"), "localhost")).isFalse();
    }

    @Test
    void shouldAnswerThisMachineOnlyWithoutAToken() {
        Access open = new Access(null, null);

        assertThat(admits(open, null, "localhost")).isTrue();
        assertThat(admits(open, null, "127.0.0.1")).isTrue();
        assertThat(admits(open, null, "rebound.example")).isFalse();
        assertThat(admits(open, null, null)).isFalse();
    }

    @Test
    void shouldTakeWhomAProxyHasAuthenticated() {
        Access proxied = new Access(null, PROXIES);
        MultiMap ana = MultiMap.caseInsensitiveMultiMap().add("x-forwarded-user", "ana");

        assertThat(proxied.admits(ana, "wallboard.example.com", PROXY)).isTrue();
        assertThat(proxied.admits(ana, "wallboard.example.com", ELSEWHERE)).isFalse();
        assertThat(proxied.admits(ana.add("X-Forwarded-For", PROXY), "localhost", ELSEWHERE))
                .as("a header is no address")
                .isFalse();
        assertThat(proxied.admits(MultiMap.caseInsensitiveMultiMap(), "wallboard.example.com", PROXY))
                .as("not authenticated")
                .isFalse();
    }

    @Test
    void shouldNotOpenItselfToThisMachineBesideAProxy() {
        Access proxied = new Access(null, TrustedProxies.of(USER, "127.0.0.1"));

        assertThat(proxied.admits(MultiMap.caseInsensitiveMultiMap(), "localhost", "127.0.0.1"))
                .as("the proxy asks for localhost on behalf of somebody whom it does not know")
                .isFalse();
        assertThat(admits(proxied, "Bearer null", "localhost")).isFalse();
        assertThat(admits(proxied, "Bearer ", "localhost")).isFalse();
    }

    @Test
    void shouldTakeTheTokenBesideAProxy() {
        Access both = new Access(TOKEN, PROXIES);

        assertThat(admits(both, "Bearer " + TOKEN, "example.com")).isTrue();
        assertThat(both.admits(MultiMap.caseInsensitiveMultiMap().add(USER, "ana"), "example.com", PROXY))
                .isTrue();
        assertThat(both.admits(MultiMap.caseInsensitiveMultiMap().add(USER, "ana"), "example.com", ELSEWHERE))
                .isFalse();
    }

    @Test
    void shouldNotPrintTheToken() {
        assertThat(access.toString()).doesNotContain(TOKEN);
    }

    private static boolean admits(Access access, @Nullable String authorization, @Nullable String host) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (authorization != null) {
            headers.add("Authorization", authorization);
        }
        return access.admits(headers, host, ELSEWHERE);
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
