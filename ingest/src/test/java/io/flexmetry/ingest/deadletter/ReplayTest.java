package io.flexmetry.ingest.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.Forms;
import io.flexmetry.ingest.TestIngest;
import io.flexmetry.ingest.publish.RecordingPublisher;
import io.flexmetry.ingest.spool.RefusedRecord;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplayTest {

    private static final Instant AT = Instant.parse("2026-01-05T08:00:00Z");

    private final RecordingPublisher kafka = new RecordingPublisher();
    private final Replay replay = new Replay(kafka.publisher(), TestIngest.webhooks());

    @Test
    void shouldPublishWebhooksThatCanBeParsedNow() {
        byte[] element = ("{\"type\":\"com.twilio.conversations.conversation.added\",\"id\":\"NO1\","
                        + "\"data\":{\"ConversationSid\":\"CH1\",\"DateCreated\":\"2026-01-05T08:00:00Z\"}}")
                .getBytes(UTF_8);

        assertThat(replay.replay(webhook("/webhooks/taskrouter", Forms.encode(Forms.reservation("accepted")))))
                .isEmpty();
        assertThat(replay.replay(webhook("/webhooks/conversations", Forms.encode(Forms.message("Added")))))
                .isEmpty();
        assertThat(replay.replay(webhook("/webhooks/event-streams", element))).isEmpty();

        assertThat(kafka.sentTo(Topics.TASK_EVENTS))
                .extracting(Event::receivedAt)
                .containsExactly(AT);
        assertThat(kafka.sentTo(Topics.CONVERSATION_EVENTS)).hasSize(2);
    }

    @Test
    void shouldReturnTheReasonAndNotPublishAnotherLetter() {
        Map<String, String> broken = Forms.reservation("accepted");
        broken.put("TaskAttributes", "{broken");

        assertThat(replay.replay(webhook("/webhooks/taskrouter", Forms.encode(broken))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("TaskAttributes"));
        assertThat(replay.replay(record("flexmetry.task-events.v1/0/7", "{no event".getBytes(UTF_8))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("Expected a Event"));
        assertThat(replay.replay(record("others/0/7", "{}".getBytes(UTF_8))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("one of our topics"));
        assertThat(kafka.isEmpty()).isTrue();
    }

    @Test
    void shouldPublishARecordToItsTopicAgain() {
        Event event = new Event("EV1", "x", AT, AT, Source.TASKROUTER, new UnrecognisedFact(Map.of()));
        byte[] value = Topics.TASK_EVENTS.valueSerde().serializer().serialize("t", event);

        assertThat(replay.replay(record("flexmetry.task-events.v1/0/7", value))).isEmpty();

        assertThat(kafka.sentTo(Topics.TASK_EVENTS)).containsExactly(event);
    }

    @Test
    void shouldRefuseALetterWhoseOriginalWasCut() {
        // Given
        DeadLetter cut = webhook("/webhooks/taskrouter", new byte[DeadLetter.MOST_ORIGINAL_BYTES + 1]);

        // When
        Optional<String> reason = replay.replay(cut);

        // Then
        assertThat(reason).hasValueSatisfying(why -> assertThat(why)
                .contains("first " + DeadLetter.MOST_ORIGINAL_BYTES + " of " + (DeadLetter.MOST_ORIGINAL_BYTES + 1)));
        assertThat(kafka.isEmpty()).isTrue();
    }

    @Test
    void shouldPublishARecordThatKafkaRefusedBefore() {
        // Given
        Event event = new Event("EV1", "x", AT, AT, Source.TASKROUTER, new UnrecognisedFact(Map.of()));
        byte[] value = Topics.TASK_EVENTS.valueSerde().serializer().serialize("t", event);
        RefusedRecord record = new RefusedRecord(AT, "refused", Topics.TASK_EVENTS.name(), new byte[] {1}, value);
        kafka.refuseAll();
        assertThat(replay.replay(record)).isPresent();
        kafka.acceptAll();

        // When
        Optional<String> reason = replay.replay(record);

        // Then
        assertThat(reason).isEmpty();
        assertThat(kafka.sentTo(Topics.TASK_EVENTS)).containsExactly(event);
    }

    @Test
    void shouldReturnTheReasonWhenKafkaDoesNotAcceptIt() {
        kafka.refuseAll();

        assertThat(replay.replay(webhook("/webhooks/taskrouter", Forms.encode(Forms.reservation("accepted")))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("Kafka did not accept it"));
    }

    private static DeadLetter webhook(String path, byte[] original) {
        return DeadLetter.ofWebhook("earlier reason", path, AT, original);
    }

    private static DeadLetter record(String source, byte[] original) {
        return DeadLetter.ofRecord("earlier reason", source, AT, "WT1", original);
    }
}
