package io.flexmetry.contract.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.topic.Topics;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

    private static final Instant AT = Instant.parse("2026-01-05T09:00:00Z");

    @Test
    void shouldKeepTheWholeOriginalWhenItFits() {
        // Given
        byte[] original = new byte[DeadLetter.MOST_ORIGINAL_BYTES];

        // When
        DeadLetter letter = DeadLetter.ofRecord("Expected X", "topic/0/1", AT, "WT1", original);

        // Then
        assertThat(letter.isWhole()).isTrue();
        assertThat(letter.cut()).isNull();
        assertThat(letter.originalBytes()).isEqualTo(original);
    }

    @Test
    void shouldCutALargerOriginalAndKeepItsLengthAndHash() {
        // Given
        byte[] original = new byte[DeadLetter.MOST_ORIGINAL_BYTES + 1];

        // When
        DeadLetter letter = DeadLetter.ofRecord("Expected X", "topic/0/1", AT, "WT1", original);

        // Then
        assertThat(letter.isWhole()).isFalse();
        assertThat(letter.cut()).isNotNull();
        assertThat(letter.cut().bytes()).isEqualTo(original.length);
        assertThat(letter.cut().sha256()).hasSize(64);
        assertThat(letter.originalBytes()).hasSize(DeadLetter.MOST_ORIGINAL_BYTES);
    }

    @Test
    void shouldFitItsTopicWhateverItContains() {
        // Given
        byte[] original = new byte[Topics.MOST_RECORD_BYTES];
        Arrays.fill(original, (byte) 0xFF);
        String controls = "\u0001".repeat(1 << 20);

        // When
        byte[] record = Topics.DEAD_LETTERS
                .valueSerde()
                .serializer()
                .serialize(
                        Topics.DEAD_LETTERS.name(),
                        DeadLetter.ofRecord(controls, "topic/0/1", AT, controls, original)
                                .withStack(controls));

        // Then
        assertThat(record.length).isLessThan(Topics.MOST_RECORD_BYTES - (1 << 20));
    }
}
