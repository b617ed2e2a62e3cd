package io.flexmetry.processors.voice;

import io.flexmetry.contract.command.ListCallMetrics;
import io.flexmetry.contract.event.CallSampleFact;
import io.flexmetry.contract.event.CallSummaryFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.MetricValue;
import io.flexmetry.contract.metric.ReservationMetrics.Voice;
import io.flexmetry.contract.outcome.CallOutcome;
import io.flexmetry.contract.settings.VoiceConfiguration;
import io.flexmetry.contract.voice.CallDescription;
import io.flexmetry.contract.voice.CallMeans;
import io.flexmetry.contract.voice.CallSample;
import io.flexmetry.contract.voice.LowQuality;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.voice.Call.Verdict;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides when Twilio is asked how a call sounded, and what the score is or why there is none.
 *
 * <p>Whatever comes first is used: samples or a summary that Twilio sends by itself, or the answer to the first look-up that
 * has samples. What comes later and is better (samples are better than a summary, more samples better than fewer) corrects
 * the numbers.
 */
final class CallRules {

    /** Twilio takes a sample every ten seconds: a call that is shorter has none. */
    private static final Duration SHORTEST = Duration.ofSeconds(10);

    /** More of them say nothing more. */
    private static final int MOST_DOUBLINGS = 62;

    static final String NO_AGENT_CALL = "no-agent-call";
    static final String NOT_AN_SDK_LEG = "not-an-sdk-leg";
    static final String NOT_ENABLED = "not-enabled";
    static final String NO_SAMPLES = "no-samples";
    static final String TOO_SHORT = "call-too-short";
    static final String REFUSED = "refused";
    static final String GAVE_UP = "gave-up";

    private final VoiceConfiguration configuration;
    private final @Nullable Integer decimals;

    CallRules(VoiceConfiguration configuration, @Nullable Integer decimals) {
        this.configuration = configuration;
        this.decimals = decimals;
    }

    /**
     * What to do.
     *
     * @param next the state from now on
     * @param outputs commands, numbers and warnings
     */
    record Decision(Call next, List<CallOutput> outputs) {}

    /** A reservation whose task named no call of the agent's. */
    static Contribution withoutCall(Leg leg) {
        Voice voice = new Voice(null, null, null, null, null, NO_AGENT_CALL, null);
        return contribution(leg, leg.closedAt(), Map.of(), voice);
    }

    /** Whether an event says something; of calls that are nobody's many come. */
    boolean concerns(Event event) {
        return event.fact() instanceof CallSampleFact sample
                ? sample.edge().equals(configuration.edge())
                : event.fact() instanceof CallSummaryFact;
    }

    /** A pure function of state, input and time. Of samples that are told twice the second is not given in. */
    Decision decide(String callSid, Call state, CallInput input, Instant now) {
        Call learnt = learn(state, input);
        List<CallOutput> outputs = new ArrayList<>();
        Call next = warn(callSid, goOn(callSid, schedule(learnt, now), input, now, outputs), outputs);
        if (next.leg() != null && !Objects.equals(contribution(callSid, next), contribution(callSid, state))) {
            outputs.add(new CallOutput.Tell(Objects.requireNonNull(contribution(callSid, next))));
        }
        return new Decision(next, outputs);
    }

    private static Call learn(Call state, CallInput input) {
        if (input instanceof CallInput.Assigned assigned) {
            return state.with(assigned.leg());
        }
        if (input instanceof CallInput.Happened happened) {
            if (happened.event().fact() instanceof CallSampleFact fact) {
                CallSample sample = fact.sample();
                return state.sent(state.sent().plus(sample), state.rolling().plus(sample.at(), sample.mos()));
            }
            if (happened.event().fact() instanceof CallSummaryFact fact) {
                Call described = isBetter(fact.call(), state.description()) ? state.described(fact.call()) : state;
                return fact.means().mos() == null ? described : described.with(fact.means());
            }
        }
        if (input instanceof CallInput.Found found) {
            Call asked = state.askedBefore(lookup(found.outcome().commandId()));
            if (found.outcome().found() instanceof CallOutcome.Measured measured) {
                Call counted = asked.found(Totals.of(measured.samples()));
                CallDescription call = measured.call();
                return call != null && isBetter(call, state.description()) ? counted.described(call) : counted;
            }
            return asked;
        }
        return state;
    }

    /** {@code CA…/metrics/3} was the third one. */
    private static int lookup(String commandId) {
        String number = commandId.substring(commandId.lastIndexOf('/') + 1);
        return number.matches("[0-9]{1,9}") ? Integer.parseInt(number) : 0;
    }

    private static boolean isBetter(CallDescription told, @Nullable CallDescription known) {
        return known == null || told.complete() || !known.complete();
    }

    /** When the agent's work is over, waiting begins; from the moment when we know it, if that is later. */
    private Call schedule(Call call, Instant now) {
        Leg leg = call.leg();
        if (leg == null || leg.closedAt() == null || call.giveUpAt() != null) {
            return call;
        }
        Instant first = leg.closedAt().plus(configuration.firstLookup());
        Instant giveUp = leg.closedAt().plus(configuration.giveUp());
        if (call.lookups() > 0) {
            // asked by a state that was dropped since: it waited its time
            return call.closing(giveUp, now);
        }
        Instant latest = now.plus(configuration.giveUp().minus(configuration.firstLookup()));
        return call.closing(giveUp.isBefore(latest) ? latest : giveUp, first.isBefore(now) ? now : first);
    }

    private Call goOn(String callSid, Call call, CallInput input, Instant now, List<CallOutput> outputs) {
        if (call.giveUpAt() == null) {
            return call;
        }
        if (call.verdict() != null) {
            return call.verdict().reason() != null && call.hasScore() ? call.with(new Verdict(now, null, null)) : call;
        }
        if (input instanceof CallInput.Found found) {
            return answered(call, found.outcome().found(), now);
        }
        boolean summarised = call.means() != null;
        boolean due = call.wakeAt() != null && !call.wakeAt().isAfter(now);
        if (summarised || (due && call.hasScore())) {
            return call.with(new Verdict(now, null, null));
        }
        if (!due) {
            return call;
        }
        String reason = finalReason(call);
        if (reason != null) {
            return call.with(new Verdict(now, reason, null));
        }
        if (!now.isBefore(call.giveUpAt())) {
            return call.with(new Verdict(now, call.failed() ? GAVE_UP : NO_SAMPLES, null));
        }
        outputs.add(new CallOutput.Do(
                new ListCallMetrics(callSid + "/metrics/" + (call.lookups() + 1), callSid, now, configuration.edge())));
        // until there is an answer, or none is waited for any more
        return call.asked(call.giveUpAt());
    }

    private Call answered(Call call, CallOutcome.Ending found, Instant now) {
        if (call.hasScore()) {
            return call.with(new Verdict(now, null, null));
        }
        if (found instanceof CallOutcome.NotEnabled off) {
            return call.with(new Verdict(now, NOT_ENABLED, off.reason()));
        }
        if (found instanceof CallOutcome.Refused refused) {
            return call.with(new Verdict(now, REFUSED, refused.reason()));
        }
        if (found instanceof CallOutcome.GaveUp gaveUp) {
            return call.with(new Verdict(now, GAVE_UP, gaveUp.reason()));
        }
        String reason = finalReason(call);
        if (reason != null) {
            return call.with(new Verdict(now, reason, null));
        }
        Instant again = now.plus(pause(call.lookups()));
        Instant giveUpAt = Objects.requireNonNull(call.giveUpAt());
        return call.answered().wakeAt(again.isBefore(giveUpAt) ? again : giveUpAt);
    }

    /**
     * Half of the first wait, and twice as long with each look-up. An answer may meet a call of which no look-up is known:
     * outcomes are kept longer than calls are.
     */
    private Duration pause(int lookups) {
        Duration pause = configuration.firstLookup().dividedBy(2);
        for (int i = 1; i < Math.min(lookups, MOST_DOUBLINGS) && pause.compareTo(configuration.giveUp()) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause;
    }

    /** Why there never will be a score, if that is known. */
    private static @Nullable String finalReason(Call call) {
        CallDescription description = call.description();
        if (description != null && description.isForeign()) {
            return NOT_AN_SDK_LEG;
        }
        Leg leg = Objects.requireNonNull(call.leg());
        boolean shortCall = description != null
                && description.durationSeconds() != null
                && description.durationSeconds() < SHORTEST.toSeconds();
        boolean shortWork = leg.closedAt() != null
                && leg.closedAt().isBefore(leg.acceptedAt().plus(SHORTEST));
        return shortCall || shortWork ? TOO_SHORT : null;
    }

    private static Call warn(String callSid, Call call, List<CallOutput> outputs) {
        Leg leg = call.leg();
        if (leg == null || !call.rolling().isToBeTold()) {
            return call;
        }
        outputs.add(new CallOutput.Warn(new LowQuality(
                callSid,
                leg.taskSid(),
                leg.reservationSid(),
                leg.workerSid(),
                Objects.requireNonNull(call.rolling().lowSince()),
                call.rolling().newest(),
                MetricValue.normal(call.rolling().mean().setScale(3, RoundingMode.HALF_UP)))));
        return call.sent(call.sent(), call.rolling().wasTold());
    }

    /** What is to be told of the call in this state; nothing while it is nobody's. */
    private @Nullable Contribution contribution(String callSid, Call call) {
        Leg leg = call.leg();
        if (leg == null) {
            return null;
        }
        Verdict verdict = call.verdict();
        Map<Metric, BigDecimal> values = values(call);
        boolean scored = !values.isEmpty();
        boolean sampled = call.samples().hasScore();
        CallDescription description = call.description();
        Voice voice = new Voice(
                callSid,
                scored ? configuration.edge() : null,
                description == null ? null : description.region(),
                scored ? source(call, sampled) : null,
                scored && verdict != null ? verdict.at() : null,
                scored || verdict == null ? null : verdict.reason(),
                scored || verdict == null ? null : verdict.detail());
        return contribution(leg, verdict == null ? null : leg.closedAt(), values, voice);
    }

    private static String source(Call call, boolean sampled) {
        if (!sampled) {
            return "summary";
        }
        return call.samples().equals(call.found()) ? "metrics" : "event-streams";
    }

    private static Contribution contribution(
            Leg leg, @Nullable Instant until, Map<Metric, BigDecimal> values, Voice voice) {
        return new Contribution(
                Contribution.Feature.VOICE,
                leg.taskSid(),
                leg.reservationSid(),
                until,
                values,
                null,
                voice,
                leg.revision());
    }

    /** The numbers that a call has. */
    Map<Metric, BigDecimal> values(Call call) {
        Map<Metric, BigDecimal> values = new EnumMap<>(Metric.class);
        Totals samples = call.samples();
        CallMeans means = call.means();
        if (samples.hasScore()) {
            mean(values, Metric.MOS, samples.scores());
            put(values, Metric.MINIMUM_MOS, samples.minimum());
            put(
                    values,
                    Metric.LOW_MOS_SHARE,
                    ratio(samples.low(), samples.scores().count()));
            values.put(Metric.MOS_SAMPLES, BigDecimal.valueOf(samples.scores().count()));
            mean(values, Metric.AVERAGE_JITTER, samples.jitter());
            mean(values, Metric.AVERAGE_ROUND_TRIP_TIME, samples.roundTripTime());
            if (samples.packets() > 0) {
                put(values, Metric.PACKET_LOSS, ratio(samples.packetsLost(), samples.packets()));
            }
        } else if (means != null && means.mos() != null) {
            put(values, Metric.MOS, means.mos());
            put(values, Metric.AVERAGE_JITTER, means.jitter());
            put(values, Metric.PACKET_LOSS, means.packetLoss());
        }
        return values;
    }

    private void mean(Map<Metric, BigDecimal> values, Metric metric, Totals.Sum sum) {
        if (sum.count() > 0) {
            put(values, metric, sum.sum().divide(BigDecimal.valueOf(sum.count()), MathContext.DECIMAL64));
        }
    }

    private static BigDecimal ratio(long part, long whole) {
        return BigDecimal.valueOf(part).divide(BigDecimal.valueOf(whole), MathContext.DECIMAL64);
    }

    private void put(Map<Metric, BigDecimal> values, Metric metric, @Nullable BigDecimal exact) {
        if (exact != null) {
            values.put(
                    metric,
                    MetricValue.normal(decimals == null ? exact : exact.setScale(decimals, RoundingMode.HALF_UP)));
        }
    }
}
