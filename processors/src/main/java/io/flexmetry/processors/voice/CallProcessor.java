package io.flexmetry.processors.voice;

import io.flexmetry.contract.event.CallSampleFact;
import io.flexmetry.contract.event.CallSummaryFact;
import io.flexmetry.contract.settings.Configuration;
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

/** Keeps what is known of calls, and lets the rules decide; key CallSid. */
final class CallProcessor implements Processor<String, CallInput, String, CallOutput> {

    private static final Duration TICK = Duration.ofMillis(250);
    private static final String LOOK = "look";
    private static final String FORGET = "forget";
    private static final String FORGET_SAMPLES = "forget-samples";

    /** Longer than Twilio repeats an event, which is four hours. */
    private static final Duration REPEATED_FOR = Duration.ofHours(5);

    /** Sorts after all samples of a call. */
    private static final String AFTER_SAMPLES = "0";

    private final CallRules rules;
    private final Duration retention;
    private final @Nullable InstantSource clock;
    private ProcessorContext<String, CallOutput> context;
    private Table<Call> calls;
    private Table<String> samples;
    private Timers timers;
    /** By Kafka Streams' clock: another one may leap, and what has been would be forgotten. */
    private Timers forgetting;

    /**
     * A processor.
     *
     * @param clock by which time passes; absent for Kafka Streams' own
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
        this.calls = VoiceTopology.CALLS.in(context);
        this.samples = VoiceTopology.SAMPLES.in(context);
        this.timers = new Timers(VoiceTopology.CALL_TIMERS.in(context));
        if (clock == null) {
            this.forgetting = timers;
            timers.wakeUp(context, TICK, millis -> wake());
        } else {
            this.forgetting = new Timers(VoiceTopology.FORGET_TIMERS.in(context));
            // another clock may go at any pace
            Ticks.every(TICK, context, millis -> wake());
            forgetting.wakeUp(context, TICK, millis -> wake(forgetting, Instant.ofEpochMilli(millis)));
        }
    }

    @Override
    public void process(Record<String, CallInput> record) {
        String callSid = record.key();
        CallInput input = record.value();
        String sample = sampleKey(callSid, input);
        Call known = calls.get(callSid);
        if (!concerns(known, input) || (sample != null && samples.get(sample) != null)) {
            return;
        }
        Instant now = now();
        decide(callSid, known == null ? Call.NEW : known, input, now);
        if (sample != null) {
            samples.put(sample, "");
        }
        if (known == null) {
            forgetting.set(streamsTime().plus(retention), FORGET, callSid);
        }
        if (input instanceof CallInput.Happened
                && (known == null || known.sent().equals(Totals.NONE))) {
            forgetting.set(streamsTime().plus(REPEATED_FOR), FORGET_SAMPLES, callSid);
        }
    }

    private boolean concerns(@Nullable Call known, CallInput input) {
        if (!(input instanceof CallInput.Happened happened)) {
            return true;
        }
        // of customers' calls, of which there are as many
        boolean foreign = happened.event().fact() instanceof CallSummaryFact fact
                && fact.call().isForeign()
                && known == null;
        return rules.concerns(happened.event()) && !foreign;
    }

    /** Under which it is known that a sample was counted; absent where it is none. */
    private static @Nullable String sampleKey(String callSid, CallInput input) {
        return input instanceof CallInput.Happened happened && happened.event().fact() instanceof CallSampleFact fact
                ? callSid + "/" + Totals.id(fact.sample())
                : null;
    }

    private void decide(String callSid, Call before, CallInput input, Instant now) {
        Decision decision = rules.decide(callSid, before, input, now);
        Call next = decision.next();
        if (next.wakeAt() != null && !next.wakeAt().equals(before.wakeAt())) {
            timers.set(next.wakeAt(), LOOK, callSid);
        }
        if (!next.equals(before)) {
            calls.put(callSid, next);
        }
        decision.outputs().forEach(output -> context.forward(new Record<>(callSid, output, time(output, next))));
    }

    /** A command is as old as the end of the agent's work: by it the sink sees that events are read again. */
    private long time(CallOutput output, Call call) {
        long now = context.currentSystemTimeMs();
        Instant closedAt = call.leg() == null ? null : call.leg().closedAt();
        return output instanceof CallOutput.Do && closedAt != null
                ? Math.min(now, Math.max(0, closedAt.toEpochMilli()))
                : now;
    }

    private void wake() {
        wake(timers, now());
    }

    private void wake(Timers due, Instant now) {
        due.fire(now, timer -> wake(timer, now));
    }

    private void wake(Timers.Timer timer, Instant now) {
        Call call = calls.get(timer.id());
        if (timer.kind().equals(FORGET)) {
            forget(timer.id(), call, now);
        } else if (timer.kind().equals(FORGET_SAMPLES)) {
            forgetSamples(timer.id(), now);
        } else if (call != null && call.wakeAt() != null) {
            decide(timer.id(), call, new CallInput.Due(), now);
        }
    }

    /** A call that lasts, or of which something is awaited, is kept. */
    private void forget(String callSid, @Nullable Call call, Instant now) {
        if (call != null && call.wakeAt() != null) {
            forgetting.set(now.plus(retention), FORGET, callSid);
            return;
        }
        calls.delete(callSid);
        samplesUntil(callSid, callSid + AFTER_SAMPLES).forEach(samples::delete);
    }

    /** That a sample was counted needs to be known as long as it may come again; of all calls these are many. */
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
