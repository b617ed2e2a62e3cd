package io.flexmetry.processors.voice;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.outcome.CallOutcome;

/** Input of {@link CallRules}. */
sealed interface CallInput {

    /** An agent's leg. */
    record Assigned(Leg leg) implements CallInput {}

    /** An event that Twilio sent. */
    record Happened(Event event) implements CallInput {}

    /** The outcome of a look-up. */
    record Found(CallOutcome outcome) implements CallInput {}

    /** A timer fired. */
    record Due() implements CallInput {}
}
