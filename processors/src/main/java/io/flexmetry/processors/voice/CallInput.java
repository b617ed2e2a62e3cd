package io.flexmetry.processors.voice;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.outcome.CallOutcome;

/** What can change what is known of a call. */
sealed interface CallInput {

    /** It is an agent's. */
    record Assigned(Leg leg) implements CallInput {}

    /** Twilio tells of it by itself. */
    record Happened(Event event) implements CallInput {}

    /** Twilio was asked. */
    record Found(CallOutcome outcome) implements CallInput {}

    /** It is time to do something. */
    record Due() implements CallInput {}
}
