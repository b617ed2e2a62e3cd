package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.CreateLinkedTask;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.contract.metric.MetricValue;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.metric.ReservationMetrics.State;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.WriteBackConfiguration;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.TaskInput;
import io.flexmetry.processors.writeback.Writes.Verdict;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides which rows of a task are published, and what is written to the task and when. */
final class WriteBackRules {

    private static final String WRITE = "write";

    private final Set<String> chatChannels;
    private final @Nullable Duration running;
    private final Keys keys;
    private final @Nullable LateValuePolicy late;
    private final TaskActions actions;

    WriteBackRules(Configuration configuration) {
        this.chatChannels = configuration.metrics().chatChannels();
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
     * @param outputs commands, changes of the ledger and rows, in order
     */
    record Decision(TaskState next, List<TaskOutput> outputs) {}

    /** A pure function of state, input and time. An input without news leads to nothing. */
    Decision decide(TaskState state, TaskInput input, Instant now) {
        TaskState next = learn(state, input, now);
        if (next.equals(state) && !(input instanceof TaskInput.Due || input instanceof TaskInput.Settled)) {
            return new Decision(state, List.of());
        }
        List<TaskOutput> outputs = new ArrayList<>();
        List<ReservationMetrics> rows = rows(next);
        DesiredAttributes desired = DesiredAttributes.of(rows, keys);
        if (input instanceof TaskInput.Settled settled) {
            outputs.add(settlement(next, settled.outcome()));
        }
        next = write(next, desired, isUrgent(input), now, outputs);
        next = supersede(next, rows, now, outputs);
        next = link(next, rows, input, now, outputs);
        // the sink executes the commands of a task in order
        boolean isFinal = !next.isOpen()
                && rows.stream().allMatch(row -> row.state() == State.FINAL)
                && (desired == null || desired.isIn(next.commanded()));
        next = actions.goOn(next, isFinal, now, outputs);
        return new Decision(publish(state, next, input, outputs), outputs);
    }

    private List<ReservationMetrics> rows(TaskState state) {
        List<ReservationMetrics> rows = new ArrayList<>();
        state.reservations().forEach((sid, reservation) -> {
            ReservationMetrics row = reservation.facts().row(sid, reservation.revision(), chatChannels);
            if (row != null) {
                rows.add(row);
            }
        });
        return rows;
    }

    /** Publishes the rows that have changed. The row of the state before is not stored: it is computed, too. */
    private TaskState publish(TaskState before, TaskState after, TaskInput input, List<TaskOutput> outputs) {
        TaskState next = after;
        for (Map.Entry<String, ReservationState> entry : after.reservations().entrySet()) {
            String sid = entry.getKey();
            ReservationState reservation = entry.getValue();
            RowFacts known = before.reservation(sid).facts();
            if (reservation.facts().equals(known) || isReplacedSoon(known, reservation.facts(), input)) {
                continue;
            }
            ReservationMetrics row = reservation.facts().row(sid, reservation.revision(), chatChannels);
            if (row != null && !row.equals(known.row(sid, reservation.revision(), chatChannels))) {
                next = next.update(sid, ReservationState::published);
                outputs.add(new TaskOutput.Row(row.withRevision(reservation.revision() + 1)));
            }
        }
        return next;
    }

    /**
     * Whether the next row of an open reservation replaces this one soon. Final numbers come before the event that closes the
     * reservation, and the row of that event contains both. Each write of running numbers has an outcome: if it has the same
     * result as the one before, the row of the next numbers, or of the closing, contains it.
     */
    private static boolean isReplacedSoon(RowFacts before, RowFacts after, TaskInput input) {
        return after.window().isOpen()
                && (input instanceof TaskInput.Measured measured
                        ? measured.contribution().until() != null
                        : after.repeatsResult(before));
    }

    /**
     * Whether an action is about to end the task, so that the numbers of this moment are to be on it. The command to end it
     * follows the write.
     */
    private static boolean isUrgent(TaskInput input) {
        return input instanceof TaskInput.Requested requested
                ? requested.request().action().ends()
                : input instanceof TaskInput.Settled settled
                        && ActionPart.WRAPPING.is(settled.outcome().commandId());
    }

    /** Final numbers are written at once, those of an open reservation every {@code running}. */
    private TaskState write(
            TaskState state,
            @Nullable DesiredAttributes desired,
            boolean atOnce,
            Instant now,
            List<TaskOutput> outputs) {
        if (desired == null || desired.isIn(state.commanded())) {
            return state.withWriteAt(null);
        }
        String reservationSid = desired.row().reservationSid();
        WriteId id;
        if (desired.kind() == WriteId.Kind.FINAL) {
            Verdict verdict = verdict(state, desired);
            if (verdict == Verdict.ALREADY_WRITTEN) {
                return Replay.reconcile(state, desired).withCommanded(desired.commanded(true));
            }
            if (verdict == Verdict.HOLD_BACK) {
                return state.withWriteAt(null);
            }
            id = state.reservation(reservationSid).writes().nextId(reservationSid, desired.content());
        } else {
            if (Replay.isOnTask(state, desired)) {
                return state.withCommanded(desired.commanded(true));
            }
            if (!atOnce || Replay.isCatchingUp(state, desired)) {
                if (running == null) {
                    return state;
                }
                Instant writeAt = state.writeAt();
                if (writeAt == null) {
                    return state.withWriteAt(now.plus(Replay.patience(state, desired, running)));
                }
                if (now.isBefore(writeAt)) {
                    return state;
                }
            }
            id = new WriteId(reservationSid, WriteId.Kind.RUNNING, desired.content(), state.commands() + 1);
        }
        WriteAttributes command = desired.command(id, now);
        outputs.addAll(TaskOutput.command(command, WRITE));
        return state.update(
                        reservationSid, known -> known.withWrites(known.writes().commanded(command, id)))
                .withCommands(state.commands() + 1)
                .withCommanded(desired.commanded(false));
    }

    /** Final numbers of an agent who left while another one works on the task, which only has room for the other's numbers. */
    private TaskState supersede(TaskState state, List<ReservationMetrics> rows, Instant now, List<TaskOutput> outputs) {
        TaskState next = state;
        for (ReservationMetrics row : rows) {
            if (row.state() != State.FINAL || row.endedAt() == null) {
                continue;
            }
            DesiredAttributes numbers = DesiredAttributes.of(row, keys);
            Writes writes = next.reservation(row.reservationSid()).writes();
            if (numbers.set().isEmpty() || WriteId.content(numbers.set()).equals(writes.finalNumbers())) {
                continue;
            }
            Verdict verdict = verdict(next, numbers);
            if (verdict == Verdict.HOLD_BACK) {
                continue;
            }
            if (verdict == Verdict.ALREADY_WRITTEN || writes.isReplaying()) {
                // the previous incarnation linked what was late: numbers of a moment in between get no linked task
                next = Replay.reconcile(next, numbers);
                continue;
            }
            String id = row.reservationSid() + "/passed-over";
            Outcome late = new Outcome(id, row.taskSid(), row.reservationSid(), now, 0, new Result.Late("", List.of()));
            next = next.update(row.reservationSid(), known -> known.withWrites(writes.superseded(numbers.set()))
                    .learn(late));
            outputs.add(new TaskOutput.Enter(new TaskLedger.Entry(
                    id, row.reservationSid(), WRITE, now, numbers.dueBy(), numbers.set(), numbers.clear(), null)));
            outputs.add(settlement(next, late));
        }
        return next;
    }

    /**
     * What to do with final numbers. Before the task's conversation was known, the task's own case wrote: it had no numbers of the
     * conversation, so this case never computes the same ones.
     */
    private Verdict verdict(TaskState state, DesiredAttributes desired) {
        Verdict verdict = Replay.verdict(state, desired);
        return verdict == Verdict.HOLD_BACK
                        && ownCaseWrote(state.reservation(desired.row().reservationSid()), desired)
                ? Verdict.WRITE
                : verdict;
    }

    private boolean ownCaseWrote(ReservationState reservation, DesiredAttributes desired) {
        ReservationMetrics own = reservation
                .facts()
                .withoutConversation()
                .row(desired.row().reservationSid(), reservation.revision(), chatChannels);
        return own != null
                && reservation
                        .writes()
                        .wereFinal(DesiredAttributes.of(own, keys).content());
    }

    private TaskState link(
            TaskState state, List<ReservationMetrics> rows, TaskInput input, Instant now, List<TaskOutput> outputs) {
        if (late == null) {
            return state;
        }
        TaskState next = state;
        for (ReservationMetrics row : rows) {
            Optional<CreateLinkedTask> link = late.link(next.reservation(row.reservationSid()), row, now);
            if (link.isPresent()) {
                outputs.addAll(TaskOutput.command(link.get(), "link"));
                next = next.update(row.reservationSid(), known -> known.withLinked(""));
            }
        }
        if (input instanceof TaskInput.Settled settled) {
            Optional<ChangeTask> end = LateValuePolicy.end(next, settled.outcome(), now);
            if (end.isPresent()) {
                outputs.addAll(TaskOutput.command(end.get(), "end-linked"));
                next = next.update(
                        end.get().reservationSid(),
                        known -> known.withLinked(end.get().changedTaskSid()));
            }
        }
        return next;
    }

    private static TaskState learn(TaskState state, TaskInput input, Instant now) {
        if (input instanceof TaskInput.Happened happened) {
            Event event = happened.event();
            return event.fact() instanceof ReservationFact fact
                            && !state.isForgotten(fact.reservationSid(), event.occurredAt())
                    ? state.update(
                            fact.reservationSid(),
                            known -> known.withFacts(known.facts().learn(event, fact)))
                    : state;
        }
        if (input instanceof TaskInput.Measured measured) {
            Contribution contribution = measured.contribution();
            return state.update(
                    contribution.reservationSid(),
                    known -> known.withFacts(known.facts().learn(contribution)));
        }
        if (input instanceof TaskInput.Requested requested) {
            return TaskActions.learn(state, requested.request(), now);
        }
        if (input instanceof TaskInput.Settled settled) {
            Outcome outcome = settled.outcome();
            return ActionPart.isAny(outcome.commandId())
                    ? TaskActions.learn(state, outcome, now)
                    : Replay.learn(state, outcome).update(outcome.reservationSid(), known -> known.learn(outcome));
        }
        return state;
    }

    private static TaskOutput settlement(TaskState state, Outcome outcome) {
        Instant closedAt = state.reservation(outcome.reservationSid()).window().closedAt();
        BigDecimal afterWrapUp =
                closedAt == null ? null : MetricValue.seconds(Duration.between(closedAt, outcome.at()));
        ResultDetails details = ResultDetails.of(outcome.result());
        return new TaskOutput.Settle(
                outcome.commandId(),
                new TaskLedger.Settlement(
                        outcome.result().label(),
                        outcome.at(),
                        outcome.attempts(),
                        afterWrapUp,
                        details.revision(),
                        details.dropped(),
                        details.detail()));
    }
}
