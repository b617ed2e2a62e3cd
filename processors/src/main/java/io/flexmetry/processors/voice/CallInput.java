package io.flexmetry.processors.voice;

import io.flexmetry.contract.event.CallSampleFact;
import io.flexmetry.contract.event.CallSummaryFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.outcome.CallOutcome;
import io.flexmetry.contract.voice.CallSample;
import java.util.List;

/** Input of {@link CallRules}. */
sealed interface CallInput {

    /** An agent's leg. */
    record Assigned(Leg leg) implements CallInput {}

    /** A sample that Twilio sent. */
    record Sampled(CallSample sample) implements CallInput {}

    /** A summary that Twilio sent. */
    record Summarised(CallSummaryFact summary) implements CallInput {}

    /** The outcome of a look-up. */
    record Found(CallOutcome outcome) implements CallInput {}

    /** A timer fired. */
    record Due() implements CallInput {}

    /**
     * The input of an event; none for most: samples of other edges do not count.
     *
     * @param edge where calls are measured
     */
    static List<CallInput> of(Event event, String edge) {
        if (event.fact() instanceof CallSampleFact fact && fact.edge().equals(edge)) {
            return List.of(new Sampled(fact.sample()));
        }
        return event.fact() instanceof CallSummaryFact fact ? List.of(new Summarised(fact)) : List.of();
    }
}
