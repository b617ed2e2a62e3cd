package io.flexmetry.contract.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.topic.Topics;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParticipantFactTest {

    private static final String EVENT = """
            {"eventId":"E","type":"onParticipantAdded","occurredAt":"2026-01-05T09:00:00Z",
              "receivedAt":"2026-01-05T09:00:00Z","source":"conversations","fact":{"kind":"participant",
                "change":"added","conversationSid":"CH1","participantSid":"MB1"%s}}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "older, with a type     | ,\"declaredType\":\"agent\"                          | true",
                "older, without         | ''                                                   | false",
                "with attributes, untyped | ,\"attributesTold\":true                             | true",
                "without attributes     | ,\"attributesTold\":false                            | false"
            })
    void shouldReadWhetherTheEventContainedAttributes(String record, String fields, boolean contained) {
        byte[] json = EVENT.formatted(fields).getBytes(UTF_8);

        Event event = Topics.CONVERSATION_EVENTS.valueSerde().deserializer().deserialize("t", json);

        assertThat(event.fact()).as(record).isInstanceOfSatisfying(ParticipantFact.class, fact -> assertThat(
                        fact.attributesTold())
                .isEqualTo(contained));
    }
}
