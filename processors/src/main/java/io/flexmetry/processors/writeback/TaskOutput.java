package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.contract.metric.ReservationMetrics;

/** What a change of a task's rows leads to. */
sealed interface TaskOutput {

    /** A row is new or has changed. */
    record Row(ReservationMetrics metrics) implements TaskOutput {}

    /** The ledger has changed. */
    record Ledger(TaskLedger ledger) implements TaskOutput {}

    /** Nobody has touched the task for long: its ledger is not needed any more. */
    record Forgotten() implements TaskOutput {}

    /** Something is to be done in Twilio. */
    record Do(Command command) implements TaskOutput {}
}
