package io.flexmetry.contract.event;

import io.flexmetry.contract.voice.CallDescription;
import io.flexmetry.contract.voice.CallMeans;

/**
 * Summary of a call, from Event Streams' {@code call-summary} and {@code conference-participant-summary}.
 *
 * @param callSid CA…
 * @param call type, duration and region of the call
 * @param means mean voice quality; without a score if the summary has none
 */
public record CallSummaryFact(String callSid, CallDescription call, CallMeans means) implements Fact {}
