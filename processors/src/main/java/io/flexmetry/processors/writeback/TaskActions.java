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
import io.flexmetry.processors.writeback.ActionId.Part;
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
            if (isAwaited(pending, outcome.commandId())) {
                return learn(state, pending, outcome, now);
            }
        }
        return state;
    }

    /** The outcome of a command that was settled before is a duplicate. */
    private static boolean isAwaited(PendingTaskAction pending, String commandId) {
        return switch (pending.stage()) {
            case COMMANDED ->
                commandId.equals(id(pending.request(), Part.WRAPPING))
                        || commandId.equals(id(pending.request(), Part.CHANNEL));
            case COMPLETING -> commandId.equals(id(pending.request(), Part.COMPLETED));
            case NEW, FINISHING, SETTLED -> false;
        };
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
                && ActionId.isWrapping(outcome.commandId());
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
                case FINISHING ->
                    isFinal || !now.isBefore(Objects.requireNonNull(pending.deadline()))
                            ? complete(next, pending, now, outputs)
                            : next;
                case SETTLED -> finish(next, pending, outputs);
                case COMMANDED, COMPLETING -> pending.isLost(now) ? finish(next, lost(pending, now), outputs) : next;
            };
        }
        return next;
    }

    /** The action counts as given up. A later outcome changes nothing. */
    private PendingTaskAction lost(PendingTaskAction pending, Instant now) {
        Part part = pending.stage() == Stage.COMPLETING
                ? Part.COMPLETED
                : pending.request().action().ends() ? Part.WRAPPING : Part.CHANNEL;
        return pending.settled(unsettled(pending, "no outcome within " + patience, id(pending.request(), part), now));
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
                ? change(pending, Part.WRAPPING, ChangeTask.Status.WRAPPING, now)
                : new SwitchTaskChannel(
                        id(request, Part.CHANNEL),
                        request.taskSid(),
                        reservation(pending),
                        now,
                        Objects.requireNonNull(request.channel()),
                        request.silence());
        command(command, request, now, outputs);
        return state.withAction(pending.commanded(Stage.COMMANDED, now.plus(patience)));
    }

    private TaskState complete(TaskState state, PendingTaskAction pending, Instant now, List<TaskOutput> outputs) {
        command(change(pending, Part.COMPLETED, ChangeTask.Status.COMPLETED, now), pending.request(), now, outputs);
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

    private static ChangeTask change(PendingTaskAction pending, Part part, ChangeTask.Status status, Instant now) {
        TaskActionRequest request = pending.request();
        return new ChangeTask(
                id(request, part),
                request.taskSid(),
                reservation(pending),
                now,
                request.taskSid(),
                status,
                request.reason(),
                request.silence());
    }

    private static void command(TaskCommand command, TaskActionRequest request, Instant now, List<TaskOutput> outputs) {
        outputs.add(new TaskOutput.Do(command));
        outputs.add(TaskOutput.Enter.of(command, request.action().label(), now));
    }

    private static String id(TaskActionRequest request, Part part) {
        return ActionId.of(request, part).toString();
    }

    private static String reservation(PendingTaskAction pending) {
        return pending.reservations().stream().sorted().findFirst().orElse("");
    }
}
