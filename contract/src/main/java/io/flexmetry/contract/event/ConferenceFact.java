package io.flexmetry.contract.event;

import org.jspecify.annotations.Nullable;

/**
 * An event of a conference.
 *
 * @param conferenceSid CF…
 * @param change Twilio's {@code StatusCallbackEvent}, such as {@code participant-join} or {@code conference-end}
 * @param friendlyName name of the conference; Flex uses the TaskSid
 * @param callSid CA… of the participant
 * @param participantLabel label of the participant, such as {@code worker} or {@code customer}
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
