package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.command.CloseConversation;
import io.flexmetry.contract.command.ConversationCommand;
import io.flexmetry.contract.command.PostMessage;
import io.flexmetry.contract.command.Silence;
import io.flexmetry.contract.event.StepFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.inactivity.InactivityStep;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.InactivityConfiguration;
import io.flexmetry.contract.settings.InactivityPolicy;
import io.flexmetry.contract.settings.InactivityPolicy.Action;
import io.flexmetry.contract.settings.InactivityPolicy.Step;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.TaskActionRequest;
import io.flexmetry.processors.conversation.ConversationSnapshot;
import io.flexmetry.processors.conversation.LastMessages;
import io.flexmetry.processors.inactivity.Escalation.PendingStep;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which steps a silence leads to: pure functions of the state, the conversation's messages, and the time.
 *
 * <p>Steps with the same {@code after} are decided together and carried out one after the other, each when the one before is
 * settled. A message that ends the silence cancels the rest. So each step is taken at most once in a silence.
 */
final class InactivityRules {

    /** A step that is later than this delays the steps after it: a customer who is warned must get the full time to answer. */
    private static final Duration TOLERANCE = Duration.ofSeconds(30);

    /** When to decide again after the sink saw a newer message whose event has not arrived here. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    /** Completing a task takes two commands: wrap-up and completion. */
    private static final int COMMANDS_OF_A_REQUEST = 2;

    /** Added to the sink's limits: write-back queues requests too. */
    private static final Duration MARGIN = Duration.ofMinutes(30);

    /** As {@code until} of {@link #plan}: no step may be taken now. */
    static final Instant NEVER = Instant.MIN;

    private final InactivityConfiguration configuration;
    private final Set<String> chatChannels;
    private final Duration patience;

    InactivityRules(Configuration configuration) {
        this.configuration = configuration.inactivity();
        this.chatChannels = configuration.metrics().chatChannels();
        this.patience = configuration
                .writeBack()
                .giveUpAfter()
                .multipliedBy(COMMANDS_OF_A_REQUEST)
                .plus(MARGIN);
    }

    /**
     * A decision.
     *
     * @param next the new state
     * @param outputs commands, requests and notes, in order
     */
    record Decision(InactivityState next, List<InactivityOutput> outputs) {}

    /** Time from the start of a silence to its first step; absent if no policy applies. */
    Optional<Duration> shortest(InactivityState state) {
        return state.closed() ? Optional.empty() : policy(state).map(InactivityPolicy::firstAfter);
    }

    /**
     * Takes the steps that are due, or sets when to decide again.
     *
     * @param now our clock
     * @param until steps that were due until then may be taken, because all events until then have been read
     */
    Decision plan(String sid, InactivityState state, ConversationSnapshot snapshot, Instant now, Instant until) {
        Planning planning = new Planning(sid, state, snapshot, now);
        planning.plan(until);
        return planning.decision();
    }

    /** Applies a step's outcome, and takes the next step with the same {@code after} if there is one. */
    Decision settle(String sid, InactivityState state, ConversationSnapshot snapshot, StepFact fact, Instant now) {
        Planning planning = new Planning(sid, state, snapshot, now);
        planning.settle(fact);
        return planning.decision();
    }

    /** Applies the effects of a step that this state does not await. */
    Decision applyEffects(String sid, InactivityState state, StepFact fact, Instant now) {
        Planning planning = new Planning(sid, state, ConversationSnapshot.NONE, now);
        planning.applyEffects(fact);
        return planning.decision();
    }

    /** Decides again when all waiting events have been read, and takes no step before. */
    static InactivityState decideLater(InactivityState state, Instant now) {
        Instant planned = state.wakeAt();
        return planned != null && !planned.isAfter(now) ? state : state.wakeAt(now);
    }

    /** Whether a step is the one in flight. */
    static boolean isAwaited(InactivityState state, StepFact fact) {
        PendingStep pending = state.escalation().pending();
        return pending != null
                && pending.stepId().equals(fact.stepId())
                && pending.awaiting().contains(fact.subject());
    }

    /** The first policy that matches a task. */
    private Optional<InactivityPolicy> policy(InactivityState state) {
        List<Assignment> tasks = state.current();
        return configuration.policies().stream()
                .filter(policy -> tasks.stream().anyMatch(task -> matches(policy, state, task)))
                .findFirst();
    }

    /** A parked task counts as being on the channel from which it was parked. */
    private boolean matches(InactivityPolicy policy, InactivityState state, Assignment task) {
        InactivityState.Parked parked = state.effects().parked().get(task.sid());
        String channel = parked == null ? task.channel() : parked.from();
        boolean counts = policy.from() == InactivityPolicy.From.QUEUED || !task.isWaiting();
        return counts
                && channel != null
                && chatChannels.contains(channel)
                && policy.match().matches(channel, task.queueName(), task.workflowName(), task.attributes());
    }

    /** The policy of a pending step; absent if the configuration has changed since and lacks the policy or that step. */
    private Optional<InactivityPolicy> policy(PendingStep pending, int position) {
        return configuration.policies().stream()
                .filter(policy -> policy.name().equals(pending.policy()))
                .filter(policy -> policy.steps().size() > position)
                .findFirst();
    }

    /** Builds one decision. */
    private final class Planning {
        private final String sid;
        private final ConversationSnapshot snapshot;
        private final Instant now;
        private final List<InactivityOutput> outputs = new ArrayList<>();
        private InactivityState state;

        private Planning(String sid, InactivityState state, ConversationSnapshot snapshot, Instant now) {
            this.sid = sid;
            this.state = state;
            this.snapshot = snapshot;
            this.now = now;
        }

        private Decision decision() {
            return new Decision(state, outputs);
        }

        private void plan(Instant until) {
            if (state.escalation().pending() != null) {
                // a step in flight must be settled first: its outcome shows whether the other steps follow
                awaitOrGiveUp(state.escalation().pending(), until);
                return;
            }
            InactivityPolicy policy = policy(state).orElse(null);
            boolean over = policy == null || state.closed() || snapshot.internal();
            if (over || state.isBeingTransferred()) {
                returnParkedTasks(null);
                state = state.with(Escalation.NONE).wakeAt(null);
                return;
            }
            SilenceStart silence = SilenceRules.start(Objects.requireNonNull(policy), state, snapshot)
                    .orElse(null);
            returnParkedTasks(silence);
            if (silence == null) {
                state = state.with(Escalation.NONE);
                wake(now.plus(policy.firstAfter()));
                return;
            }
            Escalation escalation = state.escalation();
            state = state.with(
                    catchUp(policy, silence, escalation.isAbout(silence) ? escalation : Escalation.of(silence)));
            escalate(policy, silence, until);
        }

        /**
         * Gives up a step without an outcome. By then Kafka holds no command or outcome of it, and sink and write-back would have
         * given up too. An outcome that arrives even later has effects, but leads to no more steps.
         */
        private void awaitOrGiveUp(PendingStep pending, Instant until) {
            Instant lostAt = pending.changedAt().plus(patience);
            if (lostAt.isAfter(until)) {
                state = state.wakeAt(lostAt);
                return;
            }
            policy(pending, pending.position())
                    .ifPresent(policy -> note(policy, pending, "gave-up", "no outcome within " + patience));
            state = state.with(state.escalation().stop()).wakeAt(null);
            plan(NEVER);
        }

        /** Skips steps of this silence that were taken before the state was dropped or the escalation was paused. */
        private Escalation catchUp(InactivityPolicy policy, SilenceStart silence, Escalation escalation) {
            SettledStep settled = state.lastStepIn(silence)
                    .filter(last -> last.position() < policy.steps().size())
                    .orElse(null);
            if (settled == null) {
                return escalation;
            }
            Step step = policy.steps().get(settled.position());
            if (!step.action().label().equals(settled.label())) {
                // a step of another policy
                return escalation;
            }
            if (settled.hasFailed()) {
                return escalation.stop();
            }
            return step.after().compareTo(escalation.taken()) > 0 ? escalation.taken(step.after()) : escalation;
        }

        private void escalate(InactivityPolicy policy, SilenceStart silence, Instant until) {
            Escalation escalation = state.escalation().since(silence.at());
            state = state.with(escalation);
            Step next = policy.steps().stream()
                    .filter(step -> step.after().compareTo(escalation.taken()) > 0)
                    .findFirst()
                    .orElse(null);
            if (escalation.stopped() || next == null) {
                state = state.wakeAt(null);
                return;
            }
            Instant due = silence.at().plus(next.after()).plus(escalation.shift());
            if (due.isAfter(until)) {
                wake(due.isAfter(now) ? due : now);
                return;
            }
            Duration late = Duration.between(due, now);
            if (late.compareTo(TOLERANCE) > 0) {
                state = state.with(escalation.shiftedBy(late));
            }
            List<Integer> steps = IntStream.range(0, policy.steps().size())
                    .filter(i -> policy.steps().get(i).after().equals(next.after()))
                    .boxed()
                    .toList();
            state = state.wakeAt(null);
            take(policy, steps, now);
        }

        /** Keeps an earlier timer, which will set a later one: a conversation needs only one. */
        private void wake(Instant at) {
            Instant planned = state.wakeAt();
            boolean keeps = planned != null && planned.isAfter(now) && !planned.isAfter(at);
            state = keeps ? state : state.wakeAt(at);
        }

        /** Takes steps with the same {@code after}, up to the first one that has an outcome to wait for. */
        private void take(InactivityPolicy policy, List<Integer> steps, Instant decidedAt) {
            List<Integer> left = steps;
            while (!left.isEmpty()) {
                PendingStep pending = pending(policy, left, decidedAt);
                Step step = policy.steps().get(pending.position());
                if (policy.dryRun() || step.action() == Action.NOTIFY) {
                    note(policy, pending, policy.dryRun() ? "dry-run" : "notified", null);
                } else {
                    Set<String> awaiting = begin(policy, pending, step);
                    if (!awaiting.isEmpty()) {
                        note(policy, pending, null, null);
                        await(pending, awaiting, step.action() == Action.CLOSE && awaiting.contains(sid));
                        return;
                    }
                }
                left = left.subList(1, left.size());
            }
            state = state.with(
                    state.escalation().taken(policy.steps().get(steps.get(0)).after()));
            plan(NEVER);
        }

        private PendingStep pending(InactivityPolicy policy, List<Integer> left, Instant decidedAt) {
            int position = left.get(0);
            long lastIndex = Math.max(snapshot.lastIndex(), state.effects().lastPosted());
            String stepId = sid + "/" + state.escalation().silence() + "@" + lastIndex + "/" + position + "-"
                    + policy.steps().get(position).action().label();
            return new PendingStep(
                    policy.name(), List.copyOf(left), decidedAt, stepId, Set.of(), lastIndex, false, now);
        }

        private void await(PendingStep pending, Set<String> awaiting, boolean closing) {
            state = state.with(state.escalation().with(pending.awaiting(awaiting, closing, now)))
                    .wakeAt(now.plus(patience));
        }

        /** Returns the SIDs whose outcome is awaited; none if the step applies to nothing. */
        private Set<String> begin(InactivityPolicy policy, PendingStep pending, Step step) {
            List<Assignment> open = state.open().toList();
            return switch (step.action()) {
                case WARN ->
                    command(new PostMessage(
                            pending.stepId(),
                            sid,
                            now,
                            step.textIn(language(policy)),
                            pending.lastIndex(),
                            snapshot.chatServiceSid()));
                case WRAP_UP -> request(policy, open, pending, TaskActionRequest.Action.WRAP_UP, null);
                case COMPLETE -> request(policy, state.current(), pending, TaskActionRequest.Action.COMPLETE, null);
                case PARK -> {
                    List<Assignment> unparked = open.stream()
                            .filter(task -> !state.effects().parked().containsKey(task.sid()))
                            .toList();
                    yield request(policy, unparked, pending, TaskActionRequest.Action.PARK, step.channel());
                }
                case CLOSE ->
                    // closing the interaction's channel ends its tasks, so wrap-up writes their final numbers first
                    interaction() == null || open.isEmpty()
                            ? close(pending)
                            : request(policy, open, pending, TaskActionRequest.Action.WRAP_UP, null);
                case NOTIFY -> throw new IllegalStateException("Expected an action with an outcome but it is notify");
            };
        }

        private Set<String> close(PendingStep pending) {
            return command(new CloseConversation(
                    pending.stepId(), sid, now, interaction(), pending.lastIndex(), snapshot.chatServiceSid()));
        }

        private Set<String> command(ConversationCommand command) {
            outputs.add(new InactivityOutput.Do(command));
            return Set.of(sid);
        }

        private Set<String> request(
                InactivityPolicy policy,
                List<Assignment> tasks,
                PendingStep pending,
                TaskActionRequest.Action action,
                @Nullable String channel) {
            Silence silence = new Silence(sid, pending.lastIndex(), snapshot.chatServiceSid());
            String reason = reason(policy, pending);
            Set<String> sids = new TreeSet<>();
            for (Assignment task : tasks) {
                sids.add(task.sid());
                outputs.add(new InactivityOutput.Request(
                        new TaskActionRequest(pending.stepId(), task.sid(), action, channel, silence, reason)));
            }
            return sids;
        }

        private static String reason(InactivityPolicy policy, PendingStep pending) {
            String who =
                    switch (policy.silence()) {
                        case CUSTOMER -> "customer";
                        case AGENT -> "agent";
                        case ANYONE -> "everybody";
                    };
            return who + " silent for " + policy.steps().get(pending.position()).after();
        }

        /** Of any task: an earlier step may have ended them all. */
        private Task.@Nullable Interaction interaction() {
            return newestFirst().findFirst().map(Assignment::interaction).orElse(null);
        }

        private @Nullable String language(InactivityPolicy policy) {
            return newestFirst()
                    .flatMap(task -> Stream.ofNullable(task.attributes().get(policy.language())))
                    .findFirst()
                    .orElse(null);
        }

        private Stream<Assignment> newestFirst() {
            return state.tasks().values().stream()
                    .sorted(Comparator.comparing(Assignment::reportedAt).reversed());
        }

        /** Returns tasks that were parked in another silence than this one. */
        private void returnParkedTasks(@Nullable SilenceStart silence) {
            state.effects().parked().forEach((taskSid, parked) -> {
                if (silence != null && silence.id().equals(parked.silence())) {
                    return;
                }
                Assignment task = state.tasks().get(taskSid);
                if (task != null && task.isHeld()) {
                    outputs.add(new InactivityOutput.Request(new TaskActionRequest(
                            sid + "/" + parked.silence() + "@" + snapshot.lastIndex() + "/return",
                            taskSid,
                            TaskActionRequest.Action.RETURN,
                            parked.from(),
                            null,
                            "somebody wrote")));
                }
                state = state.with(state.effects().parked(taskSid, null));
            });
        }

        private void settle(StepFact fact) {
            applyEffects(fact);
            if (!isAwaited(state, fact)) {
                plan(NEVER);
                return;
            }
            PendingStep pending = Objects.requireNonNull(state.escalation().pending());
            InactivityPolicy policy =
                    policy(pending, Collections.max(pending.left())).orElse(null);
            if (policy == null) {
                state = state.with(state.escalation().stop());
                plan(NEVER);
                return;
            }
            SettledStep settled = SettledStep.of(fact, now);
            if (!settled.wasTaken()) {
                overtaken(policy, pending);
            } else if (settled.hasFailed()) {
                note(policy, pending, settled.result(), fact.reason());
                state = state.with(state.escalation().stop());
                plan(NEVER);
            } else {
                proceed(policy, pending, fact);
            }
        }

        /** A newer message stopped the step. If the silence goes on (the message is the system's), the step is retried. */
        private void overtaken(InactivityPolicy policy, PendingStep pending) {
            boolean lasts = lasts(policy, pending);
            if (lasts && snapshot.lastIndex() > pending.lastIndex()) {
                take(policy, pending.left(), pending.decidedAt());
                return;
            }
            note(policy, pending, "overtaken", null);
            state = state.with(state.escalation().with(null));
            if (lasts) {
                state = state.wakeAt(now.plus(RETRY_AFTER));
            } else {
                plan(NEVER);
            }
        }

        /** Whether the silence goes on. After a step that ended the tasks: whether nobody has written since. */
        private boolean lasts(InactivityPolicy policy, PendingStep pending) {
            LastMessages.Said last = snapshot.lastMessages().anyone();
            return state.current().isEmpty()
                    ? last == null || last.index() <= pending.lastIndex()
                    : SilenceRules.start(policy, state, snapshot)
                            .filter(state.escalation()::isAbout)
                            .isPresent();
        }

        private void proceed(InactivityPolicy policy, PendingStep pending, StepFact fact) {
            Set<String> awaiting = new TreeSet<>(pending.awaiting());
            awaiting.remove(fact.subject());
            Step step = policy.steps().get(pending.position());
            boolean lasts = lasts(policy, pending);
            boolean closes = awaiting.isEmpty() && step.action() == Action.CLOSE && !pending.closing() && lasts;
            if (closes) {
                awaiting.addAll(close(pending));
            }
            if (!awaiting.isEmpty()) {
                await(pending, awaiting, pending.closing() || closes);
                return;
            }
            note(policy, pending, fact.result(), null);
            List<Integer> left = pending.left().subList(1, pending.left().size());
            if (left.isEmpty() || !lasts) {
                state = state.with(state.escalation().taken(step.after()));
                plan(NEVER);
            } else {
                take(policy, left, pending.decidedAt());
            }
        }

        /** Applies a step's effects, whether the step is still awaited or not. */
        private void applyEffects(StepFact fact) {
            Long index = fact.index();
            if (fact.result().equals("posted") && index != null) {
                if (index > state.effects().lastPosted()) {
                    warned(index);
                }
            } else if (fact.result().equals("changed")) {
                SettledStep settled = SettledStep.of(fact, now);
                Assignment task = state.tasks().get(fact.subject());
                String channel = task == null ? null : task.channel();
                if (!settled.isPark()) {
                    state = state.with(state.effects().wrapped(fact.subject()));
                } else if (channel != null) {
                    InactivityState.Parked parked = new InactivityState.Parked(channel, settled.silence());
                    state = state.with(state.effects().parked(fact.subject(), parked));
                }
            }
        }

        private void warned(long index) {
            Map<String, String> tasks = new LinkedHashMap<>();
            state.held().forEach(task -> task.reservations().forEach((reservationSid, window) -> {
                if (window.isOpen()) {
                    tasks.put(reservationSid, task.sid());
                }
            }));
            state = state.with(state.effects().warned(tasks.keySet(), index));
            tasks.forEach((reservationSid, taskSid) -> outputs.add(contribution(taskSid, reservationSid)));
        }

        private InactivityOutput contribution(String taskSid, String reservationSid) {
            int warnings = state.effects().warnings().getOrDefault(reservationSid, 0);
            return new InactivityOutput.Contribute(new Contribution(
                    Contribution.Feature.INACTIVITY,
                    taskSid,
                    reservationSid,
                    null,
                    Map.of(Metric.INACTIVITY_WARNINGS, BigDecimal.valueOf(warnings)),
                    null));
        }

        private void note(
                InactivityPolicy policy, PendingStep pending, @Nullable String result, @Nullable String reason) {
            Step step = policy.steps().get(pending.position());
            outputs.add(new InactivityOutput.Note(new InactivityStep(
                    pending.stepId(),
                    sid,
                    policy.name(),
                    step.action().label(),
                    step.after(),
                    state.escalation().since(),
                    pending.decidedAt(),
                    state.current().stream()
                            .map(Assignment::sid)
                            .sorted()
                            .limit(InactivityStep.MOST_TASKS)
                            .toList(),
                    result,
                    reason)));
        }
    }
}
