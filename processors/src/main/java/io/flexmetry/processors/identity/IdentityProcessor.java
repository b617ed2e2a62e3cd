package io.flexmetry.processors.identity;

import io.flexmetry.contract.event.AuthorFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Source;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Answers a question at once, or when the answer comes. Questions are forgotten after the retention, workers are not. */
final class IdentityProcessor implements Processor<String, IdentityInput, String, Event> {

    private static final Duration SWEEP = Duration.ofMinutes(1);
    private static final String FORGET = "forget";

    private final Duration retention;
    private ProcessorContext<String, Event> context;
    private KeyValueStore<String, IdentityState> identities;
    private Timers timers;

    IdentityProcessor(Duration retention) {
        this.retention = retention;
    }

    @Override
    public void init(ProcessorContext<String, Event> context) {
        this.context = context;
        this.identities = context.getStateStore(IdentityTopology.IDENTITIES);
        this.timers = new Timers(context.getStateStore(IdentityTopology.TIMERS));
        context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, this::forget);
    }

    @Override
    public void process(Record<String, IdentityInput> record) {
        String identity = record.key();
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        IdentityState known = Objects.requireNonNullElse(identities.get(identity), IdentityState.NEW);
        if (record.value() instanceof IdentityInput.Known worker) {
            IdentityState next = known.withWorker(worker.workerSid());
            if (!next.equals(known)) {
                identities.put(identity, next);
                answer(record, next.waiting(), now);
            }
        } else if (record.value() instanceof IdentityInput.Asked asked) {
            if (known.waiting().isEmpty()) {
                timers.set(now.plus(retention), FORGET, identity);
            }
            IdentityState next = known.withWaiting(asked.conversationSid(), now);
            identities.put(identity, next);
            answer(record, Set.of(asked.conversationSid()), now);
        }
    }

    private void answer(Record<String, IdentityInput> record, Collection<String> conversations, Instant now) {
        String workerSid = Objects.requireNonNullElse(identities.get(record.key()), IdentityState.NEW)
                .workerSid();
        if (workerSid == null) {
            return;
        }
        for (String conversation : conversations) {
            AuthorFact fact = new AuthorFact(conversation, record.key(), workerSid);
            String id = conversation + "/author/" + record.key();
            Event event = new Event(id, "author.recognised", now, now, Source.PROCESSORS, fact);
            context.forward(record.withKey(conversation).withValue(event));
        }
    }

    private void forget(long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        for (Timers.Timer timer : timers.take(now)) {
            IdentityState state = identities.get(timer.id());
            if (state == null) {
                continue;
            }
            Instant due = state.askedAt().plus(retention);
            if (due.isAfter(now)) {
                timers.set(due, FORGET, timer.id());
            } else if (state.workerSid() == null) {
                identities.delete(timer.id());
            } else {
                identities.put(timer.id(), new IdentityState(state.workerSid(), Set.of(), Instant.EPOCH));
            }
        }
    }
}
