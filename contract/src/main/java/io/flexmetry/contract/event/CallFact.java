package io.flexmetry.contract.event;

import org.jspecify.annotations.Nullable;

/**
 * A call went to another state; the numbers of both ends are not kept.
 *
 * @param callSid CA…
 * @param status Twilio's {@code CallStatus}, such as {@code in-progress} or {@code completed}
 * @param parentCallSid CA… of the call that this one belongs to
 * @param conferenceSid CF… if it is a leg of a conference
 * @param durationSeconds of a call that has ended
 */
public record CallFact(
        String callSid,
        String status,
        @Nullable String parentCallSid,
        @Nullable String conferenceSid,
        @Nullable Integer durationSeconds)
        implements Fact {}
