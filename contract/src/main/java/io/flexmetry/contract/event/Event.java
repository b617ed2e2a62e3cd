package io.flexmetry.contract.event;

import io.flexmetry.contract.topic.AtMost;
import java.time.Instant;

/**
 * Something that happened, in the envelope that all sources share.
 *
 * @param eventId identity of the fact: two events with the same id are one event, whichever way they came. TaskRouter:
 *     Twilio's EV sid (without one: type, subject and time). Messages: message SID, kind and revision.
 * @param type Twilio's own name of the event, such as {@code reservation.accepted} or {@code onMessageAdded}
 * @param occurredAt Twilio's clock; metrics use it
 * @param receivedAt our clock at ingest; only for watching the lag
 * @param source the webhook that brought it
 * @param fact what happened
 */
public record Event(
        @AtMost(Limits.MOST_EVENT_ID) String eventId,
        @AtMost(Limits.MOST_TYPE) String type,
        Instant occurredAt,
        Instant receivedAt,
        Source source,
        Fact fact) {

    /** Of a message that the sink found when it did that command. */
    public static Event found(MessageFact message, String commandId, Instant at) {
        String id = message.messageSid() + "/looked-up/" + commandId;
        return new Event(id, "message.looked-up", message.createdAt(), at, Source.PROCESSORS, message);
    }

    /** Of a step that was settled. */
    public static Event settled(StepFact step, Instant at) {
        String id = step.stepId() + "/" + step.subject() + "/settled";
        return new Event(id, "step.settled", at, at, Source.PROCESSORS, step);
    }
}
