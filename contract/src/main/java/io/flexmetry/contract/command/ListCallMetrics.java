package io.flexmetry.contract.command;

import java.time.Instant;

/**
 * Looks up the voice quality of a call.
 *
 * @param commandId call SID and a sequence number
 * @param callSid CA… of the agent's leg
 * @param issuedAt time of the decision, our clock
 * @param edge where it is measured, such as {@code sdk_edge}
 */
public record ListCallMetrics(String commandId, String callSid, Instant issuedAt, String edge) implements CallCommand {}
