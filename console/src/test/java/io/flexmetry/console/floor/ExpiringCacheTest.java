package io.flexmetry.console.floor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiringCacheTest {

    private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");

    private final ExpiringCache<String, Integer> memory = new ExpiringCache<>(Duration.ofSeconds(1), 2);
    private final List<String> computed = new ArrayList<>();

    @Test
    void shouldComputeOnceASecond() {
        assertThat(get("a", NOW)).isEqualTo(1);
        assertThat(get("a", NOW.plusMillis(999))).isEqualTo(1);
        assertThat(get("b", NOW.plusMillis(999))).as("something else").isEqualTo(2);
        assertThat(get("a", NOW.plusMillis(1_000))).isEqualTo(3);
    }

    @Test
    void shouldNotKeepWhatIsOfTheFuture() {
        get("a", NOW);

        assertThat(get("a", NOW.minusMillis(1))).isEqualTo(2);
    }

    @Test
    void shouldForgetTheOldest() {
        get("a", NOW);
        get("b", NOW);
        get("c", NOW);

        assertThat(get("c", NOW)).isEqualTo(3);
        assertThat(get("b", NOW)).isEqualTo(2);
        assertThat(get("a", NOW)).isEqualTo(4);
        assertThat(computed).containsExactly("a", "b", "c", "a");
    }

    private int get(String key, Instant now) {
        return memory.get(key, now, () -> {
            computed.add(key);
            return computed.size();
        });
    }
}
