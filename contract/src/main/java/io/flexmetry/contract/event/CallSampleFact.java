package io.flexmetry.contract.event;

import io.flexmetry.contract.voice.CallSample;

/**
 * How a call sounded in ten seconds of it: Event Streams' {@code call-metrics}, about 90 s later.
 *
 * @param callSid CA…
 * @param edge where it was measured: {@code sdk_edge} is the agent's browser
 * @param sample what was measured
 */
public record CallSampleFact(String callSid, String edge, CallSample sample) implements Fact {}
