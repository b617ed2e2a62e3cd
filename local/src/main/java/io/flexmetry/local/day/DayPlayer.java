package io.flexmetry.local.day;

import io.flexmetry.local.day.Step.Delivery;
import io.flexmetry.local.twilio.ConversationStore;
import io.flexmetry.local.twilio.InsightsStore;
import io.flexmetry.local.twilio.Journal;
import io.flexmetry.local.twilio.SimulatedAccount;
import io.flexmetry.local.twilio.SimulatedTask;
import io.flexmetry.local.twilio.TaskStore;
import io.flexmetry.local.twilio.WebhookSender;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Plays the day: each step changes the simulated TaskRouter and sends its webhook until ingest has accepted it. Each
 * step is recorded in the journal, so that a player with the same journal continues with the next one.
 */
public final class DayPlayer {

    /** Eight hours in fifteen seconds. */
    private static final Duration PLAYING_TIME = Duration.ofSeconds(15);

    private static final long FASTER = SampleDay.LENGTH.toNanos() / PLAYING_TIME.toNanos();
    private static final Duration RETRY = Duration.ofMillis(250);
    private static final int ACCEPTED = 204;
    private static final int UNAVAILABLE = 503;
    private static final String ENTRY = "step";
    private static final Duration POLL = Duration.ofMillis(20);
    private static final String SCORE = "\"conversation_measure_5\"";

    private final List<Step> steps;
    private final TaskStore tasks;
    private final ConversationStore conversations;
    private final InsightsStore calls;
    private final WebhookSender sender;
    private final Journal journal;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private Duration patience = Duration.ofSeconds(20);
    private volatile Progress progress;
    private volatile long overSince = System.nanoTime();

    /**
     * The progress of the day.
     *
     * @param done steps that are done
     * @param of number of steps
     * @param accepted webhooks that were answered with 204
     * @param rejected webhooks that were refused
     * @param next the day's time at the next step, or at the end of the day
     */
    public record Progress(int done, int of, int accepted, int rejected, Instant next) {
        private Progress and(int accepted, int rejected, Instant next) {
            return new Progress(done + 1, of, this.accepted + accepted, this.rejected + rejected, next);
        }

        public boolean isOver() {
            return done == of;
        }
    }

    /**
     * Creates a player.
     *
     * @param withBeacon whether Twilio accepts the agents' tokens
     */
    public DayPlayer(
            SimulatedAccount account,
            TaskStore tasks,
            ConversationStore conversations,
            InsightsStore calls,
            WebhookSender sender,
            Journal journal,
            boolean withBeacon) {
        this.steps = SampleDay.steps(account).stream()
                .filter(step -> withBeacon || step.beacon() == null)
                .toList();
        this.tasks = tasks;
        this.conversations = conversations;
        this.calls = calls;
        SampleDay.calls(account).forEach(calls::put);
        this.sender = sender;
        this.journal = journal;
        this.progress = noted(journal).orElseGet(() -> new Progress(0, steps.size(), 0, 0, at(0)));
    }

    /** The day's time when the player of this journal ended or was killed. */
    public static Instant clock(Journal journal) {
        return noted(journal).map(Progress::next).orElse(SampleDay.START);
    }

    private static Optional<Progress> noted(Journal journal) {
        List<Progress> noted = journal.entries(ENTRY, Progress.class);
        return noted.isEmpty() ? Optional.empty() : Optional.of(noted.get(noted.size() - 1));
    }

    public Progress progress() {
        return progress;
    }

    /** The day's time at the next step; after the last step it advances at the same speed. */
    public Instant clock() {
        Progress now = progress;
        return now.isOver() ? now.next().plusNanos((System.nanoTime() - overSince) * FASTER) : now.next();
    }

    private Instant at(int step) {
        return step == steps.size()
                ? SampleDay.START.plus(SampleDay.LENGTH)
                : steps.get(step).at();
    }

    /** SIDs of the reservations that are accepted during the day. */
    public List<String> acceptedReservations() {
        return steps.stream()
                .filter(step -> step.delivery() != Delivery.FORGED)
                .filter(step -> "reservation.accepted".equals(step.form().get("EventType")))
                .map(step -> step.form().get("ReservationSid"))
                .distinct()
                .toList();
    }

    /** Plays until the end of the day, or until it is stopped. */
    public void play() throws InterruptedException {
        Instant from = clock();
        long begun = System.nanoTime();
        while (!progress.isOver() && !stopped.get()) {
            Step step = steps.get(progress.done());
            awaitTurn(Duration.between(from, step.at()), begun);
            perform(step);
        }
    }

    public void stop() {
        stopped.set(true);
    }

    /** Waits until a step is due on the compressed clock. */
    private static void awaitTurn(Duration sinceStart, long begun) throws InterruptedException {
        long due = begun + sinceStart.toNanos() / FASTER;
        long left = due - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    /** Before a completion, waits for the score of the call: at the speed of the day the score would always be late. */
    private void awaitScore(Step step) throws InterruptedException {
        String taskSid = step.form().getOrDefault("TaskSid", "");
        SimulatedTask task = tasks.last(taskSid).orElse(null);
        if (!"completed".equals(step.movesTo()) || task == null || !calls.isAvailableBy(task.attributes(), step.at())) {
            return;
        }
        long deadline = System.nanoTime() + patience.toNanos();
        while (!stopped.get() && !tasks.last(taskSid).orElse(task).attributes().contains(SCORE)) {
            if (System.nanoTime() > deadline) {
                // nobody computes scores: one timeout is enough
                patience = Duration.ZERO;
                return;
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
    }

    private void perform(Step step) throws InterruptedException {
        awaitScore(step);
        if (step.delivery() != Delivery.FORGED) {
            if (step.creates() != null) {
                tasks.create(step.creates());
            }
            if (step.movesTo() != null) {
                tasks.move(step.form().getOrDefault("TaskSid", ""), step.movesTo());
            }
        }
        Map<String, String> form = withTaskState(step.form());
        if (step.delivery() != Delivery.FORGED) {
            applyToTwilio(form);
        }
        int accepted = 0;
        int rejected = 0;
        for (int time = 0; time < (step.delivery() == Delivery.TWICE ? 2 : 1); time++) {
            if (deliver(step, form) == ACCEPTED) {
                accepted++;
            } else {
                rejected++;
            }
        }
        overSince = System.nanoTime();
        progress = progress.and(accepted, rejected, at(progress.done() + 1));
        journal.append(ENTRY, progress);
    }

    /** Updates the simulated Twilio from its own webhooks. */
    private void applyToTwilio(Map<String, String> form) {
        String conversationSid = form.getOrDefault("ConversationSid", "");
        switch (form.getOrDefault("EventType", "")) {
            case "reservation.accepted" -> tasks.reserve(form);
            case "onMessageAdded" ->
                conversations.post(
                        conversationSid,
                        new ConversationStore.Posted(
                                form.getOrDefault("MessageSid", ""),
                                Long.parseLong(form.getOrDefault("Index", "0")),
                                form.getOrDefault("Author", ""),
                                form.get("ParticipantSid"),
                                form.getOrDefault("Body", ""),
                                "{}",
                                Instant.parse(form.getOrDefault("DateCreated", ""))));
            case "onMessageRemoved" ->
                conversations.remove(conversationSid, Long.parseLong(form.getOrDefault("Index", "0")));
            default -> {
                // not needed
            }
        }
    }

    /** Adds the parameters that depend on the current state of the task, including our own writes. */
    private Map<String, String> withTaskState(Map<String, String> form) {
        Map<String, String> filled = new HashMap<>(form);
        String taskSid = form.get("TaskSid");
        if (taskSid != null) {
            tasks.last(taskSid).ifPresent(task -> {
                filled.putIfAbsent("TaskAttributes", task.attributes());
                filled.putIfAbsent("TaskVersion", Integer.toString(task.version()));
                filled.putIfAbsent("TaskAssignmentStatus", task.status());
            });
        }
        return filled;
    }

    /** Sends until there is a final answer, like Twilio with the connection override {@code #rc=5&rp=all}. */
    private int deliver(Step step, Map<String, String> form) throws InterruptedException {
        while (true) {
            int status = send(step, form);
            if (status != UNAVAILABLE || stopped.get()) {
                return status;
            }
            TimeUnit.MILLISECONDS.sleep(RETRY.toMillis());
        }
    }

    private int send(Step step, Map<String, String> form) throws InterruptedException {
        try {
            if (step.beacon() != null) {
                return sender.sendBeacon(step.path(), step.beacon());
            }
            return step.delivery() == Delivery.FORGED
                    ? sender.sendForged(step.path(), form)
                    : sender.send(step.path(), form);
        } catch (IOException e) {
            // ingest is down: treated as 503
            return UNAVAILABLE;
        }
    }
}
