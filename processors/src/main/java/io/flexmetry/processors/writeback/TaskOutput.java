package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.metric.ReservationMetrics;

/** What a change of a task's rows leads to. */
sealed interface TaskOutput {

    /** A row is new or has changed. */
    record Row(ReservationMetrics metrics) implements TaskOutput {}

    /** Something is to be done in Twilio. */
    record Do(Command command) implements TaskOutput {}
}
