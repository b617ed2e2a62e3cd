package io.flexmetry.processors.voice;

import io.flexmetry.contract.command.CallCommand;
import io.flexmetry.contract.voice.LowQuality;
import io.flexmetry.processors.cases.Contribution;

/** What a call leads to. */
sealed interface CallOutput {

    /** Something is to be looked up. */
    record Do(CallCommand command) implements CallOutput {}

    /** Numbers of a reservation. */
    record Tell(Contribution contribution) implements CallOutput {}

    /** It sounds bad. */
    record Warn(LowQuality alert) implements CallOutput {}
}
