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
import java.util.function.LongFunction;
import java.util.stream.Stream;
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

    @Override
    public void process(Record<String, Event> record) {
        String sid = record.key();
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        Conversation before = conversations.get(sid, Conversation.NEW);
        Conversation after = before.learn(record.value());
        Progress progress = progresses.get(sid, Progress.START);
        if (progress.schedule().isNew()) {
            messages.begin(sid);
        }
        if (record.value().fact() instanceof MessageFact fact) {
            learnMessage(
                    sid,
                    Message.of(record.value(), fact),
                    () -> put(
                            sid,
                            progress,
                            publishOnTime(
                                    sid, after, progress.rewoundBefore(fact.index()), false, now, record.timestamp())));
            if (!after.equals(before)) {
                conversations.put(sid, after);
            }
        } else if (!after.equals(before)) {
            learnFact(sid, before, after, progress, now, record.timestamp());
        }
    }

    /** If publishing fails, the message is deleted again, so that a replay is no duplicate. */
    private void learnMessage(String sid, Message reported, Runnable publish) {
        Message known = messages.get(sid, reported.index());
        Message merged = known == null ? reported : known.merge(reported);
        if (merged.equals(known)) {
            return;
        }
        messages.put(sid, merged.index(), merged);
        try {
            publish.run();
        } catch (RuntimeException e) {
            messages.put(sid, merged.index(), known);
            throw e;
        }
    }

    private void learnFact(
            String sid, Conversation before, Conversation after, Progress progress, Instant now, long causedAt) {
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
                ? publishOnTime(sid, after, learnt, closes, now, causedAt)
                : touched(sid, learnt, now);
        conversations.put(sid, kept);
        findWorkers(sid, possibleWorkers);
        if (rules.looksAtEnd()) {
            closing.forEach(reservationSid -> lookUpNewest(sid, reservationSid, after, next, now, causedAt));
        }
        put(
                sid,
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

    private Progress touched(String sid, Progress progress, Instant now) {
        Schedule schedule = progress.schedule();
        if (schedule.isNew()) {
            expiry.begin(sid, now);
        }
        Instant touchedAt = Expiry.touched(schedule.touchedAt(), now);
        return progress.withSchedule(new Schedule(touchedAt, schedule.publishedAt(), schedule.pending()));
    }

    /** Publishes now, or sets a timer, or does nothing where no reservation is measured. */
    private Progress publishOnTime(
            String sid, Conversation conversation, Progress progress, boolean closes, Instant now, long causedAt) {
        Progress touched = touched(sid, progress, now);
        if (!rules.isMeasured(conversation)) {
            return touched;
        }
        Schedule schedule = touched.schedule();
        Instant next = schedule.publishedAt().plus(PUBLISH_EVERY);
        if (closes || !now.isBefore(next)) {
            return publish(sid, conversation, touched, closes, now, causedAt);
        }
        if (!schedule.pending()) {
            timers.set(next, PUBLISH, sid);
        }
        return touched.withSchedule(new Schedule(schedule.touchedAt(), schedule.publishedAt(), true));
    }

    private Progress publish(
            String sid, Conversation conversation, Progress progress, boolean closes, Instant now, long causedAt) {
        LongFunction<Stream<Message>> messagesFrom = index -> messages.from(sid, index);
        CaughtUp read = rules.catchUp(conversation, progress, messagesFrom);
        findWorkers(sid, rules.possibleWorkers(progress, read));
        List<Contribution> changes = rules.changes(read, messagesFrom);
        changes.forEach(contribution -> context.forward(new Record<>(
                contribution.taskSid(), new ConversationOutput.Measured(contribution), now.toEpochMilli())));
        Progress next = read.progress();
        int missing = next.notLookedUp().size();
        if (missing > 0 && closes) {
            next = lookUp(sid, conversation, next, now, causedAt);
        } else if (missing > progress.notLookedUp().size()) {
            timers.set(now.plus(GAP_PATIENCE), GAP, sid);
        }
        next = next.withPublished(changes);
        Schedule schedule = progress.schedule();
        return next.equals(progress) && !schedule.pending()
                ? progress
                : next.withSchedule(new Schedule(schedule.touchedAt(), now, false));
    }

    /**
     * Looks up all missing messages, each once.
     *
     * @param causedAt time of the cause, ms since 1970; the sink recognises replays by it
     */
    private Progress lookUp(String sid, Conversation conversation, Progress progress, Instant now, long causedAt) {
        List<Gaps.Range> missing = progress.notLookedUp();
        if (missing.isEmpty()) {
            return progress;
        }
        long to = missing.get(missing.size() - 1).to();
        long from = Math.max(missing.get(0).from(), to - MOST_LOOKED_UP + 1);
        for (long first = from; first <= to; first += Limits.MOST_LISTED) {
            long last = Math.min(to, first + Limits.MOST_LISTED - 1);
            list(sid, LookUpId.gap(sid, first, last), first, last, conversation, now, causedAt);
        }
        return progress.lookedUp();
    }

    /**
     * A later message reveals a gap. Only Twilio knows whether the last messages are missing: it is asked once for each
     * reservation, when that closes. Numbers do not wait for the answer; new messages correct them.
     */
    private void lookUpNewest(
            String sid,
            String reservationSid,
            Conversation conversation,
            Progress progress,
            Instant now,
            long causedAt) {
        String commandId = LookUpId.newest(sid, reservationSid);
        long next = progress.fold().lastIndex() + 1;
        list(sid, commandId, next, ListMessages.NEWEST, conversation, now, causedAt);
    }

    private void list(
            String sid, String commandId, long from, long to, Conversation conversation, Instant now, long causedAt) {
        Command command = new ListMessages(commandId, sid, now, from, to, conversation.chatServiceSid());
        context.forward(new Record<>(sid, new ConversationOutput.Do(command), causedAt));
    }

    private void fire(Timers.Timer timer, Instant now) {
        String sid = timer.id();
        Conversation conversation = conversations.get(sid, Conversation.NEW);
        Progress progress = progresses.get(sid, Progress.START);
        Schedule schedule = progress.schedule();
        switch (timer.kind()) {
            case PUBLISH -> {
                // a timer may be left over from before numbers were published early
                if (schedule.pending() && !now.isBefore(schedule.publishedAt().plus(PUBLISH_EVERY))) {
                    put(sid, progress, publish(sid, conversation, progress, false, now, now.toEpochMilli()));
                }
            }
            case GAP -> put(sid, progress, lookUp(sid, conversation, progress, now, now.toEpochMilli()));
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
