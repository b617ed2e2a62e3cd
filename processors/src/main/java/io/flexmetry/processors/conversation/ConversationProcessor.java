package io.flexmetry.processors.conversation;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.conversation.Progress.Pace;
import io.flexmetry.processors.store.CachedTable;
import io.flexmetry.processors.store.Evictions;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * Puts what it learns into the stores, and tells the numbers when they changed: at once when a reservation closes,
 * otherwise every two seconds at most. A message is only put into its store; it is read, once, when numbers are told. So
 * it costs the same however many there were before.
 */
final class ConversationProcessor implements Processor<String, Event, String, ConversationOutput> {

    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration TELL_EVERY = Duration.ofSeconds(2);
    private static final int OPEN_FACTOR = 4;
    /** A webhook may overtake another by that much. */
    private static final Duration GAP_PATIENCE = Duration.ofMinutes(1);

    /** Who joins a longer conversation in its middle misses its beginning. */
    static final long MOST_LOOKED_UP = 5_000;

    /** How exactly it is known when a conversation was touched. */
    private static final Duration TOUCH_EVERY = Duration.ofHours(1);

    private static final String GAP = "gap";
    private static final String TELL = "tell";
    private static final String FORGET = "forget";

    private final ConversationRules rules;
    private final Duration retention;
    private ProcessorContext<String, ConversationOutput> context;
    private CachedTable<Conversation> conversations;
    private Table<Message> messages;
    private CachedTable<Progress> progresses;
    private Timers timers;
    private Evictions evictions;

    ConversationProcessor(ConversationRules rules, Duration retention) {
        this.rules = rules;
        this.retention = retention;
    }

    @Override
    public void init(ProcessorContext<String, ConversationOutput> context) {
        this.context = context;
        this.conversations = new CachedTable<>(ConversationTopology.CONVERSATIONS.in(context));
        this.messages = ConversationTopology.MESSAGES.in(context);
        this.progresses = new CachedTable<>(ConversationTopology.PROGRESS.in(context));
        this.timers = new Timers(ConversationTopology.TIMERS.in(context));
        this.evictions = new Evictions(context, ConversationTopology.CONVERSATIONS.name());
        timers.wakeUp(context, TICK, this::fire);
    }

    @Override
    public void process(Record<String, Event> record) {
        String sid = record.key();
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        Conversation conversation = conversations.get(sid, Conversation.NEW);
        Conversation after = conversation.learn(record.value());
        Progress progress = progresses.get(sid, Progress.START);
        if (record.value().fact() instanceof MessageFact fact) {
            learnMessage(
                    sid,
                    Message.of(record.value(), fact),
                    () -> put(
                            sid,
                            progress,
                            pace(sid, after, progress.rewoundBefore(fact.index()), false, now, record.timestamp())));
            if (!after.equals(conversation)) {
                conversations.put(sid, after);
            }
            return;
        }
        if (!after.equals(conversation)) {
            Conversation kept = evictions.within(after);
            if (kept.equals(conversation)) {
                // an offer that is no sooner known than forgotten
                return;
            }
            List<String> closing = rules.closing(conversation, after);
            boolean closes = after.closedReservations() > conversation.closedReservations()
                    || !after.asked().equals(conversation.asked());
            // by what is known before anything is forgotten: forgetting changes no numbers
            Progress learnt = rules.learnFact(conversation, after, progress);
            Set<String> questions = rules.questions(conversation, after);
            Progress told = pace(sid, after, learnt, closes, now, record.timestamp());
            conversations.put(sid, kept);
            ask(sid, questions);
            closing.forEach(
                    reservationSid -> askForTheNewest(sid, reservationSid, after, told, now, record.timestamp()));
            put(
                    sid,
                    progress,
                    kept.equals(after) ? told : told.only(kept.reservations().keySet()));
        }
    }

    /** Numbers are computed from the store; if that fails, the message is not known, and may come again. */
    private void learnMessage(String sid, Message told, Runnable tell) {
        String key = ConversationTopology.messageKey(sid, told.index());
        Message known = messages.get(key);
        Message merged = known == null ? told : known.merge(told);
        if (merged.equals(known)) {
            return;
        }
        messages.put(key, merged);
        try {
            tell.run();
        } catch (RuntimeException e) {
            messages.put(key, known);
            throw e;
        }
    }

    private void put(String sid, Progress before, Progress after) {
        if (!after.equals(before)) {
            progresses.put(sid, after);
        }
    }

    private void ask(String sid, Set<String> identities) {
        identities.forEach(identity -> context.forward(new Record<>(
                Worker.decode(identity), new ConversationOutput.Question(sid), context.currentSystemTimeMs())));
    }

    /** Tells the numbers now, or later, or not at all. */
    private Progress pace(
            String sid, Conversation conversation, Progress progress, boolean closes, Instant now, long causedAt) {
        Pace pace = progress.pace();
        if (pace.touchedAt().equals(Instant.EPOCH)) {
            timers.set(now.plus(retention), FORGET, sid);
        }
        Instant touchedAt = pace.touchedAt().plus(TOUCH_EVERY).isAfter(now) ? pace.touchedAt() : now;
        if (!rules.isMeasured(conversation)) {
            return progress.withPace(new Pace(touchedAt, pace.toldAt(), pace.due()));
        }
        Instant next = pace.toldAt().plus(TELL_EVERY);
        if (closes || !now.isBefore(next)) {
            Progress told = tell(sid, conversation, progress, closes, now, causedAt);
            return told.withPace(new Pace(now, now, pace.due()));
        }
        if (!pace.due()) {
            timers.set(next, TELL, sid);
        }
        return progress.withPace(new Pace(touchedAt, pace.toldAt(), true));
    }

    private Progress tell(
            String sid, Conversation conversation, Progress progress, boolean closes, Instant now, long causedAt) {
        LongFunction<Stream<Message>> messagesFrom = index -> ConversationTopology.messagesFrom(messages, sid, index);
        Progress caughtUp = rules.catchUp(conversation, progress, messagesFrom);
        ask(sid, rules.questions(conversation, progress, caughtUp));
        List<Contribution> news = rules.news(conversation, caughtUp, messagesFrom);
        news.forEach(contribution -> context.forward(new Record<>(
                contribution.taskSid(), new ConversationOutput.Measured(contribution), now.toEpochMilli())));
        if (caughtUp.unasked().isEmpty()) {
            return caughtUp.withTold(news);
        }
        if (closes) {
            return lookUp(sid, conversation, caughtUp, now, causedAt).withTold(news);
        }
        if (caughtUp.unasked().size() > progress.unasked().size()) {
            timers.set(now.plus(GAP_PATIENCE), GAP, sid);
        }
        return caughtUp.withTold(news);
    }

    /**
     * Has missing messages looked up, each once.
     *
     * @param causedAt when what leads to it happened: by it the sink sees that events are read again
     */
    private Progress lookUp(String sid, Conversation conversation, Progress progress, Instant now, long causedAt) {
        List<Gaps.Range> missing = progress.unasked();
        if (missing.isEmpty()) {
            return progress;
        }
        long to = missing.get(missing.size() - 1).to();
        long from = Math.max(missing.get(0).from(), to - MOST_LOOKED_UP + 1);
        for (long first = from; first <= to; first += Limits.MOST_LISTED) {
            long last = Math.min(to, first + Limits.MOST_LISTED - 1);
            String commandId = LookUpId.gap(sid, first, last);
            Command command = new ListMessages(commandId, sid, now, first, last, conversation.chatServiceSid());
            context.forward(new Record<>(sid, new ConversationOutput.Do(command), causedAt));
        }
        return progress.asked();
    }

    /**
     * A gap shows when a later message is known. Whether the last ones are missing, only Twilio knows: it is asked once for each
     * reservation, when it closes. Numbers do not wait for the answer; if there is news, it corrects them.
     */
    private void askForTheNewest(
            String sid,
            String reservationSid,
            Conversation conversation,
            Progress progress,
            Instant now,
            long causedAt) {
        String commandId = LookUpId.newest(sid, reservationSid);
        long next = progress.fold().lastIndex() + 1;
        Command command =
                new ListMessages(commandId, sid, now, next, ListMessages.NEWEST, conversation.chatServiceSid());
        context.forward(new Record<>(sid, new ConversationOutput.Do(command), causedAt));
    }

    private void fire(long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        timers.fire(now, timer -> fire(timer, now));
    }

    private void fire(Timers.Timer timer, Instant now) {
        String sid = timer.id();
        Conversation conversation = conversations.get(sid, Conversation.NEW);
        Progress progress = progresses.get(sid, Progress.START);
        switch (timer.kind()) {
            case TELL -> {
                if (progress.pace().due()) {
                    Progress told = tell(sid, conversation, progress, false, now, now.toEpochMilli());
                    progresses.put(sid, told.withPace(new Pace(now, now, false)));
                }
            }
            case GAP -> put(sid, progress, lookUp(sid, conversation, progress, now, now.toEpochMilli()));
            default -> forget(sid, conversation, progress.pace(), now);
        }
    }

    /** What nobody has touched for long; longer where somebody still works on it. */
    private void forget(String sid, Conversation conversation, Pace pace, Instant now) {
        Instant due = pace.touchedAt().plus(conversation.isOpen() ? retention.multipliedBy(OPEN_FACTOR) : retention);
        if (due.isAfter(now)) {
            timers.set(due, FORGET, sid);
            return;
        }
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, Message> stored =
                messages.range(ConversationTopology.messageKey(sid, 0), sid + ConversationTopology.AFTER_DIGITS)) {
            stored.forEachRemaining(entry -> keys.add(entry.key));
        }
        keys.forEach(messages::delete);
        conversations.delete(sid);
        progresses.delete(sid);
    }
}
