package io.flexmetry.contract.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.UnrecognisedFact;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class TopicsTest {

    @Test
    void shouldHaveUniqueTopicNamesWithOurPrefixAndAVersion() {
        assertThat(Topics.ALL)
                .extracting(Topic::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("flexmetry\\.[a-z-]+\\.v[0-9]+"));
    }

    @Test
    void shouldGiveJoinedTopicsTheSameNumberOfPartitions() {
        assertThat(Topics.ALL)
                .filteredOn(topic -> !topic.equals(Topics.DEAD_LETTERS))
                .extracting(Topic::partitions)
                .containsOnly(12);
    }

    @Test
    void shouldIgnoreFieldsOfALaterVersion() {
        byte[] later = ("{\"eventId\":\"EV1\",\"type\":\"x\",\"occurredAt\":\"2026-01-05T09:00:00Z\","
                        + "\"receivedAt\":\"2026-01-05T09:00:00Z\",\"source\":\"taskrouter\",\"later\":1,"
                        + "\"fact\":{\"kind\":\"unrecognised\",\"fields\":{},\"later\":{}}}")
                .getBytes(StandardCharsets.UTF_8);

        Event event = Topics.TASK_EVENTS.valueSerde().deserializer().deserialize("t", later);

        assertThat(event.eventId()).isEqualTo("EV1");
    }

    @Test
    void shouldRefuseAnEventWithoutItsId() {
        byte[] broken = ("{\"type\":\"x\",\"occurredAt\":\"2026-01-05T09:00:00Z\","
                        + "\"receivedAt\":\"2026-01-05T09:00:00Z\",\"source\":\"taskrouter\",\"eventId\":null,"
                        + "\"fact\":{\"kind\":\"unrecognised\",\"fields\":{}}}")
                .getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Topics.TASK_EVENTS.valueSerde().deserializer().deserialize("t", broken))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("Expected a Event on t");
    }

    @Test
    void shouldRefuseToWriteAValueThatIsTooLarge() {
        Event large = new Event(
                "EV1",
                "x",
                Instant.EPOCH,
                Instant.EPOCH,
                Source.TASKROUTER,
                new UnrecognisedFact(Map.of("a", "x".repeat(Topics.MOST_VALUE_BYTES))));

        assertThatThrownBy(() -> Topics.OTHER_EVENTS.valueSerde().serializer().serialize("t", large))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("Expected a Event for t to have 11534336 bytes at most but it has");
    }
}
