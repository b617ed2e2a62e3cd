package io.flexmetry.contract.event;

import io.flexmetry.contract.voice.CallSample;

/**
 * Voice quality of ten seconds of a call, from Event Streams' {@code call-metrics}; arrives about 90 s later.
 *
 * @param callSid CA…
 * @param edge where it was measured; {@code sdk_edge} is the agent's browser
 * @param sample the measured values
 */
public record CallSampleFact(String callSid, String edge, CallSample sample) implements Fact {}
