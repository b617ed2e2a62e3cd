package io.flexmetry.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedTest {

    private final AtomicLong now = new AtomicLong();
    private final List<CompletableFuture<Boolean>> asked = new ArrayList<>();
    private final Shared<Boolean> shared = new Shared<>(
            () -> {
                CompletableFuture<Boolean> answer = new CompletableFuture<>();
                asked.add(answer);
                return answer;
            },
            1_000,
            now::get);

    @Test
    void shouldShareTheQuestionThatIsUnderWayHoweverLongItTakes() {
        // Given
        shared.get();
        now.set(5_000);

        // When
        shared.get();

        // Then
        assertThat(asked).hasSize(1);
    }

    @Test
    void shouldAskAgainWhenTheAnswerIsOld() {
        // Given
        shared.get();
        asked.get(0).complete(true);

        // When
        now.set(999);
        shared.get();

        // Then
        assertThat(asked).hasSize(1);
        now.set(1_000);
        assertThat(shared.get().toCompletableFuture()).isNotDone();
        assertThat(asked).hasSize(2);
    }

    @Test
    void shouldNotRememberAFailureForLonger() {
        // Given
        shared.get();
        asked.get(0).completeExceptionally(new IllegalStateException());

        // When
        now.set(1_000);
        shared.get();

        // Then
        assertThat(asked).hasSize(2);
    }
}
