package io.flexmetry.processors.conversation;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.processors.conversation.Progress.Pace;
import io.flexmetry.processors.timer.Timers;
import io.flexmetry.processors.writeback.Contribution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Puts what it learns into the stores, and tells the numbers when they changed: at once when a reservation closes,
 * otherwise every two seconds at most. A message costs the same however many there were before.
 */
final class ConversationProcessor implements Processor<String, Event, String, ConversationOutput> {

    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration TELL_EVERY = Duration.ofSeconds(2);
    private static final int OPEN_FACTOR = 4;
    private static final int INDEX_DIGITS = 16;

    /** The character after 9. */
    private static final String AFTER_DIGITS = "/:";

    /** A webhook may overtake another by that much. */
    private static final Duration GAP_PATIENCE = Duration.ofMinutes(1);

    /** An outcome is one record. Who joins a longer conversation in its middle misses its beginning. */
    private static final long MOST_LOOKED_UP = 5_000;

    private static final String GAP = "gap";
    private static final String TELL = "tell";
    private static final String FORGET = "forget";

    private final ConversationRules rules;
    private final Duration retention;
    private ProcessorContext<String, ConversationOutput> context;
    private KeyValueStore<String, Conversation> conversations;
    private KeyValueStore<String, Message> messages;
    private KeyValueStore<String, Progress> progresses;
    private Timers timers;

    ConversationProcessor(ConversationRules rules, Duration retention) {
        this.rules = rules;
        this.retention = retention;
    }

    @Override
    public void init(ProcessorContext<String, ConversationOutput> context) {
        this.context = context;
        this.conversations = context.getStateStore(ConversationTopology.CONVERSATIONS);
        this.messages = context.getStateStore(ConversationTopology.MESSAGES);
        this.progresses = context.getStateStore(ConversationTopology.PROGRESS);
        this.timers = new Timers(context.getStateStore(ConversationTopology.TIMERS));
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::fire);
    }

    @Override
    public void process(Record<String, Event> record) {
        String sid = record.key();
        Conversation before = Objects.requireNonNullElse(conversations.get(sid), Conversation.NEW);
        Progress progress = Objects.requireNonNullElse(progresses.get(sid), Progress.START);
        Conversation after = before;
        Progress learnt = progress;
        if (record.value().fact() instanceof MessageFact fact) {
            Message told = Message.of(record.value(), fact);
            Message known = messages.get(messageKey(sid, told.index()));
            Message merged = known == null ? told : known.merge(told);
            if (merged.equals(known)) {
                return;
            }
            messages.put(messageKey(sid, told.index()), merged);
            learnt = rules.learnMessage(before, progress, merged, known != null);
        } else {
            after = before.learn(record.value());
            if (after.equals(before)) {
                return;
            }
            conversations.put(sid, after);
            learnt = rules.learnFact(before, after, progress);
        }
        rules.questions(before, after, progress, learnt)
                .forEach(identity -> context.forward(
                        record.withKey(Authors.decode(identity)).withValue(new ConversationOutput.Question(sid))));
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        boolean closes = after.closedReservations() > before.closedReservations();
        if (!learnt.unasked().isEmpty()
                && learnt.unasked().size() > progress.unasked().size()) {
            timers.set(now.plus(GAP_PATIENCE), GAP, sid);
        }
        Progress next = closes ? ask(sid, learnt, now, record.timestamp()) : learnt;
        progresses.put(sid, pace(sid, after, next, closes, now, record.timestamp()));
    }

    /** Has missing messages looked up, each once. */
    private Progress ask(String sid, Progress progress, Instant now, long timestamp) {
        List<Gaps.Range> missing = progress.unasked();
        if (missing.isEmpty()) {
            return progress;
        }
        long to = missing.get(missing.size() - 1).to();
        long from = Math.max(missing.get(0).from(), to - MOST_LOOKED_UP + 1);
        String commandId = sid + "/messages/" + from + "-" + to;
        Command command = new ListMessages(commandId, sid, now, from, to);
        context.forward(new Record<>(sid, new ConversationOutput.Do(command), timestamp));
        return progress.asked();
    }

    /** Tells the numbers now, or later, or not at all. */
    private Progress pace(
            String sid, Conversation conversation, Progress progress, boolean closes, Instant now, long timestamp) {
        Pace pace = progress.pace();
        if (pace.touchedAt().equals(Instant.EPOCH)) {
            timers.set(now.plus(retention), FORGET, sid);
        }
        if (!rules.isMeasured(conversation)) {
            return progress.withPace(new Pace(now, pace.toldAt(), pace.due()));
        }
        Instant next = pace.toldAt().plus(TELL_EVERY);
        if (closes || !now.isBefore(next)) {
            return tell(sid, conversation, progress, timestamp).withPace(new Pace(now, now, pace.due()));
        }
        if (!pace.due()) {
            timers.set(next, TELL, sid);
        }
        return progress.withPace(new Pace(now, pace.toldAt(), true));
    }

    private Progress tell(String sid, Conversation conversation, Progress progress, long timestamp) {
        LongFunction<Stream<Message>> messagesFrom = index -> messagesFrom(sid, index);
        Progress caughtUp = rules.catchUp(conversation, progress, messagesFrom);
        List<Contribution> news = rules.news(conversation, caughtUp, messagesFrom);
        news.forEach(contribution -> context.forward(
                new Record<>(contribution.taskSid(), new ConversationOutput.Told(contribution), timestamp)));
        return caughtUp.withTold(news);
    }

    private void fire(long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        for (Timers.Timer timer : timers.take(now)) {
            Conversation conversation = Objects.requireNonNullElse(conversations.get(timer.id()), Conversation.NEW);
            Progress progress = progresses.get(timer.id());
            if (progress == null) {
                continue;
            }
            Pace pace = progress.pace();
            if (timer.kind().equals(FORGET)) {
                forget(timer.id(), conversation, pace, now);
            } else if (timer.kind().equals(GAP)) {
                if (rules.isMeasured(conversation)) {
                    progresses.put(timer.id(), ask(timer.id(), progress, now, nowMillis));
                }
            } else if (pace.due()) {
                progresses.put(
                        timer.id(),
                        tell(timer.id(), conversation, progress, nowMillis)
                                .withPace(new Pace(pace.touchedAt(), now, false)));
            }
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
        try (KeyValueIterator<String, Message> stored = messages.range(messageKey(sid, 0), sid + AFTER_DIGITS)) {
            stored.forEachRemaining(entry -> keys.add(entry.key));
        }
        keys.forEach(messages::delete);
        conversations.delete(sid);
        progresses.delete(sid);
    }

    private Stream<Message> messagesFrom(String sid, long index) {
        KeyValueIterator<String, Message> stored = messages.range(messageKey(sid, index), sid + AFTER_DIGITS);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(stored, Spliterator.ORDERED), false)
                .map(entry -> entry.value)
                .onClose(stored::close);
    }

    /** Of fixed width, so that a scan reads a conversation in order. */
    private static String messageKey(String sid, long index) {
        String digits = Long.toString(index);
        return sid + "/" + "0".repeat(INDEX_DIGITS - digits.length()) + digits;
    }
}
