package io.flexmetry.processors.conversation;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.conversation.ConversationRules.CaughtUp;
import io.flexmetry.processors.conversation.Progress.Schedule;
import io.flexmetry.processors.store.CachedTable;
import io.flexmetry.processors.store.Evictions;
import io.flexmetry.processors.timer.Expiry;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Stores facts, and publishes the numbers that they change: at once when a reservation closes, otherwise at most every
 * two seconds. A message is only stored; the fold reads it once, when numbers are published. So the cost of a message does
 * not depend on the number of earlier messages.
 */
final class ConversationProcessor implements Processor<String, Event, String, ConversationOutput> {

    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration PUBLISH_EVERY = Duration.ofSeconds(2);

    /** How long a webhook may be overtaken by a later one. */
    private static final Duration GAP_PATIENCE = Duration.ofMinutes(1);

    /** The most messages of one look-up. Longer gaps miss their beginning. */
    static final long MOST_LOOKED_UP = 5_000;

    private static final String GAP = "gap";
    private static final String PUBLISH = "publish";

    private final ConversationRules rules;
    private final Duration retention;
    private final Map<TaskId, ConversationProcessor> running;
    private ProcessorContext<String, ConversationOutput> context;
    private CachedTable<Conversation> conversations;
    private StoredMessages messages;
    private CachedTable<Progress> progresses;
    private Timers timers;
    private Expiry expiry;
    private Evictions evictions;

    /**
     * A processor.
     *
     * @param running the processors of all Kafka Streams tasks; this one adds itself
     */
    ConversationProcessor(ConversationRules rules, Duration retention, Map<TaskId, ConversationProcessor> running) {
        this.rules = rules;
        this.retention = retention;
        this.running = running;
    }

    @Override
    public void init(ProcessorContext<String, ConversationOutput> context) {
        this.context = context;
        this.conversations = new CachedTable<>(ConversationTopology.CONVERSATIONS.in(context));
        this.messages = new StoredMessages(ConversationTopology.MESSAGES.in(context));
        this.progresses = new CachedTable<>(ConversationTopology.PROGRESS.in(context));
        this.timers = new Timers(ConversationTopology.TIMERS.in(context));
        this.evictions = new Evictions(context, ConversationTopology.CONVERSATIONS.name());
        this.expiry = new Expiry(timers, retention);
        timers.fireWhenDue(context, TICK, this::fire);
        running.put(context.taskId(), this);
    }

    @Override
    public void close() {
        running.remove(context.taskId(), this);
    }

    /** The state of a conversation after all its messages. */
    ConversationSnapshot snapshot(String sid) {
        return rules.snapshot(
                conversations.get(sid, Conversation.NEW),
                progresses.get(sid, Progress.START),
                index -> messages.from(sid, index));
    }

    /**
     * The event or timer that is processed.
     *
     * @param sid CH… of its conversation
     * @param now our clock
     * @param at time of the event, or of the timer, ms since 1970; the sink recognises replays by it
     */
    private record Cause(String sid, Instant now, long at) {}

    @Override
    public void process(Record<String, Event> record) {
        String sid = record.key();
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        Cause cause = new Cause(sid, now, record.timestamp());
        Conversation before = conversations.get(sid, Conversation.NEW);
        Conversation after = before.learn(record.value());
        Progress progress = progresses.get(sid, Progress.START);
        if (progress.schedule().isNew()) {
            messages.begin(sid);
        }
        if (record.value().fact() instanceof MessageFact fact) {
            learnMessage(cause, Message.of(record.value(), fact), after, progress);
            if (!after.equals(before)) {
                conversations.put(sid, after);
            }
        } else if (!after.equals(before)) {
            learnFact(cause, before, after, progress);
        }
    }

    /** If publishing fails, the message is deleted again, so that a replay is no duplicate. */
    private void learnMessage(Cause cause, Message reported, Conversation conversation, Progress progress) {
        long index = reported.index();
        Message known = messages.get(cause.sid, index);
        Message merged = known == null ? reported : known.merge(reported);
        if (merged.equals(known)) {
            return;
        }
        messages.put(cause.sid, index, merged);
        try {
            put(cause.sid, progress, publishOnTime(cause, conversation, progress.rewoundBefore(index), false));
        } catch (RuntimeException e) {
            messages.put(cause.sid, index, known);
            throw e;
        }
    }

    private void learnFact(Cause cause, Conversation before, Conversation after, Progress progress) {
        Conversation kept = evictions.within(after);
        if (kept.equals(before)) {
            // an offer that is evicted at once
            return;
        }
        List<String> closing = rules.closing(before, after);
        boolean closes = !closing.isEmpty() || !after.asked().equals(before.asked());
        // with the state before evictions, which change no numbers
        Progress learnt = rules.learnFact(before, after, progress);
        Set<String> possibleWorkers = rules.possibleWorkers(before, after);
        Progress next = rules.mayChangeNumbers(before, after, progress, learnt)
                ? publishOnTime(cause, after, learnt, closes)
                : touched(cause, learnt);
        conversations.put(cause.sid, kept);
        findWorkers(cause.sid, possibleWorkers);
        if (rules.looksAtEnd()) {
            closing.forEach(reservationSid -> lookUpNewest(cause, reservationSid, after, next));
        }
        put(
                cause.sid,
                progress,
                kept.equals(after) ? next : next.only(kept.reservations().keySet()));
    }

    private void put(String sid, Progress before, Progress after) {
        if (!after.equals(before)) {
            progresses.put(sid, after);
        }
    }

    private void findWorkers(String sid, Set<String> identities) {
        identities.forEach(identity -> context.forward(new Record<>(
                Worker.decode(identity), new ConversationOutput.WorkerQuery(sid), context.currentSystemTimeMs())));
    }

    private Progress touched(Cause cause, Progress progress) {
        Schedule schedule = progress.schedule();
        if (schedule.isNew()) {
            expiry.begin(cause.sid, cause.now);
        }
        Instant touchedAt = Expiry.touched(schedule.touchedAt(), cause.now);
        return progress.withSchedule(new Schedule(touchedAt, schedule.publishedAt(), schedule.pending()));
    }

    /** Publishes now, or sets a timer, or does nothing where no reservation is measured. */
    private Progress publishOnTime(Cause cause, Conversation conversation, Progress progress, boolean closes) {
        Progress touched = touched(cause, progress);
        if (!rules.isMeasured(conversation)) {
            return touched;
        }
        Schedule schedule = touched.schedule();
        Instant next = schedule.publishedAt().plus(PUBLISH_EVERY);
        if (closes || !cause.now.isBefore(next)) {
            return publish(cause, conversation, touched, closes);
        }
        if (!schedule.pending()) {
            timers.set(next, PUBLISH, cause.sid);
        }
        return touched.withSchedule(new Schedule(schedule.touchedAt(), schedule.publishedAt(), true));
    }

    private Progress publish(Cause cause, Conversation conversation, Progress progress, boolean closes) {
        CaughtUp read = rules.catchUp(conversation, progress, index -> messages.from(cause.sid, index));
        findWorkers(cause.sid, rules.possibleWorkers(progress, read));
        List<Contribution> changes = rules.changes(read);
        changes.forEach(contribution -> context.forward(new Record<>(
                contribution.taskSid(), new ConversationOutput.Measured(contribution), cause.now.toEpochMilli())));
        Progress next = read.progress();
        int missing = next.notLookedUp().size();
        if (missing > 0 && closes) {
            next = lookUp(cause, conversation, next);
        } else if (missing > progress.notLookedUp().size()) {
            timers.set(cause.now.plus(GAP_PATIENCE), GAP, cause.sid);
        }
        next = next.withPublished(changes);
        Schedule schedule = progress.schedule();
        return next.equals(progress) && !schedule.pending()
                ? progress
                : next.withSchedule(new Schedule(schedule.touchedAt(), cause.now, false));
    }

    /** Looks up all missing messages, each once. */
    private Progress lookUp(Cause cause, Conversation conversation, Progress progress) {
        List<Gaps.Range> missing = progress.notLookedUp();
        if (missing.isEmpty()) {
            return progress;
        }
        long to = missing.get(missing.size() - 1).to();
        long from = Math.max(missing.get(0).from(), to - MOST_LOOKED_UP + 1);
        for (long first = from; first <= to; first += Limits.MOST_LISTED) {
            long last = Math.min(to, first + Limits.MOST_LISTED - 1);
            list(cause, LookUpId.gap(cause.sid, first, last), first, last, conversation);
        }
        return progress.lookedUp();
    }

    /**
     * A later message reveals a gap. Only Twilio knows whether the last messages are missing: it is asked once for each
     * reservation, when that closes. Numbers do not wait for the answer; new messages correct them.
     */
    private void lookUpNewest(Cause cause, String reservationSid, Conversation conversation, Progress progress) {
        String commandId = LookUpId.newest(cause.sid, reservationSid);
        list(cause, commandId, progress.fold().lastIndex() + 1, ListMessages.NEWEST, conversation);
    }

    private void list(Cause cause, String commandId, long from, long to, Conversation conversation) {
        Command command = new ListMessages(commandId, cause.sid, cause.now, from, to, conversation.chatServiceSid());
        context.forward(new Record<>(cause.sid, new ConversationOutput.Do(command), cause.at));
    }

    private void fire(Timers.Timer timer, Instant now) {
        String sid = timer.id();
        Cause cause = new Cause(sid, now, now.toEpochMilli());
        Conversation conversation = conversations.get(sid, Conversation.NEW);
        Progress progress = progresses.get(sid, Progress.START);
        Schedule schedule = progress.schedule();
        switch (timer.kind()) {
            case PUBLISH -> {
                // a timer may be left over from before numbers were published early
                if (schedule.pending()
                        && !cause.now.isBefore(schedule.publishedAt().plus(PUBLISH_EVERY))) {
                    put(sid, progress, publish(cause, conversation, progress, false));
                }
            }
            case GAP -> put(sid, progress, lookUp(cause, conversation, progress));
            default -> {
                if (!expiry.keeps(sid, schedule.touchedAt(), conversation.isOpen(), now)) {
                    forget(sid);
                }
            }
        }
    }

    private void forget(String sid) {
        messages.delete(sid);
        conversations.delete(sid);
        progresses.delete(sid);
    }
}
