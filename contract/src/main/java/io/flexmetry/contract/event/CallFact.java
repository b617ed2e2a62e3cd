package io.flexmetry.contract.event;

import org.jspecify.annotations.Nullable;

/**
 * The status of a call changed. Phone numbers are not kept.
 *
 * @param callSid CA…
 * @param status Twilio's {@code CallStatus}, such as {@code in-progress} or {@code completed}
 * @param parentCallSid CA… of the parent call
 * @param conferenceSid CF… if the call is a leg of a conference
 * @param durationSeconds duration, once the call has ended
 */
public record CallFact(
        String callSid,
        String status,
        @Nullable String parentCallSid,
        @Nullable String conferenceSid,
        @Nullable Integer durationSeconds)
        implements Fact {}
