package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.command.CloseConversation;
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
import io.flexmetry.processors.cases.ReservationWindow;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what silence leads to: pure functions of what is known of a conversation, what is said in it, and the time.
 *
 * <p>Steps of one time are taken together, when the silence has lasted so long, and carried through step by step,
 * each when the one before is settled, unless a message ends the silence. So each step is taken once at most in a silence.
 */
final class InactivityRules {

    /** A step that is later than that moves the later ones on: a warning must leave the time that it gives. */
    private static final Duration TOLERANCE = Duration.ofSeconds(30);

    /** When the sink finds a message that cannot be read here. */
    private static final Duration BEFORE_ANOTHER_LOOK = Duration.ofSeconds(10);

    /** A task that is completed goes through wrap-up before. */
    private static final int COMMANDS_OF_A_REQUEST = 2;

    /** More than whoever carries requests out takes beyond what the sink takes. */
    private static final Duration MARGIN = Duration.ofMinutes(30);

    /** With {@link #plan}: nothing may be done now. */
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
     * What to do.
     *
     * @param next the state from now on
     * @param outputs commands, requests and notes, in order
     */
    record Decision(InactivityState next, List<InactivityOutput> outputs) {}

    /** After how long at the earliest a silence that begins here leads to something; absent when none does. */
    Optional<Duration> shortest(InactivityState state) {
        return state.closed() ? Optional.empty() : policy(state, tasks(state)).map(InactivityPolicy::firstAfter);
    }

    private static List<Assignment> tasks(InactivityState state) {
        return Stream.concat(state.held(), state.waiting()).toList();
    }

    /**
     * Looks at the state: takes what is due, or says when to look again.
     *
     * @param now our clock
     * @param until what was due until then may be done, because all that had happened until then is known
     */
    Decision plan(String sid, InactivityState state, ConversationSnapshot snapshot, Instant now, Instant until) {
        Planning planning = new Planning(sid, state, snapshot, now);
        planning.plan(until);
        return planning.decision();
    }

    /** A step was settled: the next one of its time is taken, or there is none left. */
    Decision settle(String sid, InactivityState state, ConversationSnapshot snapshot, StepFact fact, Instant now) {
        Planning planning = new Planning(sid, state, snapshot, now);
        planning.settle(fact);
        return planning.decision();
    }

    /** A step was settled of which this state knows nothing else yet. */
    Decision remember(String sid, InactivityState state, StepFact fact, Instant now) {
        Planning planning = new Planning(sid, state, ConversationSnapshot.NONE, now);
        planning.remember(fact);
        return planning.decision();
    }

    /** When all has been read it is looked at; nothing is done before. */
    static InactivityState lookLater(InactivityState state, Instant now) {
        Instant planned = state.wakeAt();
        return planned != null && !planned.isAfter(now) ? state : state.wakeAt(now);
    }

    /** Whether a step is the one that is under way. */
    static boolean isAwaited(InactivityState state, StepFact fact) {
        PendingStep pending = state.escalation().pending();
        return pending != null
                && pending.stepId().equals(fact.stepId())
                && pending.awaiting().contains(fact.subject());
    }

    /** The first policy that holds for one of the tasks. */
    private Optional<InactivityPolicy> policy(InactivityState state, List<Assignment> tasks) {
        return configuration.policies().stream()
                .filter(policy -> tasks.stream().anyMatch(task -> holds(policy, state, task)))
                .findFirst();
    }

    /** A parked task counts as being on the channel from which it was parked. */
    private boolean holds(InactivityPolicy policy, InactivityState state, Assignment assignment) {
        Task task = assignment.task();
        InactivityState.Parked parked = state.parked().get(task.taskSid());
        String channel = parked == null ? task.channel() : parked.from();
        boolean inTime = policy.from() == InactivityPolicy.From.QUEUED || !assignment.isWaiting();
        return inTime
                && channel != null
                && chatChannels.contains(channel)
                && policy.match().matches(channel, task.queueName(), task.workflowName(), task.attributes());
    }

    /** One decision in the making. */
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

        private List<Assignment> tasks() {
            return InactivityRules.tasks(state);
        }

        private void plan(Instant until) {
            if (state.escalation().pending() != null) {
                // what was begun is settled before anything else, and then it shows whether it is carried through
                awaitOrGiveUp(state.escalation().pending(), until);
                return;
            }
            List<Assignment> tasks = tasks();
            InactivityPolicy policy = policy(state, tasks).orElse(null);
            boolean over = policy == null || state.closed() || snapshot.internal();
            if (over || state.isBeingTransferred()) {
                comeBack(null);
                state = state.with(Escalation.NONE).wakeAt(null);
                return;
            }
            Silenced silence = silence(Objects.requireNonNull(policy)).orElse(null);
            comeBack(silence);
            if (silence == null) {
                state = state.with(Escalation.NONE);
                wake(now.plus(policy.firstAfter()));
                return;
            }
            Escalation escalation = state.escalation();
            state = state.with(
                    asTold(policy, silence, escalation.isAbout(silence) ? escalation : Escalation.of(silence)));
            climb(policy, silence, until);
        }

        /**
         * What has not been settled for so long never is: nothing of it is in Kafka, and the sink and whoever grants actions would
         * have given up. If news comes even so, it is remembered and changes no more.
         */
        private void awaitOrGiveUp(PendingStep pending, Instant until) {
            Instant lostAt = pending.since().plus(patience);
            if (lostAt.isAfter(until)) {
                state = state.wakeAt(lostAt);
                return;
            }
            configuration.policies().stream()
                    .filter(policy -> policy.name().equals(pending.policy()))
                    .filter(policy -> policy.steps().size() > pending.left().get(0))
                    .findFirst()
                    .ifPresent(policy -> note(policy, pending, "gave-up", "no outcome within " + patience));
            state = state.with(state.escalation().stop()).wakeAt(null);
            plan(NEVER);
        }

        /**
         * As far as steps of this silence are known to be taken: by a state that was dropped, or before a pause. It may be told
         * before the silence is known, and after it.
         */
        private Escalation asTold(InactivityPolicy policy, Silenced silence, Escalation escalation) {
            Published told = state.told(silence.id())
                    .filter(step -> step.position() < policy.steps().size())
                    .orElse(null);
            if (told == null) {
                return escalation;
            }
            Step step = policy.steps().get(told.position());
            if (!step.action().label().equals(told.label())) {
                // another policy than then
                return escalation;
            }
            if (told.hasFailed()) {
                return escalation.stop();
            }
            return step.after().compareTo(escalation.taken()) > 0 ? escalation.taken(step.after()) : escalation;
        }

        private void climb(InactivityPolicy policy, Silenced silence, Instant until) {
            Escalation escalation = state.escalation().since(silence.since());
            state = state.with(escalation);
            Step next = policy.steps().stream()
                    .filter(step -> step.after().compareTo(escalation.taken()) > 0)
                    .findFirst()
                    .orElse(null);
            if (escalation.stopped() || next == null) {
                state = state.wakeAt(null);
                return;
            }
            Instant due = silence.since().plus(next.after()).plus(escalation.shift());
            if (due.isAfter(until)) {
                wake(due.isAfter(now) ? due : now);
                return;
            }
            Duration late = Duration.between(due, now);
            if (late.compareTo(TOLERANCE) > 0) {
                state = state.with(escalation.shiftedBy(late));
            }
            List<Integer> pending = IntStream.range(0, policy.steps().size())
                    .filter(i -> policy.steps().get(i).after().equals(next.after()))
                    .boxed()
                    .toList();
            state = state.wakeAt(null);
            take(policy, pending, now);
        }

        /** An earlier look does no harm, and a later one can wait for it: one timer for a conversation is enough. */
        private void wake(Instant at) {
            Instant planned = state.wakeAt();
            boolean keeps = planned != null && planned.isAfter(now) && !planned.isAfter(at);
            state = keeps ? state : state.wakeAt(at);
        }

        /** Steps of one time until one must be waited for. */
        private void take(InactivityPolicy policy, List<Integer> steps, Instant decidedAt) {
            List<Integer> left = steps;
            while (!left.isEmpty()) {
                PendingStep pending = pending(policy, left, decidedAt, Set.of(), false);
                Step step = policy.steps().get(left.get(0));
                if (policy.dryRun() || step.action() == Action.NOTIFY) {
                    note(policy, pending, policy.dryRun() ? "dry-run" : "notified", null);
                } else {
                    Set<String> awaiting = begin(policy, pending, step);
                    if (!awaiting.isEmpty()) {
                        boolean closing = step.action() == Action.CLOSE && awaiting.contains(sid);
                        PendingStep begun = pending(policy, left, decidedAt, awaiting, closing);
                        note(policy, begun, null, null);
                        state = state.with(state.escalation().with(begun)).wakeAt(now.plus(patience));
                        return;
                    }
                }
                left = left.subList(1, left.size());
            }
            state = state.with(
                    state.escalation().taken(policy.steps().get(steps.get(0)).after()));
            plan(NEVER);
        }

        private PendingStep pending(
                InactivityPolicy policy, List<Integer> left, Instant decidedAt, Set<String> awaiting, boolean closing) {
            int position = left.get(0);
            long lastIndex = Math.max(snapshot.lastIndex(), state.ownIndex());
            String stepId = sid + "/" + state.escalation().silence() + "@" + lastIndex + "/" + position + "-"
                    + policy.steps().get(position).action().label();
            return new PendingStep(
                    policy.name(), List.copyOf(left), decidedAt, stepId, awaiting, lastIndex, closing, now);
        }

        /** Gives of whom it is waited for; of nobody when there is nothing to do it to. */
        private Set<String> begin(InactivityPolicy policy, PendingStep pending, Step step) {
            List<Assignment> open = state.open().toList();
            switch (step.action()) {
                case WARN -> {
                    String text = step.textIn(language(policy));
                    outputs.add(new InactivityOutput.Do(new PostMessage(
                            pending.stepId(), sid, now, text, pending.lastIndex(), snapshot.chatServiceSid())));
                    return Set.of(sid);
                }
                case WRAP_UP -> {
                    return want(policy, open, pending, TaskActionRequest.Action.WRAP_UP, null);
                }
                case COMPLETE -> {
                    return want(policy, tasks(), pending, TaskActionRequest.Action.COMPLETE, null);
                }
                case PARK -> {
                    List<Assignment> here = open.stream()
                            .filter(task ->
                                    !state.parked().containsKey(task.task().taskSid()))
                            .toList();
                    return want(policy, here, pending, TaskActionRequest.Action.PARK, step.channel());
                }
                case CLOSE -> {
                    Task.Interaction interaction = interaction();
                    if (interaction != null && !open.isEmpty()) {
                        // closing the channel ends its tasks, and their last numbers must stand on them before
                        return want(policy, open, pending, TaskActionRequest.Action.WRAP_UP, null);
                    }
                    return close(pending, interaction);
                }
                case NOTIFY -> throw new IllegalStateException("Expected a step that does something");
            }
            throw new IllegalStateException("Expected a known action but it is " + step.action());
        }

        private Set<String> close(PendingStep pending, Task.@Nullable Interaction interaction) {
            outputs.add(new InactivityOutput.Do(new CloseConversation(
                    pending.stepId(), sid, now, interaction, pending.lastIndex(), snapshot.chatServiceSid())));
            return Set.of(sid);
        }

        private Set<String> want(
                InactivityPolicy policy,
                List<Assignment> tasks,
                PendingStep pending,
                TaskActionRequest.Action action,
                @Nullable String channel) {
            Set<String> sids = new TreeSet<>();
            for (Assignment assignment : tasks) {
                String taskSid = assignment.task().taskSid();
                sids.add(taskSid);
                outputs.add(new InactivityOutput.Request(new TaskActionRequest(
                        pending.stepId(),
                        taskSid,
                        action,
                        channel,
                        new Silence(sid, pending.lastIndex(), snapshot.chatServiceSid()),
                        reason(policy, pending))));
            }
            return sids;
        }

        private static String reason(InactivityPolicy policy, PendingStep pending) {
            Step step = policy.steps().get(pending.left().get(0));
            String who =
                    switch (policy.silence()) {
                        case CUSTOMER -> "customer";
                        case AGENT -> "agent";
                        case ANYONE -> "everybody";
                    };
            return who + " silent for " + step.after();
        }

        /** Of all tasks of the conversation, also those that a step before has ended. */
        private Task.@Nullable Interaction interaction() {
            return state.tasks().values().stream()
                    .max(Comparator.comparing(task -> task.described().toldAt()))
                    .map(task -> task.task().interaction())
                    .orElse(null);
        }

        private @Nullable String language(InactivityPolicy policy) {
            return state.tasks().values().stream()
                    .sorted(Comparator.comparing(
                                    (Assignment task) -> task.described().toldAt())
                            .reversed())
                    .flatMap(task -> Stream.ofNullable(task.task().attributes().get(policy.language())))
                    .findFirst()
                    .orElse(null);
        }

        /** Tasks that are parked come back when the silence because of which they are is over. */
        private void comeBack(@Nullable Silenced silence) {
            for (Map.Entry<String, InactivityState.Parked> entry :
                    state.parked().entrySet()) {
                String taskSid = entry.getKey();
                if (silence != null && silence.id().equals(entry.getValue().silence())) {
                    continue;
                }
                Assignment task = state.tasks().get(taskSid);
                if (task != null && task.isHeld()) {
                    outputs.add(new InactivityOutput.Request(new TaskActionRequest(
                            sid + "/" + entry.getValue().silence() + "@" + snapshot.lastIndex() + "/return",
                            taskSid,
                            TaskActionRequest.Action.RETURN,
                            entry.getValue().from(),
                            null,
                            "somebody wrote")));
                }
                state = state.returned(taskSid);
            }
        }

        private Optional<Silenced> silence(InactivityPolicy policy) {
            Silenced begun = from(policy).orElse(null);
            if (begun == null) {
                return Optional.empty();
            }
            Silenced from = transfersOver().reduce(begun, Silenced::later);
            Instant session = state.sessionStart();
            LastMessages lastMessages = snapshot.lastMessages();
            LastMessages.Said customer = within(session, lastMessages.customer());
            boolean owes = customer != null && lastMessages.answer() == null;
            if (policy.pauseWhileAgentOwesReply() && owes) {
                return Optional.empty();
            }
            LastMessages.Said anchor =
                    switch (policy.silence()) {
                        case CUSTOMER ->
                            policy.pauseWhileAgentOwesReply() && customer != null ? lastMessages.answer() : customer;
                        case AGENT -> within(session, lastMessages.agent());
                        case ANYONE -> within(session, lastMessages.anyone());
                    };
            return Optional.of(
                    anchor == null ? from : Silenced.later(from, new Silenced("m" + anchor.index(), anchor.at())));
        }

        private static LastMessages.@Nullable Said within(Instant session, LastMessages.@Nullable Said said) {
            return said == null || said.at().isBefore(session) ? null : said;
        }

        /** Before which nobody is silent; absent while that has not happened. */
        private Optional<Silenced> from(InactivityPolicy policy) {
            return switch (policy.from()) {
                case ACCEPTED ->
                    reservations()
                            .filter(entry -> entry.getValue().acceptedAt() != null)
                            .map(entry -> new Silenced(
                                    entry.getKey(),
                                    Objects.requireNonNull(entry.getValue().acceptedAt())))
                            .reduce(Silenced::later);
                case FIRST_AGENT_MESSAGE ->
                    reservations()
                            .filter(entry -> snapshot.firstReplies().containsKey(entry.getKey()))
                            .map(entry -> new Silenced(
                                    entry.getKey(),
                                    Objects.requireNonNull(
                                            snapshot.firstReplies().get(entry.getKey()))))
                            .min(Comparator.comparing(Silenced::since));
                case QUEUED ->
                    tasks().stream()
                            .flatMap(task -> Stream.ofNullable(task.createdAt())
                                    .map(at -> new Silenced(task.task().taskSid(), at)))
                            .reduce(Silenced::later)
                            .or(() -> reservations()
                                    .flatMap(entry -> Stream.ofNullable(
                                                    entry.getValue().acceptedAt())
                                            .map(at -> new Silenced(entry.getKey(), at)))
                                    .reduce(Silenced::later));
            };
        }

        /** Whoever waited for another agent in vain was not silent. */
        private Stream<Silenced> transfersOver() {
            return state.tasks().values().stream().flatMap(assignment -> {
                String taskSid = assignment.task().taskSid();
                Stream<Silenced> failed = Stream.ofNullable(assignment.transfer())
                        .map(transfer -> new Silenced(taskSid + "/" + transfer.toldBy(), transfer.toldAt()));
                boolean accepted =
                        assignment.reservations().values().stream().anyMatch(window -> window.acceptedAt() != null);
                return accepted
                        ? failed
                        : Stream.concat(
                                failed, Stream.ofNullable(assignment.endedAt()).map(end -> new Silenced(taskSid, end)));
            });
        }

        private Stream<Map.Entry<String, ReservationWindow>> reservations() {
            return state.held()
                    .flatMap(task -> task.reservations().entrySet().stream())
                    .filter(entry -> entry.getValue().isHeld());
        }

        private void settle(StepFact fact) {
            remember(fact);
            if (!isAwaited(state, fact)) {
                plan(NEVER);
                return;
            }
            PendingStep pending = Objects.requireNonNull(state.escalation().pending());
            InactivityPolicy policy = configuration.policies().stream()
                    .filter(one -> one.name().equals(pending.policy()))
                    .filter(one -> one.steps().size() > Collections.max(pending.left()))
                    .findFirst()
                    .orElse(null);
            if (policy == null) {
                // another configuration than when it began
                state = state.with(state.escalation().stop());
                plan(NEVER);
                return;
            }
            Action action = policy.steps().get(pending.left().get(0)).action();
            switch (fact.result()) {
                case "overtaken" -> overtaken(policy, pending);
                case "refused", "gave-up" -> fail(policy, pending, fact);
                case "gone" -> {
                    if (action == Action.WARN) {
                        fail(policy, pending, fact);
                    } else {
                        goOn(policy, pending, fact);
                    }
                }
                default -> goOn(policy, pending, fact);
            }
        }

        private void fail(InactivityPolicy policy, PendingStep pending, StepFact fact) {
            note(policy, pending, fact.result(), fact.reason());
            state = state.with(state.escalation().stop());
            plan(NEVER);
        }

        /** Somebody wrote. If it does not end the silence (the system did), it is tried again. */
        private void overtaken(InactivityPolicy policy, PendingStep pending) {
            boolean lasts = lasts(policy, pending);
            if (lasts && snapshot.lastIndex() > pending.lastIndex()) {
                take(policy, pending.left(), pending.decidedAt());
                return;
            }
            note(policy, pending, "overtaken", null);
            state = state.with(state.escalation().with(null));
            if (lasts) {
                state = state.wakeAt(now.plus(BEFORE_ANOTHER_LOOK));
            } else {
                plan(NEVER);
            }
        }

        /** Whether the silence goes on; when a step has ended the tasks, whether nobody has spoken since. */
        private boolean lasts(InactivityPolicy policy, PendingStep pending) {
            LastMessages.Said last = snapshot.lastMessages().anyone();
            return tasks().isEmpty()
                    ? last == null || last.index() <= pending.lastIndex()
                    : silence(policy).map(state.escalation()::isAbout).orElse(false);
        }

        private void goOn(InactivityPolicy policy, PendingStep pending, StepFact fact) {
            Set<String> awaiting = new TreeSet<>(pending.awaiting());
            awaiting.remove(fact.subject());
            Step step = policy.steps().get(pending.left().get(0));
            boolean lasts = lasts(policy, pending);
            boolean closes = awaiting.isEmpty() && step.action() == Action.CLOSE && !pending.closing() && lasts;
            if (closes) {
                awaiting.addAll(close(pending, interaction()));
            }
            if (!awaiting.isEmpty()) {
                state = state.with(
                                state.escalation().with(pending.awaiting(awaiting, pending.closing() || closes, now)))
                        .wakeAt(now.plus(patience));
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

        /** What was done was done, whether it is still waited for or not. */
        private void remember(StepFact fact) {
            Published told = Published.of(fact, now);
            if (fact.result().equals("posted") && fact.index() != null) {
                List<String> reservations = state.held()
                        .flatMap(task -> task.reservations().entrySet().stream())
                        .filter(entry -> entry.getValue().isOpen())
                        .map(Map.Entry::getKey)
                        .toList();
                if (fact.index() > state.ownIndex()) {
                    state = state.warned(reservations, fact.index());
                    reservations.forEach(this::tellWarnings);
                }
            } else if (fact.result().equals("changed")) {
                Assignment task = state.tasks().get(fact.subject());
                if (told.isPark() && task != null && task.task().channel() != null) {
                    state = state.parked(
                            fact.subject(),
                            new InactivityState.Parked(task.task().channel(), told.silence()));
                } else if (!told.isPark()) {
                    state = state.wrapped(fact.subject());
                }
            }
        }

        private void tellWarnings(String reservationSid) {
            state.tasks().values().stream()
                    .filter(task -> task.reservations().containsKey(reservationSid))
                    .findFirst()
                    .ifPresent(task -> outputs.add(new InactivityOutput.Tell(new Contribution(
                            Contribution.Feature.INACTIVITY,
                            task.task().taskSid(),
                            reservationSid,
                            null,
                            Map.of(
                                    Metric.INACTIVITY_WARNINGS,
                                    BigDecimal.valueOf(state.warnings().getOrDefault(reservationSid, 0))),
                            null))));
        }

        private void note(
                InactivityPolicy policy, PendingStep pending, @Nullable String result, @Nullable String reason) {
            Step step = policy.steps().get(pending.left().get(0));
            outputs.add(new InactivityOutput.Note(new InactivityStep(
                    pending.stepId(),
                    sid,
                    policy.name(),
                    step.action().label(),
                    step.after(),
                    state.escalation().since(),
                    pending.decidedAt(),
                    tasks().stream()
                            .map(task -> task.task().taskSid())
                            .sorted()
                            .limit(InactivityStep.MOST_TASKS)
                            .collect(Collectors.toList()),
                    result,
                    reason)));
        }
    }
}
