package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.contract.metric.ReservationMetrics;

/** What a change of a task's rows leads to. */
sealed interface TaskOutput {

    /** A row is new or has changed. */
    record Row(ReservationMetrics metrics) implements TaskOutput {}

    /** Something was decided: the ledger says so. */
    record Enter(TaskLedger.Entry entry) implements TaskOutput {}

    /** Something that was decided is settled: the ledger says how. */
    record Settle(String commandId, TaskLedger.Settlement settlement) implements TaskOutput {}

    /** The ledger has changed. */
    record Ledger(TaskLedger ledger) implements TaskOutput {}

    /** Nobody has touched the task for long: its ledger is not needed any more. */
    record Forgotten() implements TaskOutput {}

    /** A conversation is to hear of something. */
    record Tell(String conversationSid, Event event) implements TaskOutput {}

    /** Something is to be done in Twilio. */
    record Do(Command command) implements TaskOutput {}
}
