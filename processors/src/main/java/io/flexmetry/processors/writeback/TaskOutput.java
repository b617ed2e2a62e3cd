package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.CreateLinkedTask;
import io.flexmetry.contract.command.TaskCommand;
import io.flexmetry.contract.command.WriteAttributes;
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

        private static Enter of(TaskCommand command, String action) {
            Instant dueBy = command instanceof WriteAttributes write ? write.dueBy() : null;
            List<String> clear = command instanceof WriteAttributes write ? write.clear() : List.of();
            return new Enter(new TaskLedger.Entry(
                    command.commandId(),
                    command.reservationSid(),
                    action,
                    command.issuedAt(),
                    dueBy,
                    numbers(command),
                    clear,
                    null));
        }

        private static Map<String, BigDecimal> numbers(TaskCommand command) {
            if (command instanceof WriteAttributes write) {
                return write.set();
            }
            return command instanceof CreateLinkedTask link ? link.set() : Map.of();
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

    /**
     * The ledger has changed.
     *
     * @param ledger absent when it is deleted, because the task was not touched for the retention
     */
    record Ledger(@Nullable TaskLedger ledger) implements TaskOutput {}

    /** An event for a conversation. */
    record Notify(String conversationSid, Event event) implements TaskOutput {}

    /** A command for the sink. */
    record Do(TaskCommand command) implements TaskOutput {}

    /** A command, and its entry in the ledger. */
    static List<TaskOutput> command(TaskCommand command, String action) {
        return List.of(new Do(command), Enter.of(command, action));
    }
}
