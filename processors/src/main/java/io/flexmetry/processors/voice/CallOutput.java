package io.flexmetry.processors.voice;

import io.flexmetry.contract.command.CallCommand;
import io.flexmetry.contract.voice.LowQuality;
import io.flexmetry.processors.cases.Contribution;

/** What {@link CallProcessor} forwards. */
sealed interface CallOutput {

    /** A look-up for the sink. */
    record Do(CallCommand command) implements CallOutput {}

    /** Numbers of a reservation. */
    record Contribute(Contribution contribution) implements CallOutput {}

    /** An alert: the call sounds bad. */
    record Warn(LowQuality alert) implements CallOutput {}
}
