package io.flexmetry.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

    private static final String TOKEN = "a-token-of-length";
    private final Access access = new Access(TOKEN);

    @Test
    void shouldTakeTheTokenAsBearerOrAsPassword() {
        assertThat(access.admits("Bearer " + TOKEN, "example.com")).isTrue();
        assertThat(access.admits("bearer  " + TOKEN, null)).isTrue();
        assertThat(access.admits(basic("anybody:" + TOKEN), "example.com")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer x", "Basic ???", "Digest a-token-of-length", "a-token-of-length"})
    void shouldTakeNothingElse(String authorization) {
        assertThat(access.admits(authorization, "localhost")).isFalse();
        assertThat(access.admits(null, "localhost")).isFalse();
        assertThat(access.admits(basic("anybody:x"), "localhost")).isFalse();
    }

    @Test
    void shouldAnswerThisMachineOnlyWithoutAToken() {
        Access open = new Access(null);

        assertThat(open.admits(null, "localhost")).isTrue();
        assertThat(open.admits(null, "127.0.0.1")).isTrue();
        assertThat(open.admits(null, "rebound.example")).isFalse();
        assertThat(open.admits(null, null)).isFalse();
    }

    @Test
    void shouldNotTellTheToken() {
        assertThat(access.toString()).doesNotContain(TOKEN);
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
