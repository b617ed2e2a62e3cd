package io.flexmetry.contract.event;

import io.flexmetry.contract.topic.AtMost;
import java.time.Instant;

/**
 * The envelope of a {@link Fact}, the same for all sources.
 *
 * @param eventId identity of the fact: two events with the same id are duplicates, even from different sources. TaskRouter: Twilio's
 *     EV sid (without one: type, subject and time). Messages: message SID, kind and revision.
 * @param type Twilio's name of the event, such as {@code reservation.accepted} or {@code onMessageAdded}
 * @param occurredAt Twilio's clock; metrics use it
 * @param receivedAt our clock at ingest; only used to measure the lag
 * @param source the webhook that delivered it
 * @param fact the content
 */
public record Event(
        @AtMost(Limits.MOST_EVENT_ID) String eventId,
        @AtMost(Limits.MOST_TYPE) String type,
        Instant occurredAt,
        Instant receivedAt,
        Source source,
        Fact fact) {

    /** A message that the sink found while it executed that command. */
    public static Event found(MessageFact message, String commandId, Instant at) {
        String id = message.messageSid() + "/looked-up/" + commandId;
        return new Event(id, "message.looked-up", message.createdAt(), at, Source.PROCESSORS, message);
    }

    /** An inactivity step that was settled. */
    public static Event settled(StepFact step, Instant at) {
        String id = step.stepId() + "/" + step.subject() + "/settled";
        return new Event(id, "step.settled", at, at, Source.PROCESSORS, step);
    }
}
