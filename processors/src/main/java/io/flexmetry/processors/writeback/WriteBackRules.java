package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.CreateLinkedTask;
import io.flexmetry.contract.command.TaskCommand;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.contract.metric.MetricValue;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.metric.ReservationMetrics.State;
import io.flexmetry.contract.metric.ReservationMetrics.WriteBack;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.MetricsConfiguration;
import io.flexmetry.contract.settings.WriteBackConfiguration;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.ReportedValue;
import io.flexmetry.processors.cases.TaskInput;
import io.flexmetry.processors.writeback.ReservationState.Description;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Decides what the rows of a task are, and what is to be written to it and when. */
final class WriteBackRules {

    private static final String WRITE = "write";

    /** How long numbers of an open reservation wait for those that were written before this state began. */
    private static final Duration CATCHING_UP = Duration.ofMinutes(5);

    private final MetricsConfiguration metrics;
    private final @Nullable Duration running;
    private final Keys keys;
    private final @Nullable LateValuePolicy late;
    private final TaskActions actions;

    WriteBackRules(Configuration configuration) {
        this.metrics = configuration.metrics();
        WriteBackConfiguration writeBack = configuration.writeBack();
        this.running = writeBack.running();
        this.keys = Keys.of(configuration);
        this.actions = new TaskActions(writeBack.giveUpAfter().plus(TaskActions.MARGIN));
        this.late = writeBack.lateWorkflow() == null
                ? null
                : new LateValuePolicy(
                        writeBack.lateWorkflow(),
                        keys,
                        configuration.voiceQuality().enabled());
    }

    /**
     * What to do.
     *
     * @param next the state from now on
     * @param outputs rows, commands and what the ledger is to say, in order
     */
    record Decision(TaskState next, List<TaskOutput> outputs) {}

    /** A pure function of state, input and time; an input that says nothing new leads to nothing. */
    Decision decide(TaskState state, TaskInput input, Instant now) {
        TaskState next = learn(state, input, now);
        List<TaskOutput> outputs = new ArrayList<>();
        for (var entry : next.reservations().entrySet()) {
            ReservationMetrics row =
                    changedRow(entry.getKey(), entry.getValue(), next.rows().get(entry.getKey()));
            if (row != null) {
                next = next.withRow(row);
                outputs.add(new TaskOutput.Row(row));
            }
        }
        if (input instanceof TaskInput.Settled settled) {
            outputs.add(settlement(next, settled.outcome()));
        }
        next = write(next, isUrgent(input), now, outputs);
        next = passOver(next, now, outputs);
        next = link(next, input, now, outputs);
        next = actions.goOn(next, isFinal(next), now, outputs);
        return new Decision(next, outputs);
    }

    /**
     * Whether the numbers of this moment are to stand on the task, because it is going to be ended. The command to end it
     * follows, and takes the write before it along.
     */
    private static boolean isUrgent(TaskInput input) {
        return input instanceof TaskInput.Requested requested
                ? requested.request().action().ends()
                : input instanceof TaskInput.Settled settled
                        && ActionId.isWrapping(settled.outcome().commandId());
    }

    /** Whether nothing more will come and the last write is commanded; the sink does a task's commands in order. */
    private boolean isFinal(TaskState state) {
        return !state.isOpen()
                && state.rows().values().stream().allMatch(row -> row.state() == State.FINAL)
                && DesiredAttributes.of(state, keys)
                        .map(desired -> desired.isSaidBy(state.lastCommand()))
                        .orElse(true);
    }

    /** Numbers of a reservation that is over are written at once, of an open one now and then. */
    private TaskState write(TaskState state, boolean atOnce, Instant now, List<TaskOutput> outputs) {
        DesiredAttributes desired = DesiredAttributes.of(state, keys).orElse(null);
        if (desired == null || desired.isSaidBy(state.lastCommand())) {
            return state.withWriteAt(null);
        }
        if (desired.dueBy() != null) {
            Writes.Advice advice = advice(state, desired);
            if (advice != Writes.Advice.WRITE) {
                return (advice == Writes.Advice.STANDS ? find(state, desired, now) : state).withWriteAt(null);
            }
        } else if (stoodBefore(state, desired)) {
            return state.withFound(desired.command(runningId(state, desired), now));
        } else if (!atOnce || catchesUp(state, desired)) {
            if (running == null) {
                return state;
            }
            Instant writeAt = state.writeAt();
            if (writeAt == null || now.isBefore(writeAt)) {
                return state.withWriteAt(writeAt == null ? now.plus(patience(state, desired, running)) : writeAt);
            }
        }
        String reservationSid = desired.row().reservationSid();
        Writes writes = state.writes(reservationSid);
        WriteId id = desired.dueBy() == null
                ? runningId(state, desired)
                : writes.next(reservationSid, WriteId.content(desired));
        WriteAttributes command = desired.command(id, now);
        outputs.add(new TaskOutput.Do(command));
        outputs.add(entry(command, now));
        return update(state, reservationSid, known -> known.commanded(command))
                .withWrites(reservationSid, desired.dueBy() == null ? writes : writes.commanded(id))
                .withCommand(command);
    }

    /** Numbers of the life before are not written over by fewer of this one, unless it takes it long to catch up. */
    private static Duration patience(TaskState state, DesiredAttributes desired, Duration running) {
        return catchesUp(state, desired) && running.compareTo(CATCHING_UP) < 0 ? CATCHING_UP : running;
    }

    /** Whether numbers stand on the task of which a life before knew and this one does not yet. */
    private static boolean catchesUp(TaskState state, DesiredAttributes desired) {
        return state.lastCommand() == null
                && state.writes(desired.row().reservationSid()).runningBefore() != null;
    }

    private static WriteId runningId(TaskState state, DesiredAttributes desired) {
        return new WriteId(
                desired.row().reservationSid(), WriteId.Kind.RUNNING, WriteId.content(desired), state.commands() + 1);
    }

    private static Writes.Advice advice(TaskState state, DesiredAttributes desired) {
        String reservationSid = desired.row().reservationSid();
        Instant closedAt = DesiredAttributes.closedAt(desired.row());
        Writes writes = state.writes(reservationSid);
        boolean others = state.writes().entrySet().stream()
                .anyMatch(entry -> !entry.getKey().equals(reservationSid)
                        && !state.rows().containsKey(entry.getKey())
                        && entry.getValue().wereSettledAfter(closedAt));
        if (others) {
            // of a reservation of which only that is known that the task was its own afterwards
            return Writes.Advice.STANDS;
        }
        boolean stood = desired.isOver()
                && Objects.requireNonNull(state.reservations().get(reservationSid))
                                .said()
                        == null
                && WriteId.content(desired).equals(writes.runningBefore());
        return stood ? Writes.Advice.STANDS : writes.advice(WriteId.content(desired), closedAt);
    }

    /** What was settled last before this state began, of an open reservation. */
    private static boolean stoodBefore(TaskState state, DesiredAttributes desired) {
        return state.lastCommand() == null
                && WriteId.content(desired)
                        .equals(state.writes(desired.row().reservationSid()).runningBefore());
    }

    /** It has caught up: the numbers are those that were written before it began. */
    private static TaskState find(TaskState state, DesiredAttributes desired, Instant now) {
        String reservationSid = desired.row().reservationSid();
        WriteId id = new WriteId(reservationSid, WriteId.Kind.FINAL, WriteId.content(desired), 1);
        return caughtUp(state, reservationSid, desired).withFound(desired.command(id, now));
    }

    private static TaskState caughtUp(TaskState state, String reservationSid, DesiredAttributes desired) {
        return update(state, reservationSid, known -> known.found(desired.set()))
                .withWrites(reservationSid, state.writes(reservationSid).caughtUp());
    }

    /** Numbers of an agent who has gone while another works on the task: the task has only room for the other's. */
    private TaskState passOver(TaskState state, Instant now, List<TaskOutput> outputs) {
        TaskState next = state;
        for (ReservationMetrics row : state.rows().values()) {
            ReservationState reservation = state.reservations().get(row.reservationSid());
            DesiredAttributes numbers = DesiredAttributes.of(row, keys);
            if (reservation == null
                    || numbers.set().equals(reservation.said())
                    || row.state() != State.FINAL
                    || row.endedAt() == null
                    || numbers.set().isEmpty()) {
                continue;
            }
            Writes.Advice advice = advice(next, numbers);
            if (advice != Writes.Advice.WRITE) {
                next = advice == Writes.Advice.STANDS ? caughtUp(next, row.reservationSid(), numbers) : next;
                continue;
            }
            if (next.writes(row.reservationSid()).isOfTheLifeBefore()
                    || (reservation.said() == null
                            && next.writes(row.reservationSid()).runningBefore() != null)) {
                // what of them was late was linked then; a moment's other numbers make no task
                next = caughtUp(next, row.reservationSid(), numbers);
                continue;
            }
            String id = row.reservationSid() + "/passed-over";
            Outcome late = new Outcome(id, row.taskSid(), row.reservationSid(), now, 0, new Result.Late("", List.of()));
            next = update(next, row.reservationSid(), known -> known.passedOver(numbers.set())
                    .learn(late));
            outputs.add(new TaskOutput.Enter(new TaskLedger.Entry(
                    id, row.reservationSid(), WRITE, now, numbers.dueBy(), numbers.set(), numbers.clear(), null)));
            outputs.add(settlement(next, late));
        }
        return next;
    }

    private TaskState link(TaskState state, TaskInput input, Instant now, List<TaskOutput> outputs) {
        if (late == null) {
            return state;
        }
        TaskState next = state;
        for (ReservationMetrics row : state.rows().values()) {
            Optional<CreateLinkedTask> link = late.link(next, row, now);
            if (link.isPresent()) {
                outputs.add(new TaskOutput.Do(link.get()));
                outputs.add(entry(link.get(), "link", link.get().set(), now));
                next = next.withLinked(row.reservationSid(), "");
            }
        }
        if (input instanceof TaskInput.Settled settled) {
            Optional<ChangeTask> end = LateValuePolicy.end(next, settled.outcome(), now);
            if (end.isPresent()) {
                outputs.add(new TaskOutput.Do(end.get()));
                outputs.add(entry(end.get(), "end-linked", Map.of(), now));
                next = next.withLinked(end.get().reservationSid(), end.get().changedTaskSid());
            }
        }
        return next;
    }

    private static TaskOutput entry(WriteAttributes command, Instant now) {
        return new TaskOutput.Enter(new TaskLedger.Entry(
                command.commandId(),
                command.reservationSid(),
                WRITE,
                now,
                command.dueBy(),
                command.set(),
                command.clear(),
                null));
    }

    private static TaskOutput entry(TaskCommand command, String action, Map<String, BigDecimal> set, Instant now) {
        return new TaskOutput.Enter(new TaskLedger.Entry(
                command.commandId(), command.reservationSid(), action, now, null, set, List.of(), null));
    }

    private static TaskState learn(TaskState state, TaskInput input, Instant now) {
        if (input instanceof TaskInput.Happened happened) {
            return happened.event().fact() instanceof ReservationFact fact
                            && !state.isForgotten(
                                    fact.reservationSid(), happened.event().occurredAt())
                    ? update(state, fact.reservationSid(), known -> known.learn(happened.event(), fact))
                    : state;
        }
        if (input instanceof TaskInput.Measured measured) {
            Contribution contribution = measured.contribution();
            return update(state, contribution.reservationSid(), known -> known.learn(contribution));
        }
        if (input instanceof TaskInput.Requested requested) {
            return TaskActions.learn(state, requested.request(), now);
        }
        if (input instanceof TaskInput.Settled settled) {
            Outcome outcome = settled.outcome();
            if (ActionId.parse(outcome.commandId()) != null) {
                return TaskActions.learn(state, outcome, now);
            }
            return update(
                    learnOfTheLifeBefore(state, outcome), outcome.reservationSid(), known -> known.learn(outcome));
        }
        return state;
    }

    /** An outcome of what this state has not commanded: its events are read again after it was dropped. */
    private static TaskState learnOfTheLifeBefore(TaskState state, Outcome outcome) {
        String reservationSid = outcome.reservationSid();
        if (outcome.result() instanceof Result.Linked) {
            return state.linked().containsKey(reservationSid)
                    ? state
                    : state.withLinked(reservationSid, "")
                            .withWrites(
                                    reservationSid, state.writes(reservationSid).linked(outcome.at()));
        }
        WriteId id = WriteId.parse(outcome.commandId());
        ReservationState reservation = state.reservations().get(reservationSid);
        if (id == null
                || (reservation != null && reservation.underWay().containsKey(outcome.commandId()))
                || (id.kind() == WriteId.Kind.COUNTED && reservation != null && reservation.said() != null)
                || isOlderThanOurs(state, id)) {
            return state;
        }
        boolean overwritten = id.kind() == WriteId.Kind.RUNNING && !hasWritten(state);
        TaskState known = overwritten ? state.withoutCommand() : state;
        TaskState counted = id.kind() == WriteId.Kind.FINAL ? known : known.withCommands(id.time());
        return counted.withWrites(reservationSid, state.writes(reservationSid).settled(id, outcome.at()));
    }

    /** Whether this life has commanded the last write; what it found is written over by whatever is told to have been written since. */
    private static boolean hasWritten(TaskState state) {
        WriteId last = state.lastCommand() == null
                ? null
                : WriteId.parse(state.lastCommand().commandId());
        return last != null && !(last.kind() == WriteId.Kind.RUNNING && last.time() > state.commands());
    }

    /** What was told a second time, or was too many to be kept in mind while it was under way: this life has written since. */
    private static boolean isOlderThanOurs(TaskState state, WriteId id) {
        return id.kind() == WriteId.Kind.RUNNING && state.lastCommand() != null && id.time() <= state.commands();
    }

    private static TaskOutput settlement(TaskState state, Outcome outcome) {
        ReservationState reservation = state.reservations().get(outcome.reservationSid());
        Instant closedAt = reservation == null ? null : reservation.closedAt();
        BigDecimal afterWrapUp =
                closedAt == null ? null : MetricValue.seconds(Duration.between(closedAt, outcome.at()));
        Settled told = Settled.of(outcome.result());
        return new TaskOutput.Settle(
                outcome.commandId(),
                new TaskLedger.Settlement(
                        outcome.result().label(),
                        outcome.at(),
                        outcome.attempts(),
                        afterWrapUp,
                        told.revision(),
                        told.dropped(),
                        told.detail()));
    }

    private static TaskState update(TaskState state, String reservationSid, UnaryOperator<ReservationState> change) {
        ReservationState known = state.reservations().getOrDefault(reservationSid, ReservationState.NEW);
        return state.withReservation(reservationSid, change.apply(known));
    }

    private @Nullable ReservationMetrics changedRow(
            String reservationSid, ReservationState reservation, @Nullable ReservationMetrics last) {
        Description described = reservation.described();
        if (described == null || reservation.acceptedAt() == null) {
            return null;
        }
        ReservationMetrics row = new ReservationMetrics(
                reservationSid,
                described.taskSid(),
                last == null ? 1 : last.revision(),
                isFinal(reservation, described) ? State.FINAL : State.RUNNING,
                described.workerSid(),
                ReportedValue.valueOf(described.workerName()),
                described.channel(),
                ReportedValue.valueOf(described.queueName()),
                described.conversationSid(),
                reservation.acceptedAt(),
                reservation.wrapUpAt(),
                reservation.endedAt(),
                reservation.values(),
                messages(reservation),
                writeBack(reservation.outcome()),
                reservation.closedBy(),
                voice(reservation));
        if (row.equals(last)) {
            return null;
        }
        return last == null ? row : row.withRevision(last.revision() + 1);
    }

    /** Over, and with all the numbers that there will be for what is known now. */
    private boolean isFinal(ReservationState reservation, Description described) {
        boolean messaging = described.conversationSid() != null
                && described.channel() != null
                && metrics.chatChannels().contains(described.channel());
        return reservation.closedAt() != null
                && reservation.isComplete(Contribution.Feature.FOCUS)
                && (!messaging || reservation.isComplete(Contribution.Feature.CONVERSATION));
    }

    private static ReservationMetrics.@Nullable Messages messages(ReservationState reservation) {
        Contribution contribution = reservation.contributions().get(Contribution.Feature.CONVERSATION);
        return contribution == null ? null : contribution.messages();
    }

    private static ReservationMetrics.@Nullable Voice voice(ReservationState reservation) {
        Contribution contribution = reservation.contributions().get(Contribution.Feature.VOICE);
        return contribution == null ? null : contribution.voice();
    }

    private static @Nullable WriteBack writeBack(@Nullable Outcome outcome) {
        if (outcome == null) {
            return null;
        }
        Settled told = Settled.of(outcome.result());
        return new WriteBack(
                outcome.result().label(), outcome.at(), told.revision() == null ? told.detail() : told.revision());
    }
}
