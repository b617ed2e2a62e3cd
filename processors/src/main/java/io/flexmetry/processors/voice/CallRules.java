package io.flexmetry.processors.voice;

import io.flexmetry.contract.command.ListCallMetrics;
import io.flexmetry.contract.event.CallSummaryFact;
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
 * Decides when to look up a call's quality, and what the score is or why there is none.
 *
 * <p>The first source counts: samples or a summary that Twilio sent, or the first look-up that found samples. A better source that
 * comes later corrects the numbers: samples are better than a summary, more samples better than fewer.
 */
final class CallRules {

    /** Twilio takes a sample every ten seconds, so shorter calls have none. */
    private static final Duration SHORTEST = Duration.ofSeconds(10);

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
     * A decision.
     *
     * @param next the new state
     * @param outputs commands, numbers and alerts
     */
    record Decision(Call next, List<CallOutput> outputs) {}

    /** Contribution of a reservation without a call. */
    static Contribution withoutCall(Leg leg) {
        Voice voice = new Voice(null, null, null, null, null, NO_AGENT_CALL, null);
        return contribution(leg, leg.closedAt(), Map.of(), voice);
    }

    /** A pure function of state, input and time. The caller leaves out duplicate samples. */
    Decision decide(String callSid, Call state, CallInput input, Instant now) {
        List<CallOutput> outputs = new ArrayList<>();
        Call scheduled = schedule(learn(state, input), now);
        Call next = alert(callSid, proceed(callSid, scheduled, input, now, outputs), outputs);
        Contribution contribution = contribution(callSid, next);
        if (contribution != null && !contribution.equals(contribution(callSid, state))) {
            outputs.add(new CallOutput.Contribute(contribution));
        }
        return new Decision(next, outputs);
    }

    private static Call learn(Call state, CallInput input) {
        if (input instanceof CallInput.Assigned assigned) {
            return state.with(assigned.leg());
        }
        if (input instanceof CallInput.Sampled sampled) {
            CallSample sample = sampled.sample();
            return state.sent(state.sent().plus(sample), state.recent().plus(sample.at(), sample.mos()));
        }
        if (input instanceof CallInput.Summarised summarised) {
            CallSummaryFact summary = summarised.summary();
            Call described = state.with(summary.call());
            return summary.means().mos() == null ? described : described.with(summary.means());
        }
        if (input instanceof CallInput.Found found) {
            // the look-up may be from before the state was dropped
            int lookups = lookup(found.outcome().commandId());
            Call asked = lookups > state.lookups() ? state.lookedUp(lookups, state.wakeAt()) : state;
            if (found.outcome().found() instanceof CallOutcome.Measured measured) {
                Call counted = asked.found(Totals.of(measured.samples()));
                return measured.call() == null ? counted : counted.with(measured.call());
            }
            return asked;
        }
        return state;
    }

    /** {@code CA…/metrics/3} is the third one. */
    private static int lookup(String commandId) {
        String number = commandId.substring(commandId.lastIndexOf('/') + 1);
        return number.matches("[0-9]{1,9}") ? Integer.parseInt(number) : 0;
    }

    /** Starts waiting when the agent's work is over, or when its event arrives if that is later. */
    private Call schedule(Call call, Instant now) {
        Leg leg = call.leg();
        if (leg == null || leg.closedAt() == null || call.giveUpAt() != null) {
            return call;
        }
        Instant first = leg.closedAt().plus(configuration.firstLookup());
        Instant giveUp = leg.closedAt().plus(configuration.giveUp());
        if (call.lookups() > 0) {
            // looked up before the state was dropped, so the first wait is over
            return call.closing(giveUp, now);
        }
        Instant latest = now.plus(configuration.giveUp().minus(configuration.firstLookup()));
        return call.closing(giveUp.isBefore(latest) ? latest : giveUp, first.isBefore(now) ? now : first);
    }

    private Call proceed(String callSid, Call call, CallInput input, Instant now, List<CallOutput> outputs) {
        Instant giveUpAt = call.giveUpAt();
        if (giveUpAt == null) {
            return call;
        }
        Verdict scored = new Verdict(now, null, null);
        if (call.verdict() != null) {
            return call.verdict().reason() != null && call.hasScore() ? call.with(scored) : call;
        }
        CallOutcome.Ending answer =
                input instanceof CallInput.Found found ? found.outcome().found() : null;
        boolean due = call.wakeAt() != null && !call.wakeAt().isAfter(now);
        if (call.hasScore() && (answer != null || due || call.means() != null)) {
            return call.with(scored);
        }
        if (answer == null && !due) {
            return call;
        }
        Verdict failure = failure(call, answer, now);
        if (failure != null) {
            return call.with(failure);
        }
        if (answer != null) {
            Instant again = now.plus(pause(call.lookups()));
            return call.answered(again.isBefore(giveUpAt) ? again : giveUpAt);
        }
        if (!now.isBefore(giveUpAt)) {
            return call.with(new Verdict(now, call.failed() ? GAVE_UP : NO_SAMPLES, null));
        }
        int lookup = call.lookups() + 1;
        outputs.add(new CallOutput.Do(
                new ListCallMetrics(callSid + "/metrics/" + lookup, callSid, now, configuration.edge())));
        return call.lookedUp(lookup, giveUpAt);
    }

    /** The result if there never will be a score; absent if there may be one. */
    private static @Nullable Verdict failure(Call call, CallOutcome.@Nullable Ending answer, Instant now) {
        if (answer instanceof CallOutcome.NotEnabled off) {
            return new Verdict(now, NOT_ENABLED, off.reason());
        }
        if (answer instanceof CallOutcome.Refused refused) {
            return new Verdict(now, REFUSED, refused.reason());
        }
        if (answer instanceof CallOutcome.GaveUp gaveUp) {
            return new Verdict(now, GAVE_UP, gaveUp.reason());
        }
        CallDescription description = call.description();
        if (description != null && description.isForeign()) {
            return new Verdict(now, NOT_AN_SDK_LEG, null);
        }
        Leg leg = Objects.requireNonNull(call.leg());
        boolean shortCall = description != null
                && description.durationSeconds() != null
                && description.durationSeconds() < SHORTEST.toSeconds();
        boolean shortWork = leg.closedAt() != null
                && leg.closedAt().isBefore(leg.acceptedAt().plus(SHORTEST));
        return shortCall || shortWork ? new Verdict(now, TOO_SHORT, null) : null;
    }

    /** Half of the first wait, doubled with each look-up. There may be none: outcomes are kept longer than calls. */
    private Duration pause(int lookups) {
        Duration pause = configuration.firstLookup().dividedBy(2);
        for (int i = 1; i < lookups && pause.compareTo(configuration.giveUp()) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause;
    }

    private static Call alert(String callSid, Call call, List<CallOutput> outputs) {
        Leg leg = call.leg();
        RecentScores recent = call.recent();
        if (leg == null || !recent.isAlertDue()) {
            return call;
        }
        outputs.add(new CallOutput.Warn(new LowQuality(
                callSid,
                leg.taskSid(),
                leg.reservationSid(),
                leg.workerSid(),
                Objects.requireNonNull(recent.lowSince()),
                recent.newestAt(),
                MetricValue.normal(recent.mean().setScale(3, RoundingMode.HALF_UP)))));
        return call.sent(call.sent(), recent.withAlert());
    }

    /** The contribution in this state; absent while the call's agent is unknown. */
    private @Nullable Contribution contribution(String callSid, Call call) {
        Leg leg = call.leg();
        if (leg == null) {
            return null;
        }
        Verdict verdict = call.verdict();
        Map<Metric, BigDecimal> values = values(call);
        boolean scored = !values.isEmpty();
        CallDescription description = call.description();
        Voice voice = new Voice(
                callSid,
                scored ? configuration.edge() : null,
                description == null ? null : description.region(),
                scored ? source(call) : null,
                scored && verdict != null ? verdict.at() : null,
                scored || verdict == null ? null : verdict.reason(),
                scored || verdict == null ? null : verdict.detail());
        return contribution(leg, verdict == null ? null : leg.closedAt(), values, voice);
    }

    private static String source(Call call) {
        if (!call.samples().hasScore()) {
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

    /** The call's numbers. */
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
        } else if (means != null) {
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
