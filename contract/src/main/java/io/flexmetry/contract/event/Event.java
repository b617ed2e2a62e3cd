package io.flexmetry.contract.event;

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
public record Event(String eventId, String type, Instant occurredAt, Instant receivedAt, Source source, Fact fact) {}
