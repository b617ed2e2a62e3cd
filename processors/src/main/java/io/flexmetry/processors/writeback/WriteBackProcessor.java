package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.processors.cases.PromptCommit;
import io.flexmetry.processors.cases.TaskInput;
import io.flexmetry.processors.store.CachedTable;
import io.flexmetry.processors.store.Evictions;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.timer.Expiry;
import io.flexmetry.processors.timer.Timers;
import io.flexmetry.processors.writeback.WriteBackRules.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Stores and forwards what the rules decide. State that was not touched for the retention is deleted. */
final class WriteBackProcessor implements Processor<String, TaskInput, String, TaskOutput> {

    private static final Duration TICK = Duration.ofMillis(250);

    /** Less than other timers have: running numbers can wait. */
    private static final Duration BUDGET = Duration.ofMillis(5);

    /** A wrap-up is followed by the contributions of several features. */
    private static final int MOST_CACHED = 1_000;

    private static final String WRITE = "write";

    private final WriteBackRules rules;
    private ProcessorContext<String, TaskOutput> context;
    private final Duration retention;
    private CachedTable<TaskState> tasks;
    private Table<TaskLedger> ledgers;
    private Timers timers;
    private Expiry expiry;
    private Evictions evictions;

    WriteBackProcessor(WriteBackRules rules, Duration retention) {
        this.rules = rules;
        this.retention = retention;
    }

    @Override
    public void init(ProcessorContext<String, TaskOutput> context) {
        this.context = context;
        this.tasks = new CachedTable<>(WriteBackTopology.TASKS.in(context), MOST_CACHED);
        this.ledgers = WriteBackTopology.LEDGERS.in(context);
        this.timers = new Timers(WriteBackTopology.TIMERS.in(context), BUDGET, System::nanoTime);
        this.evictions = new Evictions(context, WriteBackTopology.TASKS.name());
        this.expiry = new Expiry(timers, retention);
        timers.fireWhenDue(context, TICK, this::fire);
    }

    private void fire(Timers.Timer timer, Instant now) {
        TaskState state = tasks.get(timer.id());
        if (state == null) {
            return;
        }
        if (timer.kind().equals(WRITE)) {
            decide(new Record<>(timer.id(), new TaskInput.Due(), now.toEpochMilli()), state, now);
        } else if (!expiry.keeps(timer.id(), state.touchedAt(), state.isOpen(), now)) {
            forget(timer.id(), now);
        }
    }

    private void forget(String taskSid, Instant now) {
        tasks.delete(taskSid);
        if (ledgers.get(taskSid) != null) {
            ledgers.delete(taskSid);
            context.forward(new Record<>(taskSid, new TaskOutput.Ledger(null), now.toEpochMilli()));
        }
    }

    @Override
    public void process(Record<String, TaskInput> record) {
        if (record.value() instanceof TaskInput.Moved) {
            // the case of the conversation goes on with it, and publishes its rows and ledger
            tasks.delete(record.key());
            ledgers.delete(record.key());
            return;
        }
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        decide(record, tasks.get(record.key(), TaskState.NEW), now);
    }

    private void decide(Record<String, TaskInput> record, TaskState state, Instant now) {
        Decision decision = rules.decide(state, record.value(), now);
        TaskState next = evictions.within(decision.next());

        Instant writeAt = next.writeAt();
        if (writeAt != null && !writeAt.equals(state.writeAt())) {
            timers.set(writeAt, WRITE, record.key());
        }
        for (PendingTaskAction pending : next.actions().values()) {
            PendingTaskAction known = state.actions().get(pending.request().stepId());
            Instant deadline = pending.deadline();
            if (deadline != null && (known == null || !deadline.equals(known.deadline()))) {
                timers.set(deadline, WRITE, record.key());
            }
        }
        if (state.equals(TaskState.NEW) && !next.equals(state)) {
            expiry.begin(record.key(), now);
        }
        if (!next.equals(state)) {
            tasks.put(record.key(), next.touched(now));
        }
        List<TaskOutput.LedgerChange> changes = new ArrayList<>();
        for (TaskOutput output : decision.outputs()) {
            if (output instanceof TaskOutput.LedgerChange change) {
                changes.add(change);
            } else if (output instanceof TaskOutput.Do command) {
                long at = cause(record, command, decision.next());
                context.forward(record.withValue(output).withTimestamp(at));
                if (command.command() instanceof WriteAttributes write && write.dueBy() != null) {
                    PromptCommit.ask(context, at);
                }
            } else {
                context.forward(record.withValue(output));
            }
        }
        if (!changes.isEmpty()) {
            updateLedger(record, changes);
        }
    }

    private void updateLedger(Record<String, TaskInput> record, List<TaskOutput.LedgerChange> changes) {
        TaskLedger before = ledgers.get(record.key(), TaskLedger.of(record.key()));
        TaskLedger ledger = before;
        for (TaskOutput.LedgerChange change : changes) {
            ledger = change.applyTo(ledger);
        }
        if (!ledger.equals(before)) {
            ledgers.put(record.key(), ledger);
            context.forward(record.withValue(new TaskOutput.Ledger(ledger)));
        }
    }

    /** When the cause of a command happened: by this time the sink recognises a replay. */
    private static long cause(Record<String, TaskInput> record, TaskOutput.Do output, TaskState state) {
        Instant closedAt =
                state.reservation(output.command().reservationSid()).window().closedAt();
        return closedAt == null
                ? record.timestamp()
                : Math.min(record.timestamp(), Math.max(0, closedAt.toEpochMilli()));
    }
}
