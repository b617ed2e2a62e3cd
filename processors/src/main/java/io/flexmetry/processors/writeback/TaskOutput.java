package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.TaskCommand;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.contract.metric.ReservationMetrics;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a decision about a task leads to. */
sealed interface TaskOutput {

    /** A row is new or has changed. */
    record Row(ReservationMetrics metrics) implements TaskOutput {}

    /** A change of the task's ledger. */
    sealed interface LedgerChange extends TaskOutput {

        TaskLedger applyTo(TaskLedger ledger);
    }

    /** The ledger gets an entry for a decision. */
    record Enter(TaskLedger.Entry entry) implements LedgerChange {

        /** For a command without numbers. */
        static Enter of(TaskCommand command, String action, Instant now) {
            return of(command, action, null, Map.of(), List.of(), now);
        }

        static Enter of(
                TaskCommand command,
                String action,
                @Nullable Instant dueBy,
                Map<String, BigDecimal> set,
                List<String> clear,
                Instant now) {
            return new Enter(new TaskLedger.Entry(
                    command.commandId(), command.reservationSid(), action, now, dueBy, set, clear, null));
        }

        @Override
        public TaskLedger applyTo(TaskLedger ledger) {
            return ledger.with(entry);
        }
    }

    /** The ledger's entry for a command gets its outcome. */
    record Settle(String commandId, TaskLedger.Settlement settlement) implements LedgerChange {

        @Override
        public TaskLedger applyTo(TaskLedger ledger) {
            return ledger.settled(commandId, settlement);
        }
    }

    /** The ledger has changed. */
    record Ledger(TaskLedger ledger) implements TaskOutput {}

    /** The task was not touched for the retention: its ledger is deleted. */
    record Forgotten() implements TaskOutput {}

    /** An event for a conversation. */
    record Notify(String conversationSid, Event event) implements TaskOutput {}

    /** A command for the sink. */
    record Do(Command command) implements TaskOutput {}
}
