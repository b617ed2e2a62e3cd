package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.command.CloseConversation;
import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.StepFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.inactivity.InactivityStep;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.cases.TaskActionRequest;
import io.flexmetry.processors.conversation.ConversationSnapshot;
import io.flexmetry.processors.conversation.LastMessages;
import io.flexmetry.processors.inactivity.InactivityRules.Decision;
import io.flexmetry.processors.inactivity.PolicyCase.Line;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs a case through the rules that processors use; every command and request succeeds at once. */
final class PolicySimulation {

    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    private static final String CONVERSATION = "CH";
    private static final String TASK = "WT";
    private static final String RESERVATION = "WR";

    private final InactivityRules rules;
    private final Task task;
    private final List<Line> taken = new ArrayList<>();
    private final Deque<InactivityOutput> outputs = new ArrayDeque<>();
    private InactivityState state = InactivityState.NEW;
    private LastMessages messages = LastMessages.NONE;
    private Map<String, Instant> firstReplies = Map.of();
    private long lastIndex = -1;
    private int events;

    private PolicySimulation(Configuration configuration, PolicyCase given) {
        this.rules = new InactivityRules(configuration);
        this.task = given.task().toTask(TASK, CONVERSATION);
    }

    /** The steps that the configured policies take. */
    static List<Line> run(Configuration configuration, PolicyCase given) {
        PolicySimulation simulation = new PolicySimulation(configuration, given);
        for (Line line : given.given()) {
            simulation.passUntil(START.plus(line.at()), false);
            simulation.happen(line);
        }
        simulation.passUntil(START.plus(given.until()), true);
        return simulation.taken;
    }

    private void passUntil(Instant time, boolean inclusive) {
        for (Instant wakeAt = state.wakeAt(); wakeAt != null; wakeAt = state.wakeAt()) {
            if (wakeAt.isAfter(time) || (!inclusive && wakeAt.equals(time))) {
                return;
            }
            apply(rules.plan(CONVERSATION, state.wakeAt(null), snapshot(), wakeAt, wakeAt), wakeAt);
        }
    }

    private void happen(Line line) {
        Instant at = START.plus(line.at());
        switch (line.what()) {
            case "customer" -> say(at, messages.customerSaid(next(at)));
            case "agent" -> {
                if (firstReplies.isEmpty() && state.open().findAny().isPresent()) {
                    firstReplies = Map.of(RESERVATION, at);
                }
                say(at, messages.agentSaid(next(at)));
            }
            case "bot", "supervisor" -> say(at, messages.otherSaid(next(at)));
            case "system" -> say(at, messages);
            case "queued" -> learn(at, new TaskFact(TaskFact.Change.CREATED, task));
            case "accepted" -> learn(at, reservation(ReservationFact.Change.ACCEPTED));
            case "wrap-up" -> learn(at, reservation(ReservationFact.Change.WRAPUP));
            case "completed" -> {
                learn(at, reservation(ReservationFact.Change.COMPLETED));
                learn(at, new TaskFact(TaskFact.Change.COMPLETED, task));
            }
            case "canceled" -> learn(at, new TaskFact(TaskFact.Change.CANCELED, task));
            case "transfer" -> learn(at, new TaskFact(TaskFact.Change.TRANSFER_INITIATED, task));
            case "transfer-failed" -> learn(at, new TaskFact(TaskFact.Change.TRANSFER_FAILED, task));
            case "closed" -> learn(at, closed());
            default -> throw new IllegalStateException("Expected a known event but it is " + line.what());
        }
    }

    private LastMessages.Said next(Instant at) {
        return new LastMessages.Said(lastIndex + 1, at);
    }

    private void say(Instant at, LastMessages others) {
        messages = others;
        lastIndex++;
        plan(at);
    }

    private ConversationSnapshot snapshot() {
        return new ConversationSnapshot(lastIndex, messages, firstReplies, false, null);
    }

    private void learn(Instant at, Fact fact) {
        state = state.learn(event(at, fact));
        plan(at);
    }

    private void plan(Instant at) {
        apply(rules.plan(CONVERSATION, state, snapshot(), at, InactivityRules.NEVER), at);
    }

    private void apply(Decision decision, Instant now) {
        state = decision.next();
        outputs.addAll(decision.outputs());
        for (InactivityOutput output = outputs.poll(); output != null; output = outputs.poll()) {
            if (output instanceof InactivityOutput.Note note) {
                note(note.step(), now);
            } else if (output instanceof InactivityOutput.Do act) {
                act(act, now);
            } else if (output instanceof InactivityOutput.Request wanted) {
                carryOut(wanted.request(), now);
            }
        }
    }

    private void note(InactivityStep step, Instant now) {
        if (step.result() == null || Set.of("dry-run", "notified").contains(step.result())) {
            taken.add(new Line(Duration.between(START, now), step.action()));
        }
    }

    private void act(InactivityOutput.Do act, Instant now) {
        if (act.command() instanceof CloseConversation) {
            state = state.learn(event(now, closed()));
            settle(act.command().commandId(), CONVERSATION, "closed", null, now);
        } else {
            lastIndex++;
            settle(act.command().commandId(), CONVERSATION, "posted", lastIndex, now);
        }
    }

    private void carryOut(TaskActionRequest request, Instant now) {
        switch (request.action()) {
            case WRAP_UP -> state = state.learn(event(now, reservation(ReservationFact.Change.WRAPUP)));
            case COMPLETE ->
                state = state.learn(event(now, reservation(ReservationFact.Change.COMPLETED)))
                        .learn(event(now, new TaskFact(TaskFact.Change.COMPLETED, task)));
            case PARK, RETURN -> {
                // only the task's channel changes
            }
        }
        if (request.silence() != null) {
            settle(request.stepId(), request.taskSid(), "changed", null, now);
        }
    }

    private void settle(String stepId, String subject, String result, @Nullable Long index, Instant now) {
        StepFact fact = new StepFact(CONVERSATION, stepId, subject, result, index, null);
        Decision decision = rules.settle(CONVERSATION, state, snapshot(), fact, now);
        state = decision.next();
        outputs.addAll(decision.outputs());
    }

    private Event event(Instant at, Fact fact) {
        return new Event("EV" + events++, "case", at, at, Source.PROCESSORS, fact);
    }

    private ReservationFact reservation(ReservationFact.Change change) {
        return new ReservationFact(change, RESERVATION, task, new Worker("WK", null, null));
    }

    private static ConversationFact closed() {
        return new ConversationFact(CONVERSATION, null, Set.of(), "closed");
    }
}
