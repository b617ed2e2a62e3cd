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
import io.flexmetry.processors.conversation.Speech;
import io.flexmetry.processors.conversation.Talk;
import io.flexmetry.processors.inactivity.Ladder.Rung;
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
 * <p>Steps of one time are a rung. A rung is taken when the silence has lasted so long, and carried through step by step,
 * each when the one before is settled, unless a message ends the silence. So each step is taken once at most in a silence.
 */
final class InactivityRules {

    /** A step that is later than that moves the later ones on: a warning must leave the time that it gives. */
    private static final Duration TOLERANCE = Duration.ofSeconds(30);

    /** When the sink finds a message that cannot be read here. */
    private static final Duration BEFORE_ANOTHER_LOOK = Duration.ofSeconds(10);

    /** A task that is completed goes through wrap-up before. */
    private static final int COMMANDS_OF_A_REQUEST = 2;

    /** More than whoever grants actions takes beyond what the sink takes. */
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
     * @param next the scene from now on
     * @param outputs commands, actions and notes, in order
     */
    record Decision(Scene next, List<InactivityOutput> outputs) {}

    /** After how long at the earliest a silence that begins here leads to something; absent when none does. */
    Optional<Duration> shortest(Scene scene) {
        return scene.closed() ? Optional.empty() : policy(scene, tasks(scene)).map(InactivityPolicy::firstAfter);
    }

    private static List<Assignment> tasks(Scene scene) {
        return Stream.concat(scene.held(), scene.waiting()).toList();
    }

    /**
     * Looks at the scene: takes what is due, or says when to look again.
     *
     * @param now our clock
     * @param until what was due until then may be done, because all that had happened until then is known
     */
    Decision plan(String sid, Scene scene, Talk talk, Instant now, Instant until) {
        Planning planning = new Planning(sid, scene, talk, now);
        planning.plan(until);
        return planning.decision();
    }

    /** A step was settled: the next one of its rung is taken, or the rung is over. */
    Decision settle(String sid, Scene scene, Talk talk, StepFact fact, Instant now) {
        Planning planning = new Planning(sid, scene, talk, now);
        planning.settle(fact);
        return planning.decision();
    }

    /** A step was settled of which this state knows nothing else yet. */
    Decision remember(String sid, Scene scene, StepFact fact, Instant now) {
        Planning planning = new Planning(sid, scene, Talk.NONE, now);
        planning.remember(fact);
        return planning.decision();
    }

    /** When all has been read it is looked at; nothing is done before. */
    static Scene lookLater(Scene scene, Instant now) {
        Instant planned = scene.wakeAt();
        return planned != null && !planned.isAfter(now) ? scene : scene.wakeAt(now);
    }

    /** Whether a step is the one that is under way. */
    static boolean isAwaited(Scene scene, StepFact fact) {
        Rung rung = scene.ladder().rung();
        return rung != null
                && rung.stepId().equals(fact.stepId())
                && rung.awaiting().contains(fact.subject());
    }

    /** The first policy that holds for one of the tasks. */
    private Optional<InactivityPolicy> policy(Scene scene, List<Assignment> tasks) {
        return configuration.policies().stream()
                .filter(policy -> tasks.stream().anyMatch(task -> holds(policy, scene, task)))
                .findFirst();
    }

    /** A parked task counts as being on the channel from which it was parked. */
    private boolean holds(InactivityPolicy policy, Scene scene, Assignment assignment) {
        Task task = assignment.task();
        Scene.Parked parked = scene.parked().get(task.taskSid());
        String channel = parked == null ? task.channel() : parked.from();
        boolean inTime = policy.from() == InactivityPolicy.From.QUEUED || !assignment.isWaiting();
        return inTime
                && channel != null
                && chatChannels.contains(channel)
                && policy.match().holdsFor(channel, task.queueName(), task.workflowName(), task.attributes());
    }

    /** One decision in the making. */
    private final class Planning {
        private final String sid;
        private final Talk talk;
        private final Instant now;
        private final List<InactivityOutput> outputs = new ArrayList<>();
        private Scene scene;

        private Planning(String sid, Scene scene, Talk talk, Instant now) {
            this.sid = sid;
            this.scene = scene;
            this.talk = talk;
            this.now = now;
        }

        private Decision decision() {
            return new Decision(scene, outputs);
        }

        private List<Assignment> tasks() {
            return InactivityRules.tasks(scene);
        }

        private void plan(Instant until) {
            if (scene.ladder().rung() != null) {
                // what was begun is settled before anything else, and then it shows whether it is carried through
                awaitOrGiveUp(scene.ladder().rung(), until);
                return;
            }
            List<Assignment> tasks = tasks();
            InactivityPolicy policy = policy(scene, tasks).orElse(null);
            boolean over = policy == null || scene.closed() || talk.internal();
            if (over || scene.isBeingTransferred()) {
                comeBack(null);
                scene = scene.with(Ladder.NONE).wakeAt(null);
                return;
            }
            Silenced silence = silence(Objects.requireNonNull(policy)).orElse(null);
            comeBack(silence);
            if (silence == null) {
                scene = scene.with(Ladder.NONE);
                wake(now.plus(policy.firstAfter()));
                return;
            }
            if (!scene.ladder().isAbout(silence)) {
                scene = scene.with(begun(policy, silence));
            }
            climb(policy, silence, until);
        }

        /**
         * What has not been settled for so long never is: nothing of it is in Kafka, and the sink and whoever grants actions would
         * have given up. If news comes even so, it is remembered and changes no more.
         */
        private void awaitOrGiveUp(Rung rung, Instant until) {
            Instant lostAt = rung.since().plus(patience);
            if (lostAt.isAfter(until)) {
                scene = scene.wakeAt(lostAt);
                return;
            }
            configuration.policies().stream()
                    .filter(policy -> policy.name().equals(rung.policy()))
                    .filter(policy -> policy.steps().size() > rung.left().get(0))
                    .findFirst()
                    .ifPresent(policy -> note(policy, rung, "gave-up", "no outcome within " + patience));
            scene = scene.with(scene.ladder().stop()).wakeAt(null);
            plan(NEVER);
        }

        /** At the bottom, unless steps of this silence are known to be taken: by a state that was dropped, or before a pause. */
        private Ladder begun(InactivityPolicy policy, Silenced silence) {
            Ladder ladder = Ladder.of(silence);
            Told told = scene.told(silence.id())
                    .filter(step -> step.position() < policy.steps().size())
                    .orElse(null);
            if (told == null) {
                return ladder;
            }
            Step step = policy.steps().get(told.position());
            if (!step.action().label().equals(told.label())) {
                // another policy than then
                return ladder;
            }
            return told.hasFailed() ? ladder.stop() : ladder.taken(step.after());
        }

        private void climb(InactivityPolicy policy, Silenced silence, Instant until) {
            Ladder ladder = scene.ladder().since(silence.since());
            scene = scene.with(ladder);
            Step next = policy.steps().stream()
                    .filter(step -> step.after().compareTo(ladder.taken()) > 0)
                    .findFirst()
                    .orElse(null);
            if (ladder.stopped() || next == null) {
                scene = scene.wakeAt(null);
                return;
            }
            Instant due = silence.since().plus(next.after()).plus(ladder.shift());
            if (due.isAfter(until)) {
                wake(due.isAfter(now) ? due : now);
                return;
            }
            Duration late = Duration.between(due, now);
            if (late.compareTo(TOLERANCE) > 0) {
                scene = scene.with(ladder.shiftedBy(late));
            }
            List<Integer> rung = IntStream.range(0, policy.steps().size())
                    .filter(i -> policy.steps().get(i).after().equals(next.after()))
                    .boxed()
                    .toList();
            scene = scene.wakeAt(null);
            take(policy, rung, now);
        }

        /** An earlier look does no harm, and a later one can wait for it: one timer for a conversation is enough. */
        private void wake(Instant at) {
            Instant planned = scene.wakeAt();
            boolean keeps = planned != null && planned.isAfter(now) && !planned.isAfter(at);
            scene = keeps ? scene : scene.wakeAt(at);
        }

        /** Steps of a rung until one must be waited for. */
        private void take(InactivityPolicy policy, List<Integer> steps, Instant decidedAt) {
            List<Integer> left = steps;
            while (!left.isEmpty()) {
                Rung rung = rung(policy, left, decidedAt, Set.of(), false);
                Step step = policy.steps().get(left.get(0));
                if (policy.dryRun() || step.action() == Action.NOTIFY) {
                    note(policy, rung, policy.dryRun() ? "dry-run" : "notified", null);
                } else {
                    Set<String> awaiting = begin(policy, rung, step);
                    if (!awaiting.isEmpty()) {
                        boolean closing = step.action() == Action.CLOSE && awaiting.contains(sid);
                        Rung begun = rung(policy, left, decidedAt, awaiting, closing);
                        note(policy, begun, null, null);
                        scene = scene.with(scene.ladder().with(begun)).wakeAt(now.plus(patience));
                        return;
                    }
                }
                left = left.subList(1, left.size());
            }
            scene = scene.with(
                    scene.ladder().taken(policy.steps().get(steps.get(0)).after()));
            plan(NEVER);
        }

        private Rung rung(
                InactivityPolicy policy, List<Integer> left, Instant decidedAt, Set<String> awaiting, boolean closing) {
            int position = left.get(0);
            long lastIndex = Math.max(talk.lastIndex(), scene.ownIndex());
            String stepId = sid + "/" + scene.ladder().silence() + "@" + lastIndex + "/" + position + "-"
                    + policy.steps().get(position).action().label();
            return new Rung(policy.name(), List.copyOf(left), decidedAt, stepId, awaiting, lastIndex, closing, now);
        }

        /** Gives of whom it is waited for; of nobody when there is nothing to do it to. */
        private Set<String> begin(InactivityPolicy policy, Rung rung, Step step) {
            List<Assignment> open = scene.open().toList();
            switch (step.action()) {
                case WARN -> {
                    String text = step.textIn(language(policy));
                    outputs.add(
                            new InactivityOutput.Do(new PostMessage(rung.stepId(), sid, now, text, rung.lastIndex())));
                    return Set.of(sid);
                }
                case WRAP_UP -> {
                    return want(policy, open, rung, TaskActionRequest.Action.WRAP_UP, null);
                }
                case COMPLETE -> {
                    return want(policy, tasks(), rung, TaskActionRequest.Action.COMPLETE, null);
                }
                case PARK -> {
                    List<Assignment> here = open.stream()
                            .filter(task ->
                                    !scene.parked().containsKey(task.task().taskSid()))
                            .toList();
                    return want(policy, here, rung, TaskActionRequest.Action.PARK, step.channel());
                }
                case CLOSE -> {
                    Task.Interaction interaction = interaction();
                    if (interaction != null && !open.isEmpty()) {
                        // closing the channel ends its tasks, and their last numbers must stand on them before
                        return want(policy, open, rung, TaskActionRequest.Action.WRAP_UP, null);
                    }
                    return close(rung, interaction);
                }
                case NOTIFY -> throw new IllegalStateException("Expected a step that does something");
            }
            throw new IllegalStateException("Expected a known action but it is " + step.action());
        }

        private Set<String> close(Rung rung, Task.@Nullable Interaction interaction) {
            outputs.add(new InactivityOutput.Do(
                    new CloseConversation(rung.stepId(), sid, now, interaction, rung.lastIndex())));
            return Set.of(sid);
        }

        private Set<String> want(
                InactivityPolicy policy,
                List<Assignment> tasks,
                Rung rung,
                TaskActionRequest.Action action,
                @Nullable String channel) {
            Set<String> sids = new TreeSet<>();
            for (Assignment assignment : tasks) {
                String taskSid = assignment.task().taskSid();
                sids.add(taskSid);
                outputs.add(new InactivityOutput.Request(new TaskActionRequest(
                        rung.stepId(),
                        taskSid,
                        action,
                        channel,
                        new Silence(sid, rung.lastIndex()),
                        reason(policy, rung))));
            }
            return sids;
        }

        private static String reason(InactivityPolicy policy, Rung rung) {
            Step step = policy.steps().get(rung.left().get(0));
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
            return scene.tasks().values().stream()
                    .max(Comparator.comparing(task -> task.described().toldAt()))
                    .map(task -> task.task().interaction())
                    .orElse(null);
        }

        private @Nullable String language(InactivityPolicy policy) {
            return scene.tasks().values().stream()
                    .sorted(Comparator.comparing(
                                    (Assignment task) -> task.described().toldAt())
                            .reversed())
                    .flatMap(task -> Stream.ofNullable(task.task().attributes().get(policy.language())))
                    .findFirst()
                    .orElse(null);
        }

        /** Tasks that are parked come back when the silence because of which they are is over. */
        private void comeBack(@Nullable Silenced silence) {
            for (Map.Entry<String, Scene.Parked> entry : scene.parked().entrySet()) {
                String taskSid = entry.getKey();
                if (silence != null && silence.id().equals(entry.getValue().silence())) {
                    continue;
                }
                Assignment task = scene.tasks().get(taskSid);
                if (task != null && task.isHeld()) {
                    outputs.add(new InactivityOutput.Request(new TaskActionRequest(
                            sid + "/" + entry.getValue().silence() + "@" + talk.lastIndex() + "/return",
                            taskSid,
                            TaskActionRequest.Action.RETURN,
                            entry.getValue().from(),
                            null,
                            "somebody wrote")));
                }
                scene = scene.returned(taskSid);
            }
        }

        private Optional<Silenced> silence(InactivityPolicy policy) {
            Silenced begun = from(policy).orElse(null);
            if (begun == null) {
                return Optional.empty();
            }
            Silenced from = transfersOver().reduce(begun, Silenced::later);
            Instant session = scene.sessionStart();
            Speech speech = talk.speech();
            Speech.Said customer = within(session, speech.customer());
            boolean owes = customer != null && speech.answer() == null;
            if (policy.pauseWhileAgentOwesReply() && owes) {
                return Optional.empty();
            }
            Speech.Said anchor =
                    switch (policy.silence()) {
                        case CUSTOMER ->
                            policy.pauseWhileAgentOwesReply() && customer != null ? speech.answer() : customer;
                        case AGENT -> within(session, speech.agent());
                        case ANYONE -> within(session, speech.anyone());
                    };
            return Optional.of(
                    anchor == null ? from : Silenced.later(from, new Silenced("m" + anchor.index(), anchor.at())));
        }

        private static Speech.@Nullable Said within(Instant session, Speech.@Nullable Said said) {
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
                            .filter(entry -> talk.firstReplies().containsKey(entry.getKey()))
                            .map(entry -> new Silenced(
                                    entry.getKey(),
                                    Objects.requireNonNull(talk.firstReplies().get(entry.getKey()))))
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
            return scene.tasks().values().stream().flatMap(assignment -> {
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
            return scene.held()
                    .flatMap(task -> task.reservations().entrySet().stream())
                    .filter(entry -> entry.getValue().isHeld());
        }

        private void settle(StepFact fact) {
            remember(fact);
            if (!isAwaited(scene, fact)) {
                plan(NEVER);
                return;
            }
            Rung rung = Objects.requireNonNull(scene.ladder().rung());
            InactivityPolicy policy = configuration.policies().stream()
                    .filter(one -> one.name().equals(rung.policy()))
                    .filter(one -> one.steps().size() > Collections.max(rung.left()))
                    .findFirst()
                    .orElse(null);
            if (policy == null) {
                // another configuration than when it began
                scene = scene.with(scene.ladder().stop());
                plan(NEVER);
                return;
            }
            Action action = policy.steps().get(rung.left().get(0)).action();
            switch (fact.result()) {
                case "overtaken" -> overtaken(policy, rung);
                case "refused", "gave-up" -> fail(policy, rung, fact);
                case "gone" -> {
                    if (action == Action.WARN) {
                        fail(policy, rung, fact);
                    } else {
                        goOn(policy, rung, fact);
                    }
                }
                default -> goOn(policy, rung, fact);
            }
        }

        private void fail(InactivityPolicy policy, Rung rung, StepFact fact) {
            note(policy, rung, fact.result(), fact.reason());
            scene = scene.with(scene.ladder().stop());
            plan(NEVER);
        }

        /** Somebody wrote. If it does not end the silence (the system did), it is tried again. */
        private void overtaken(InactivityPolicy policy, Rung rung) {
            boolean lasts = lasts(policy, rung);
            if (lasts && talk.lastIndex() > rung.lastIndex()) {
                take(policy, rung.left(), rung.decidedAt());
                return;
            }
            note(policy, rung, "overtaken", null);
            scene = scene.with(scene.ladder().with(null));
            if (lasts) {
                scene = scene.wakeAt(now.plus(BEFORE_ANOTHER_LOOK));
            } else {
                plan(NEVER);
            }
        }

        /** Whether the silence goes on; when a step has ended the tasks, whether nobody has spoken since. */
        private boolean lasts(InactivityPolicy policy, Rung rung) {
            Speech.Said last = talk.speech().anyone();
            return tasks().isEmpty()
                    ? last == null || last.index() <= rung.lastIndex()
                    : silence(policy).map(scene.ladder()::isAbout).orElse(false);
        }

        private void goOn(InactivityPolicy policy, Rung rung, StepFact fact) {
            Set<String> awaiting = new TreeSet<>(rung.awaiting());
            awaiting.remove(fact.subject());
            Step step = policy.steps().get(rung.left().get(0));
            boolean lasts = lasts(policy, rung);
            boolean closes = awaiting.isEmpty() && step.action() == Action.CLOSE && !rung.closing() && lasts;
            if (closes) {
                awaiting.addAll(close(rung, interaction()));
            }
            if (!awaiting.isEmpty()) {
                scene = scene.with(scene.ladder().with(rung.awaiting(awaiting, rung.closing() || closes, now)))
                        .wakeAt(now.plus(patience));
                return;
            }
            note(policy, rung, fact.result(), null);
            List<Integer> left = rung.left().subList(1, rung.left().size());
            if (left.isEmpty() || !lasts) {
                scene = scene.with(scene.ladder().taken(step.after()));
                plan(NEVER);
            } else {
                take(policy, left, rung.decidedAt());
            }
        }

        /** What was done was done, whether it is still waited for or not. */
        private void remember(StepFact fact) {
            Told told = Told.of(fact, now);
            if (fact.result().equals("posted") && fact.index() != null) {
                List<String> reservations = scene.held()
                        .flatMap(task -> task.reservations().entrySet().stream())
                        .filter(entry -> entry.getValue().isOpen())
                        .map(Map.Entry::getKey)
                        .toList();
                if (fact.index() > scene.ownIndex()) {
                    scene = scene.warned(reservations, fact.index());
                    reservations.forEach(this::tellWarnings);
                }
            } else if (fact.result().equals("changed")) {
                Assignment task = scene.tasks().get(fact.subject());
                if (told.isPark() && task != null && task.task().channel() != null) {
                    scene = scene.parked(
                            fact.subject(), new Scene.Parked(task.task().channel(), told.silence()));
                } else if (!told.isPark()) {
                    scene = scene.wrapped(fact.subject());
                }
            }
        }

        private void tellWarnings(String reservationSid) {
            scene.tasks().values().stream()
                    .filter(task -> task.reservations().containsKey(reservationSid))
                    .findFirst()
                    .ifPresent(task -> outputs.add(new InactivityOutput.Tell(new Contribution(
                            Contribution.Feature.INACTIVITY,
                            task.task().taskSid(),
                            reservationSid,
                            null,
                            Map.of(
                                    Metric.INACTIVITY_WARNINGS,
                                    BigDecimal.valueOf(scene.warnings().getOrDefault(reservationSid, 0))),
                            null))));
        }

        private void note(InactivityPolicy policy, Rung rung, @Nullable String result, @Nullable String reason) {
            Step step = policy.steps().get(rung.left().get(0));
            outputs.add(new InactivityOutput.Note(new InactivityStep(
                    rung.stepId(),
                    sid,
                    policy.name(),
                    step.action().label(),
                    step.after(),
                    scene.ladder().since(),
                    rung.decidedAt(),
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
