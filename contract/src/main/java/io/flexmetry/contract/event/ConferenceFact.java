package io.flexmetry.contract.event;

import org.jspecify.annotations.Nullable;

/**
 * Something happened in a conference.
 *
 * @param conferenceSid CF…
 * @param change Twilio's {@code StatusCallbackEvent}, such as {@code participant-join} or {@code conference-end}
 * @param friendlyName the conference's name; Flex uses the TaskSid
 * @param callSid CA… of the participant whom it is about
 * @param participantLabel the participant's label, such as {@code worker} or {@code customer}
 * @param reason why the conference ended or the participant left
 */
public record ConferenceFact(
        String conferenceSid,
        String change,
        @Nullable String friendlyName,
        @Nullable String callSid,
        @Nullable String participantLabel,
        @Nullable String reason)
        implements Fact {}
