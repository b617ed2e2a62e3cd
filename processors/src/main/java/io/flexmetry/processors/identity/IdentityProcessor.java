package io.flexmetry.processors.identity;

import io.flexmetry.contract.event.AuthorFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Source;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * Answers a query at once, or when the worker becomes known. Each waiting conversation is a record of its own, because
 * thousands may query the same name. Queries are forgotten after the retention, workers are not.
 */
final class IdentityProcessor implements Processor<String, IdentityInput, String, Event> {

    private static final Duration SWEEP = Duration.ofMinutes(1);
    private static final String FORGET = "forget";

    /** Occurs in no identity and no SID. */
    private static final String BETWEEN = "\u0001";

    private final Duration retention;
    private ProcessorContext<String, Event> context;
    private Table<String> workers;
    private Table<String> waiting;
    private Timers timers;

    IdentityProcessor(Duration retention) {
        this.retention = retention;
    }

    @Override
    public void init(ProcessorContext<String, Event> context) {
        this.context = context;
        this.workers = IdentityTopology.WORKERS.in(context);
        this.waiting = IdentityTopology.WAITING.in(context);
        this.timers = new Timers(IdentityTopology.TIMERS.in(context));
        timers.fireWhenDue(context, SWEEP, (timer, now) -> waiting.delete(timer.id()));
    }

    @Override
    public void process(Record<String, IdentityInput> record) {
        String identity = record.key();
        String known = workers.get(identity);
        if (record.value() instanceof IdentityInput.Known worker) {
            // of two workers the lower SID wins, in any order
            if (known == null || worker.workerSid().compareTo(known) < 0) {
                workers.put(identity, worker.workerSid());
                waitingFor(identity).forEach(conversation -> answer(record, conversation, worker.workerSid()));
            }
        } else if (record.value() instanceof IdentityInput.Query query) {
            String key = identity + BETWEEN + query.conversationSid();
            if (waiting.get(key) == null) {
                waiting.put(key, "");
                timers.set(Instant.ofEpochMilli(context.currentSystemTimeMs()).plus(retention), FORGET, key);
            }
            if (known != null) {
                answer(record, query.conversationSid(), known);
            }
        }
    }

    private List<String> waitingFor(String identity) {
        List<String> conversations = new ArrayList<>();
        try (KeyValueIterator<String, String> keys = waiting.startingWith(identity + BETWEEN)) {
            keys.forEachRemaining(entry -> conversations.add(entry.key.substring(identity.length() + 1)));
        }
        return conversations;
    }

    private void answer(Record<String, IdentityInput> record, String conversation, String workerSid) {
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        AuthorFact fact = new AuthorFact(conversation, record.key(), workerSid);
        String id = conversation + "/author/" + record.key();
        context.forward(record.withKey(conversation)
                .withValue(new Event(id, "author.recognised", now, now, Source.PROCESSORS, fact)));
    }
}
