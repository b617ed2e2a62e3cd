package io.flexmetry.contract.event;

import io.flexmetry.contract.voice.CallDescription;
import io.flexmetry.contract.voice.CallMeans;

/**
 * What a call was like: Event Streams' {@code call-summary} and {@code conference-participant-summary}.
 *
 * @param callSid CA…
 * @param call what it was like
 * @param means how it sounded; without a score where the summary has none
 */
public record CallSummaryFact(String callSid, CallDescription call, CallMeans means) implements Fact {}
