package io.flexmetry.contract.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.topic.Topics;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LimitsTest {

    private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");

    @Test
    void shouldFitTheLargestMessageIntoAnEvent() {
        // Given
        String sid = "x".repeat(Limits.MOST_SID);
        String text = "\u0001".repeat(Limits.MOST_TEXT);
        Fact fact = new MessageFact(
                MessageFact.Change.UPDATED,
                sid,
                sid,
                Long.MAX_VALUE,
                NOW,
                text,
                sid,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                "\u0001".repeat(Limits.MOST_BODY),
                sid);
        Event event = new Event(
                "\u0001".repeat(Limits.MOST_EVENT_ID),
                "\u0001".repeat(Limits.MOST_TYPE),
                NOW,
                NOW,
                Source.CONVERSATIONS,
                fact);

        // When
        byte[] record = Topics.CONVERSATION_EVENTS.valueSerde().serializer().serialize("t", event);

        // Then
        assertThat(record.length).isBetween(6 * Limits.MOST_BODY, Topics.MOST_EVENT_BYTES);
    }

    @Test
    void shouldAcceptTimesFrom2010UntilTomorrow() {
        assertThat(Limits.isPlausible(Limits.EARLIEST, NOW)).isTrue();
        assertThat(Limits.isPlausible(Limits.EARLIEST.minusMillis(1), NOW)).isFalse();
        assertThat(Limits.isPlausible(NOW.plus(Limits.MOST_AHEAD), NOW)).isTrue();
        assertThat(Limits.isPlausible(NOW.plus(Limits.MOST_AHEAD).plusMillis(1), NOW))
                .isFalse();
    }

    @Test
    void shouldRecogniseSids() {
        assertThat(Limits.isSid("WT10000000000000000000000000000001")).isTrue();
        assertThat(Limits.isSid("x".repeat(Limits.MOST_SID))).isTrue();
        assertThat(Limits.isSid("x".repeat(Limits.MOST_SID + 1))).isFalse();
        assertThat(Limits.isSid("")).isFalse();
        assertThat(Limits.isSid("WT\"1")).isFalse();
        assertThat(Limits.isSid("WT\n1")).isFalse();
        assertThat(Limits.isSid("WTé")).isFalse();
    }
}
