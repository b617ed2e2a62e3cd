package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.Silence;
import io.flexmetry.contract.command.SwitchTaskChannel;
import io.flexmetry.contract.command.TaskCommand;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.StepFact;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.processors.cases.TaskActionRequest;
import io.flexmetry.processors.writeback.PendingTaskAction.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Carries out actions. A task is ended in this order: the numbers of this moment are written; the task goes to wrap-up, so its
 * numbers become final and are written; then it is completed, if the request says so.
 */
final class TaskActions {

    /** How long a wrap-up's webhook and final numbers are waited for. After that the earlier numbers stay on the task. */
    private static final Duration LAST_NUMBERS = Duration.ofSeconds(5);

    /** The sink gives a command up by itself; its outcome takes no longer than this. */
    static final Duration MARGIN = Duration.ofMinutes(10);

    private final Duration patience;

    /**
     * Carries out actions.
     *
     * @param patience how long an outcome is waited for
     */
    TaskActions(Duration patience) {
        this.patience = patience;
    }

    /** A request came. */
    static TaskState learn(TaskState state, TaskActionRequest request, Instant now) {
        if (state.actions().containsKey(request.stepId())) {
            return state;
        }
        Set<String> open = state.reservations().entrySet().stream()
                .filter(entry -> entry.getValue().window().isOpen())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        PendingTaskAction pending = new PendingTaskAction(request, Stage.NEW, open, null, null);
        return state.withAction(
                state.actions().size() < TaskState.MOST_ACTIONS
                        ? pending
                        : pending.settled(unsettled(pending, "too many actions for one task", request.stepId(), now)));
    }

    /** A command of an action was settled. */
    static TaskState learn(TaskState state, Outcome outcome, Instant now) {
        for (PendingTaskAction pending : state.actions().values()) {
            if (pending.awaits(outcome.commandId())) {
                return learn(state, pending, outcome, now);
            }
        }
        return state;
    }

    private static TaskState learn(TaskState state, PendingTaskAction pending, Outcome outcome, Instant now) {
        TaskState next = state;
        boolean changed = outcome.result() instanceof Result.Changed;
        if (changed && pending.request().action().ends()) {
            for (String sid : pending.reservations()) {
                if (next.reservations().containsKey(sid)) {
                    next = next.update(
                            sid, known -> known.closedBy(pending.request().reason()));
                }
            }
        }
        boolean goesOn = changed
                && pending.request().action() == TaskActionRequest.Action.COMPLETE
                && pending.stage() == Stage.COMMANDED;
        return next.withAction(goesOn ? pending.finishingUntil(now.plus(LAST_NUMBERS)) : pending.settled(outcome));
    }

    /**
     * Takes the next step of each action.
     *
     * @param isFinal whether the task's numbers are final and their write is commanded
     */
    TaskState goOn(TaskState state, boolean isFinal, Instant now, List<TaskOutput> outputs) {
        TaskState next = state;
        for (PendingTaskAction pending : state.actions().values()) {
            next = switch (pending.stage()) {
                case NEW -> begin(next, pending, now, outputs);
                case FINISHING -> isFinal || pending.isOverdue(now) ? complete(next, pending, now, outputs) : next;
                case SETTLED -> finish(next, pending, outputs);
                case COMMANDED, COMPLETING -> pending.isOverdue(now) ? finish(next, lost(pending, now), outputs) : next;
            };
        }
        return next;
    }

    /** The action counts as given up. A later outcome changes nothing. */
    private PendingTaskAction lost(PendingTaskAction pending, Instant now) {
        String commandId = Objects.requireNonNull(pending.inFlight()).idIn(pending.request());
        return pending.settled(unsettled(pending, "no outcome within " + patience, commandId, now));
    }

    private static Outcome unsettled(PendingTaskAction pending, String reason, String commandId, Instant at) {
        return new Outcome(
                commandId, pending.request().taskSid(), reservation(pending), at, 0, new Result.GaveUp(reason));
    }

    private TaskState begin(TaskState state, PendingTaskAction pending, Instant now, List<TaskOutput> outputs) {
        TaskActionRequest request = pending.request();
        if (request.action() == TaskActionRequest.Action.COMPLETE
                && pending.reservations().isEmpty()) {
            return complete(state, pending, now, outputs);
        }
        TaskCommand command = request.action().ends()
                ? change(pending, ActionPart.WRAPPING, ChangeTask.Status.WRAPPING, now)
                : new SwitchTaskChannel(
                        ActionPart.CHANNEL.idIn(request),
                        request.taskSid(),
                        reservation(pending),
                        now,
                        Objects.requireNonNull(request.channel()),
                        request.silence());
        outputs.addAll(TaskOutput.command(command, request.action().label()));
        return state.withAction(pending.commanded(Stage.COMMANDED, now.plus(patience)));
    }

    private TaskState complete(TaskState state, PendingTaskAction pending, Instant now, List<TaskOutput> outputs) {
        ChangeTask command = change(pending, ActionPart.COMPLETED, ChangeTask.Status.COMPLETED, now);
        outputs.addAll(TaskOutput.command(command, pending.request().action().label()));
        return state.withAction(pending.commanded(Stage.COMPLETING, now.plus(patience)));
    }

    private static TaskState finish(TaskState state, PendingTaskAction pending, List<TaskOutput> outputs) {
        Outcome outcome = Objects.requireNonNull(pending.outcome());
        Silence silence = pending.request().silence();
        if (silence != null) {
            if (outcome.result() instanceof Result.Overtaken overtaken) {
                overtaken
                        .messages()
                        .forEach(message -> outputs.add(new TaskOutput.Notify(
                                silence.conversationSid(), Event.found(message, outcome.commandId(), outcome.at()))));
            }
            outputs.add(new TaskOutput.Notify(
                    silence.conversationSid(),
                    Event.settled(
                            new StepFact(
                                    silence.conversationSid(),
                                    pending.request().stepId(),
                                    pending.request().taskSid(),
                                    outcome.result().label(),
                                    null,
                                    ResultDetails.of(outcome.result()).detail()),
                            outcome.at())));
        }
        return state.withoutAction(pending.request().stepId());
    }

    private static ChangeTask change(
            PendingTaskAction pending, ActionPart part, ChangeTask.Status status, Instant now) {
        TaskActionRequest request = pending.request();
        return new ChangeTask(
                part.idIn(request),
                request.taskSid(),
                reservation(pending),
                now,
                request.taskSid(),
                status,
                request.reason(),
                request.silence());
    }

    private static String reservation(PendingTaskAction pending) {
        return pending.reservations().stream().sorted().findFirst().orElse("");
    }
}
