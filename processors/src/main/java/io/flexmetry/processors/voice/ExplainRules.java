package io.flexmetry.processors.voice;

import io.flexmetry.contract.explain.ExplainedCall;
import io.flexmetry.contract.explain.ExplainedCall.Named;
import io.flexmetry.contract.explain.ExplainedSamples;
import io.flexmetry.contract.explain.ExplainedSamples.Source;
import io.flexmetry.contract.explain.ExplainedSound;
import io.flexmetry.contract.explain.Why;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.voice.Call.Verdict;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Explains which agent a call belongs to and how it sounded, from the state that the other rules keep. Decides nothing. */
final class ExplainRules {

    private static final Map<String, Why> REASONS = Map.of(
            CallRules.NOT_AN_SDK_LEG, Why.NOT_AN_SDK_LEG,
            CallRules.NOT_ENABLED, Why.NOT_ENABLED,
            CallRules.NO_SAMPLES, Why.NO_SAMPLES,
            CallRules.TOO_SHORT, Why.CALL_TOO_SHORT,
            CallRules.REFUSED, Why.REFUSED,
            CallRules.GAVE_UP, Why.GAVE_UP);

    private final String edge;
    private final CallRules rules;

    ExplainRules(Configuration configuration) {
        this.edge = configuration.voiceQuality().edge();
        this.rules = new CallRules(
                configuration.voiceQuality(), configuration.metrics().decimals());
    }

    /** The accepted reservations of a task that concern a call, each with the call that belongs to it. */
    static List<ExplainedCall> calls(TaskCalls task) {
        Map<String, VoiceReservation> reservations = task.reservations();
        Map<String, String> calls = LegRules.calls(reservations);
        Map<String, String> owners = LegRules.owners(reservations);
        Map<String, Instant> firstNamed = LegRules.firstNamed(reservations);
        List<ExplainedCall> explained = new ArrayList<>();
        reservations.forEach((sid, reservation) -> {
            Instant acceptedAt = reservation.acceptedAt();
            if (acceptedAt != null
                    && (reservation.voice() || !reservation.named().isEmpty())) {
                List<Named> named = reservation.named().entrySet().stream()
                        .sorted(Map.Entry.comparingByValue())
                        .map(call -> new Named(
                                call.getKey(),
                                call.getValue(),
                                Objects.requireNonNull(firstNamed.get(call.getKey())),
                                owners.get(call.getKey())))
                        .toList();
                explained.add(call(sid, reservation, acceptedAt, calls.get(sid), named));
            }
        });
        explained.sort(Comparator.comparing(ExplainedCall::acceptedAt).thenComparing(ExplainedCall::reservationSid));
        return explained;
    }

    private static ExplainedCall call(
            String reservationSid,
            VoiceReservation reservation,
            Instant acceptedAt,
            @Nullable String callSid,
            List<Named> named) {
        Instant closedAt = reservation.closedAt();
        Why without = closedAt == null ? Why.NO_CALL_YET : Why.NO_AGENT_CALL;
        return new ExplainedCall(
                reservationSid,
                reservation.workerSid(),
                acceptedAt,
                closedAt,
                callSid,
                named,
                callSid == null ? without : null,
                null);
    }

    /** How a call sounded. */
    ExplainedSound sound(@Nullable Call known) {
        Call call = known == null ? Call.NEW : known;
        Map<Metric, BigDecimal> values = rules.values(call);
        Why why = values.isEmpty() ? known == null ? Why.FORGOTTEN : why(call) : null;
        Verdict verdict = call.verdict();
        return new ExplainedSound(
                edge,
                samples(call),
                call.means(),
                call.description(),
                values,
                call.lookups(),
                why == Why.LOOK_UP_LATER ? nextLookupAt(call) : null,
                call.giveUpAt(),
                verdict == null ? null : verdict.at(),
                why,
                why == null || verdict == null ? null : verdict.detail());
    }

    /** Why the call has no numbers. */
    private static Why why(Call call) {
        Verdict verdict = call.verdict();
        if (verdict != null) {
            // a later look-up may find fewer samples
            return verdict.reason() == null ? Why.NO_SAMPLES : Objects.requireNonNull(REASONS.get(verdict.reason()));
        }
        if (call.giveUpAt() == null) {
            return Why.CALL_LASTS;
        }
        return call.lookups() > 0 && call.failed() ? Why.LOOK_UP_UNDER_WAY : Why.LOOK_UP_LATER;
    }

    /** Absent if waiting ends first: then there is no look-up. */
    private static @Nullable Instant nextLookupAt(Call call) {
        Instant wakeAt = call.wakeAt();
        return wakeAt == null || call.giveUpAt() == null || !wakeAt.isBefore(call.giveUpAt()) ? null : wakeAt;
    }

    private static List<ExplainedSamples> samples(Call call) {
        List<ExplainedSamples> samples = new ArrayList<>();
        add(samples, Source.METRICS, call.found(), call.countsFound());
        add(samples, Source.EVENT_STREAMS, call.sent(), !call.countsFound());
        return samples;
    }

    private static void add(List<ExplainedSamples> samples, Source source, Totals totals, boolean taken) {
        if (totals.equals(Totals.NONE)) {
            return;
        }
        Why why = totals.hasScore() ? taken ? null : Why.FEWER_SAMPLES : Why.NO_SCORE;
        samples.add(new ExplainedSamples(
                source,
                totals.directions(),
                sum(totals.scores()),
                totals.minimum(),
                totals.low(),
                sum(totals.jitter()),
                sum(totals.roundTripTime()),
                totals.packetsLost(),
                totals.packets(),
                why == null,
                why));
    }

    private static ExplainedSamples.Sum sum(Totals.Sum of) {
        return new ExplainedSamples.Sum(of.sum(), of.count());
    }
}
