package io.flexmetry.ingest.webhook;

import io.flexmetry.contract.event.CallFact;
import io.flexmetry.contract.event.ConferenceFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.topic.Topics;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Status callbacks of calls, conferences and their participants. They have no id, so it is made of subject, state and sequence number.
 *
 * @see <a href="https://www.twilio.com/docs/voice/api/call-resource#statuscallback">Twilio: call status callback</a>
 * @see <a href="https://www.twilio.com/docs/voice/twiml/conference#attributes-statusCallback">Twilio: conference</a>
 */
public final class VoiceWebhook implements Webhook {

    private static final String CALL = "CallStatus";
    private static final String CONFERENCE = "StatusCallbackEvent";

    @Override
    public List<String> kinds() {
        return List.of(CALL, CONFERENCE);
    }

    @Override
    public Incoming read(Parameters parameters, Instant receivedAt) throws UnusableWebhookException {
        String change = parameters.find(CONFERENCE);
        String conferenceSid = parameters.find("ConferenceSid");
        Instant occurredAt = occurredAt(parameters, receivedAt);
        if (change != null && conferenceSid != null && parameters.find(CALL) == null) {
            return conference(change, conferenceSid, parameters, occurredAt, receivedAt);
        }
        String callSid = parameters.require("CallSid");
        String status = parameters.require(CALL);
        Fact fact = new CallFact(
                callSid,
                status,
                parameters.find("ParentCallSid"),
                conferenceSid,
                parameters.findInteger("CallDuration"));
        String id = callSid + "/" + status + suffix(parameters);
        return new Incoming(
                Topics.VOICE_EVENTS,
                callSid,
                new Event(id, "call." + status, occurredAt, receivedAt, Source.VOICE, fact));
    }

    private static Incoming conference(
            String change, String conferenceSid, Parameters parameters, Instant occurredAt, Instant receivedAt)
            throws UnusableWebhookException {
        String callSid = parameters.find("CallSid");
        String reason = parameters.find("ReasonParticipantLeft");
        Fact fact = new ConferenceFact(
                conferenceSid,
                change,
                parameters.find("FriendlyName"),
                callSid,
                parameters.find("ParticipantLabel"),
                reason == null ? parameters.find("ReasonConferenceEnded") : reason);
        String subject = callSid == null ? conferenceSid : conferenceSid + "/" + callSid;
        String id = subject + "/" + change + suffix(parameters);
        return new Incoming(
                Topics.VOICE_EVENTS,
                callSid == null ? conferenceSid : callSid,
                new Event(id, "conference." + change, occurredAt, receivedAt, Source.VOICE, fact));
    }

    /** A participant can be muted twice, but a call is answered once: without a sequence number, the state is unique. */
    private static String suffix(Parameters parameters) throws UnusableWebhookException {
        Integer sequence = parameters.findInteger("SequenceNumber");
        return sequence == null ? "" : "/" + sequence;
    }

    private static Instant occurredAt(Parameters parameters, Instant now) throws UnusableWebhookException {
        String timestamp = parameters.find("Timestamp");
        return timestamp == null ? now : Parameters.plausible("Timestamp", parse(timestamp), now);
    }

    /** RFC 2822, such as {@code Fri, 20 Nov 2026 15:31:49 +0000}. */
    private static Instant parse(@Nullable String timestamp) throws UnusableWebhookException {
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(timestamp, Instant::from);
        } catch (DateTimeException e) {
            throw new UnusableWebhookException("Expected Timestamp to be an RFC 2822 date");
        }
    }
}
