package io.flexmetry.contract.command;

import java.time.Instant;

/**
 * Look up how a call sounded.
 *
 * @param commandId call SID and a number that rises
 * @param callSid CA… of the agent's leg
 * @param issuedAt our clock when it was decided
 * @param edge where it was measured, such as {@code sdk_edge}
 */
public record ListCallMetrics(String commandId, String callSid, Instant issuedAt, String edge) implements CallCommand {}
