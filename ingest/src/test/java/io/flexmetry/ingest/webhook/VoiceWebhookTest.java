package io.flexmetry.ingest.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.event.CallFact;
import io.flexmetry.contract.event.ConferenceFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.topic.Topics;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VoiceWebhookTest {

    private static final Instant NOW = Instant.parse("2026-01-05T08:00:11Z");
    private static final String CALL = "CA10000000000000000000000000000001";
    private static final String CONFERENCE = "CF10000000000000000000000000000001";

    private final VoiceWebhook webhook = new VoiceWebhook();

    @Test
    void shouldReadACallWithoutPhoneNumbers() throws Exception {
        Incoming incoming = read(call("completed", "3"));

        assertThat(incoming.topic()).isEqualTo(Topics.VOICE_EVENTS);
        assertThat(incoming.key()).isEqualTo(CALL);
        Event event = incoming.event();
        assertThat(event.eventId()).isEqualTo(CALL + "/completed/3");
        assertThat(event.type()).isEqualTo("call.completed");
        assertThat(event.occurredAt()).isEqualTo(Instant.parse("2026-01-05T08:00:09Z"));
        assertThat(event.fact()).isEqualTo(new CallFact(CALL, "completed", null, null, 61));
        assertThat(event.toString()).doesNotContain("555");
    }

    @Test
    void shouldUseTheStateAsIdWhenThereIsNoSequenceNumber() throws Exception {
        Map<String, String> form = call("ringing", "");
        form.remove("Timestamp");

        Event event = read(form).event();

        assertThat(event.eventId()).isEqualTo(CALL + "/ringing");
        assertThat(event.occurredAt()).isEqualTo(NOW);
    }

    @Test
    void shouldKeyAConferenceParticipantByItsCall() throws Exception {
        Incoming incoming = read(Map.of(
                "StatusCallbackEvent", "participant-leave",
                "ConferenceSid", CONFERENCE,
                "FriendlyName", "WT10000000000000000000000000000001",
                "CallSid", CALL,
                "ParticipantLabel", "worker",
                "ReasonParticipantLeft", "participant_hung_up",
                "SequenceNumber", "4",
                "Timestamp", "Mon, 05 Jan 2026 08:00:09 +0000"));

        assertThat(incoming.key()).isEqualTo(CALL);
        assertThat(incoming.event().eventId()).isEqualTo(CONFERENCE + "/" + CALL + "/participant-leave/4");
        assertThat(incoming.event().fact())
                .isEqualTo(new ConferenceFact(
                        CONFERENCE,
                        "participant-leave",
                        "WT10000000000000000000000000000001",
                        CALL,
                        "worker",
                        "participant_hung_up"));
    }

    @Test
    void shouldKeyAConferenceEventByTheConference() throws Exception {
        Incoming incoming = read(Map.of("StatusCallbackEvent", "conference-start", "ConferenceSid", CONFERENCE));

        assertThat(incoming.key()).isEqualTo(CONFERENCE);
    }

    @Test
    void shouldNameTheParameterThatIsMissingOrMalformed() {
        Map<String, String> withoutCall = call("ringing", "1");
        withoutCall.remove("CallSid");
        Map<String, String> wrongTime = call("ringing", "1");
        wrongTime.put("Timestamp", "yesterday");

        assertThatThrownBy(() -> read(withoutCall)).hasMessageContaining("CallSid");
        assertThatThrownBy(() -> read(wrongTime)).hasMessageContaining("RFC 2822");
    }

    private Incoming read(Map<String, String> form) throws UnusableWebhookException {
        return webhook.read(new Parameters(form), NOW);
    }

    private static Map<String, String> call(String status, String sequence) {
        return new HashMap<>(Map.of(
                "CallSid", CALL,
                "CallStatus", status,
                "From", "+15550100",
                "To", "+15550101",
                "CallDuration", "61",
                "SequenceNumber", sequence,
                "Timestamp", "Mon, 05 Jan 2026 08:00:09 +0000"));
    }
}
