package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.Silence;
import io.flexmetry.contract.command.SwitchTaskChannel;
import io.flexmetry.contract.command.TaskCommand;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.StepFact;
import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.processors.writeback.Granting.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Grants wishes. Whoever wants a task to end gets it in this order: the numbers of this moment are written; the task goes to
 * wrap-up; with that its numbers are final, and are written; then it is completed, if that is wanted.
 */
final class Wishes {

    private static final String WRAPPING = "/wrapping";
    private static final String COMPLETED = "/completed";
    private static final String CHANNEL = "/channel";

    /** A webhook that has not come by then does not come; the numbers of before stand on the task. */
    private static final Duration LAST_NUMBERS = Duration.ofSeconds(5);

    /** The sink gives a command up by itself; by then that has come here as well. */
    static final Duration MARGIN = Duration.ofMinutes(10);

    private final Duration patience;

    /**
     * Grants wishes.
     *
     * @param patience how long what became of a command is waited for
     */
    Wishes(Duration patience) {
        this.patience = patience;
    }

    /** Whether that command was done for a wish, and says nothing of a write. */
    static boolean isFor(String commandId) {
        return commandId.endsWith(WRAPPING) || commandId.endsWith(COMPLETED) || commandId.endsWith(CHANNEL);
    }

    /** Whether that command put a task into wrap-up for a wish. */
    static boolean isEnding(String commandId) {
        return commandId.endsWith(WRAPPING);
    }

    /** A wish came. */
    static TaskState learn(TaskState state, Wish wish, Instant now) {
        if (state.wishes().containsKey(wish.stepId())) {
            return state;
        }
        Set<String> open = state.reservations().entrySet().stream()
                .filter(entry -> entry.getValue().isOpen())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Granting granting = new Granting(wish, Stage.NEW, open, null, null);
        return state.withWish(
                state.wishes().size() < TaskState.MOST_WISHES
                        ? granting
                        : granting.settled(unsettled(granting, "too many wishes for one task", wish.stepId(), now)));
    }

    /** One of its commands was settled. */
    static TaskState learn(TaskState state, Outcome outcome, Instant now) {
        for (Granting granting : state.wishes().values()) {
            if (isAwaited(granting, outcome.commandId())) {
                return learn(state, granting, outcome, now);
            }
        }
        return state;
    }

    /** Of a command that was settled before nothing new is heard. */
    private static boolean isAwaited(Granting granting, String commandId) {
        return switch (granting.stage()) {
            case COMMANDED ->
                commandId.equals(id(granting.wish(), WRAPPING)) || commandId.equals(id(granting.wish(), CHANNEL));
            case COMPLETING -> commandId.equals(id(granting.wish(), COMPLETED));
            case NEW, FINISHING, SETTLED -> false;
        };
    }

    private static TaskState learn(TaskState state, Granting granting, Outcome outcome, Instant now) {
        TaskState next = state;
        boolean changed = outcome.result() instanceof Result.Changed;
        if (changed && granting.wish().action().ends()) {
            for (String sid : granting.reservations()) {
                ReservationState reservation = next.reservations().get(sid);
                next = reservation == null
                        ? next
                        : next.withReservation(
                                sid, reservation.closedBy(granting.wish().reason()));
            }
        }
        boolean goesOn = changed
                && granting.wish().action() == Wish.Action.COMPLETE
                && outcome.commandId().endsWith(WRAPPING);
        return next.withWish(goesOn ? granting.finishingUntil(now.plus(LAST_NUMBERS)) : granting.settled(outcome));
    }

    /**
     * Goes on with all of them.
     *
     * @param isFinal whether the task's numbers are final and their write is commanded
     */
    TaskState goOn(TaskState state, boolean isFinal, Instant now, List<TaskOutput> outputs) {
        TaskState next = state;
        for (Granting granting : state.wishes().values()) {
            next = switch (granting.stage()) {
                case NEW -> begin(next, granting, now, outputs);
                case FINISHING ->
                    isFinal || !now.isBefore(Objects.requireNonNull(granting.deadline()))
                            ? complete(next, granting, now, outputs)
                            : next;
                case SETTLED -> tell(next, granting, outputs);
                case COMMANDED, COMPLETING -> granting.isLost(now) ? tell(next, lost(granting, now), outputs) : next;
            };
        }
        return next;
    }

    /** What was wanted counts as given up; what the sink may still say of it changes nothing any more. */
    private Granting lost(Granting granting, Instant now) {
        String kind = granting.stage() == Stage.COMPLETING
                ? COMPLETED
                : granting.wish().action().ends() ? WRAPPING : CHANNEL;
        return granting.settled(unsettled(granting, "no outcome within " + patience, id(granting.wish(), kind), now));
    }

    private static Outcome unsettled(Granting granting, String reason, String commandId, Instant at) {
        return new Outcome(
                commandId, granting.wish().taskSid(), reservation(granting), at, 0, new Result.GaveUp(reason));
    }

    private TaskState begin(TaskState state, Granting granting, Instant now, List<TaskOutput> outputs) {
        Wish wish = granting.wish();
        if (wish.action() == Wish.Action.COMPLETE && granting.reservations().isEmpty()) {
            return complete(state, granting, now, outputs);
        }
        if (wish.action().ends()) {
            command(change(granting, WRAPPING, ChangeTask.Status.WRAPPING, now), wish, now, outputs);
        } else {
            command(
                    new SwitchTaskChannel(
                            id(wish, CHANNEL),
                            wish.taskSid(),
                            reservation(granting),
                            now,
                            Objects.requireNonNull(wish.channel()),
                            wish.silence()),
                    wish,
                    now,
                    outputs);
        }
        return state.withWish(granting.commanded(Stage.COMMANDED, now.plus(patience)));
    }

    private TaskState complete(TaskState state, Granting granting, Instant now, List<TaskOutput> outputs) {
        command(change(granting, COMPLETED, ChangeTask.Status.COMPLETED, now), granting.wish(), now, outputs);
        return state.withWish(granting.commanded(Stage.COMPLETING, now.plus(patience)));
    }

    private static TaskState tell(TaskState state, Granting granting, List<TaskOutput> outputs) {
        Outcome outcome = Objects.requireNonNull(granting.outcome());
        Silence silence = granting.wish().silence();
        if (silence != null) {
            if (outcome.result() instanceof Result.Overtaken overtaken) {
                overtaken
                        .messages()
                        .forEach(message -> outputs.add(new TaskOutput.Tell(
                                silence.conversationSid(), Event.found(message, outcome.commandId(), outcome.at()))));
            }
            outputs.add(new TaskOutput.Tell(
                    silence.conversationSid(),
                    Event.settled(
                            new StepFact(
                                    silence.conversationSid(),
                                    granting.wish().stepId(),
                                    granting.wish().taskSid(),
                                    outcome.result().label(),
                                    null,
                                    Settled.of(outcome.result()).detail()),
                            outcome.at())));
        }
        return state.withoutWish(granting.wish().stepId());
    }

    private static ChangeTask change(Granting granting, String kind, ChangeTask.Status status, Instant now) {
        Wish wish = granting.wish();
        return new ChangeTask(
                id(wish, kind),
                wish.taskSid(),
                reservation(granting),
                now,
                wish.taskSid(),
                status,
                wish.reason(),
                wish.silence());
    }

    private static void command(TaskCommand command, Wish wish, Instant now, List<TaskOutput> outputs) {
        outputs.add(new TaskOutput.Do(command));
        outputs.add(new TaskOutput.Enter(new TaskLedger.Entry(
                command.commandId(),
                command.reservationSid(),
                wish.action().label(),
                now,
                null,
                Map.of(),
                List.of(),
                null)));
    }

    private static String id(Wish wish, String kind) {
        return wish.stepId() + "/" + wish.taskSid() + kind;
    }

    private static String reservation(Granting granting) {
        return granting.reservations().stream().sorted().findFirst().orElse("");
    }
}
