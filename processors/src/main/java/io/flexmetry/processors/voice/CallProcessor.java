package io.flexmetry.processors.voice;

import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.store.CachedTable;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.timer.Ticks;
import io.flexmetry.processors.timer.Timers;
import io.flexmetry.processors.voice.CallRules.Decision;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/** Keeps the state of calls; {@link CallRules} decides. Key CallSid. */
final class CallProcessor implements Processor<String, CallInput, String, CallOutput> {

    private static final Duration TICK = Duration.ofMillis(250);

    /** Kind of the timers by which the rules decide again; it is stored in their keys. */
    private static final String DECIDE = "look";

    private static final String FORGET = "forget";
    private static final String FORGET_SAMPLES = "forget-samples";

    /** Twilio retries an event for four hours. */
    private static final Duration REPEATED_FOR = Duration.ofHours(5);

    /** Keys of samples begin with the CallSid and a slash; this sorts after the slash. */
    private static final String AFTER_SAMPLES = "0";

    private static final int MOST_CACHED = 500;

    private final CallRules rules;
    private final Duration retention;
    private final @Nullable InstantSource clock;
    private ProcessorContext<String, CallOutput> context;
    private CachedTable<Call> calls;
    private Table<String> samples;
    private Timers timers;
    /** Runs by Kafka Streams' clock: if another clock leaps, no state expires. */
    private Timers forgetting;

    /**
     * A processor.
     *
     * @param clock measures waiting times; absent for Kafka Streams' own
     */
    CallProcessor(Configuration configuration, @Nullable InstantSource clock) {
        this.rules = new CallRules(
                configuration.voiceQuality(), configuration.metrics().decimals());
        this.retention = configuration.retention();
        this.clock = clock;
    }

    @Override
    public void init(ProcessorContext<String, CallOutput> context) {
        this.context = context;
        this.calls = new CachedTable<>(VoiceTopology.CALLS.in(context), MOST_CACHED);
        this.samples = VoiceTopology.SAMPLES.in(context);
        this.timers = new Timers(VoiceTopology.CALL_TIMERS.in(context));
        if (clock == null) {
            this.forgetting = timers;
            timers.fireWhenDue(context, TICK, this::fire);
        } else {
            this.forgetting = new Timers(VoiceTopology.FORGET_TIMERS.in(context));
            forgetting.fireWhenDue(context, TICK, this::fire);
            // another clock may run at any speed
            Ticks.every(TICK, context, millis -> {
                Instant now = clock.instant();
                timers.fire(now, timer -> fire(timer, now));
            });
        }
    }

    @Override
    public void process(Record<String, CallInput> record) {
        String callSid = record.key();
        CallInput input = record.value();
        Call known = calls.get(callSid);
        // half of the summaries are of customers' legs
        if (known == null
                && input instanceof CallInput.Summarised summarised
                && summarised.summary().call().isForeign()) {
            return;
        }
        Call before = known == null ? Call.NEW : known;
        boolean noneSent = before.sent().equals(Totals.NONE);
        String sample = input instanceof CallInput.Sampled sampled ? callSid + "/" + Totals.id(sampled.sample()) : null;
        // without counted samples there is no duplicate to look for
        if (sample != null && !noneSent && samples.get(sample) != null) {
            return;
        }
        decide(callSid, before, input, now());
        if (known == null) {
            forgetting.set(streamsTime().plus(retention), FORGET, callSid);
        }
        if (sample != null) {
            samples.put(sample, "");
            if (noneSent) {
                forgetting.set(streamsTime().plus(REPEATED_FOR), FORGET_SAMPLES, callSid);
            }
        }
    }

    private void decide(String callSid, Call before, CallInput input, Instant now) {
        Decision decision = rules.decide(callSid, before, input, now);
        Call next = decision.next();
        if (next.wakeAt() != null && !next.wakeAt().equals(before.wakeAt())) {
            timers.set(next.wakeAt(), DECIDE, callSid);
        }
        if (!next.equals(before)) {
            calls.put(callSid, next);
        }
        decision.outputs().forEach(output -> context.forward(new Record<>(callSid, output, time(output, next))));
    }

    /** A command has the time of the wrap-up, so the sink can tell that old events are replayed. */
    private long time(CallOutput output, Call call) {
        long now = context.currentSystemTimeMs();
        Instant closedAt = call.leg() == null ? null : call.leg().closedAt();
        return output instanceof CallOutput.Do && closedAt != null
                ? Math.min(now, Math.max(0, closedAt.toEpochMilli()))
                : now;
    }

    private void fire(Timers.Timer timer, Instant now) {
        Call call = calls.get(timer.id());
        if (timer.kind().equals(FORGET)) {
            forget(timer.id(), call, now);
        } else if (timer.kind().equals(FORGET_SAMPLES)) {
            forgetSamples(timer.id(), now);
        } else if (call != null && call.wakeAt() != null) {
            decide(timer.id(), call, new CallInput.Due(), now);
        }
    }

    /** Keeps a call while a timer is set. */
    private void forget(String callSid, @Nullable Call call, Instant now) {
        if (call != null && call.wakeAt() != null) {
            forgetting.set(now.plus(retention), FORGET, callSid);
            return;
        }
        calls.delete(callSid);
        samplesUntil(callSid, callSid + AFTER_SAMPLES).forEach(samples::delete);
    }

    /** Deletes the keys of samples that Twilio no longer retries: with those of all calls there are many. */
    private void forgetSamples(String callSid, Instant now) {
        samplesUntil(callSid, callSid + "/" + now.minus(REPEATED_FOR)).forEach(samples::delete);
        if (!samplesUntil(callSid, callSid + AFTER_SAMPLES).isEmpty()) {
            forgetting.set(now.plus(REPEATED_FOR), FORGET_SAMPLES, callSid);
        }
    }

    private List<String> samplesUntil(String callSid, String end) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, String> stored = samples.range(callSid + "/", end)) {
            stored.forEachRemaining(entry -> keys.add(entry.key));
        }
        return keys;
    }

    private Instant now() {
        return clock == null ? streamsTime() : clock.instant();
    }

    private Instant streamsTime() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
