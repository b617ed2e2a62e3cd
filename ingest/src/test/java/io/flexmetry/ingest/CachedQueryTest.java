package io.flexmetry.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CachedQueryTest {

    private final AtomicLong now = new AtomicLong();
    private final List<CompletableFuture<Boolean>> queries = new ArrayList<>();
    private final CachedQuery<Boolean> cached = new CachedQuery<>(
            () -> {
                CompletableFuture<Boolean> result = new CompletableFuture<>();
                queries.add(result);
                return result;
            },
            1_000,
            now::get);

    @Test
    void shouldShareAQueryInFlightHoweverLongItTakes() {
        // Given
        cached.get();
        now.set(5_000);

        // When
        cached.get();

        // Then
        assertThat(queries).hasSize(1);
    }

    @Test
    void shouldQueryAgainWhenTheResultIsStale() {
        // Given
        cached.get();
        queries.get(0).complete(true);

        // When
        now.set(999);
        cached.get();

        // Then
        assertThat(queries).hasSize(1);
        now.set(1_000);
        assertThat(cached.get().toCompletableFuture()).isNotDone();
        assertThat(queries).hasSize(2);
    }

    @Test
    void shouldNotCacheAFailureForLonger() {
        // Given
        cached.get();
        queries.get(0).completeExceptionally(new IllegalStateException());

        // When
        now.set(1_000);
        cached.get();

        // Then
        assertThat(queries).hasSize(2);
    }
}
