package io.flexmetry.processors.voice;

import io.flexmetry.contract.voice.CallSample;
import io.flexmetry.contract.voice.Directions;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sums of samples, each counted once.
 *
 * @param scores of the samples that have one
 * @param minimum the lowest score
 * @param low number of samples with a score below {@link #LOW}
 * @param jitter milliseconds
 * @param roundTripTime milliseconds
 * @param packetsLost total
 * @param packets total, lost and received
 * @param directions number of samples by direction
 */
record Totals(
        Sum scores,
        @Nullable BigDecimal minimum,
        long low,
        Sum jitter,
        Sum roundTripTime,
        long packetsLost,
        long packets,
        Directions directions) {

    /** Twilio tags a call whose score falls below this. */
    static final BigDecimal LOW = new BigDecimal("3.5");

    static final Totals NONE = new Totals(Sum.ZERO, null, 0, Sum.ZERO, Sum.ZERO, 0, 0, Directions.NONE);

    /** A sum and the number of its summands. */
    record Sum(BigDecimal sum, long count) {
        private static final Sum ZERO = new Sum(BigDecimal.ZERO, 0);

        private Sum plus(@Nullable BigDecimal value) {
            return value == null ? this : new Sum(sum.add(value), count + 1);
        }
    }

    /** Of a list that may have duplicates, because its pages overlap. */
    static Totals of(List<CallSample> samples) {
        Map<String, CallSample> distinct = new LinkedHashMap<>();
        samples.forEach(sample -> distinct.putIfAbsent(id(sample), sample));
        Totals totals = NONE;
        for (CallSample sample : distinct.values()) {
            totals = totals.plus(sample);
        }
        return totals;
    }

    /** Samples with the same id are duplicates. */
    static String id(CallSample sample) {
        return sample.at() + "/" + sample.direction();
    }

    Totals plus(CallSample sample) {
        BigDecimal mos = sample.mos();
        Long received = sample.packetsReceived();
        Long lost = received == null ? null : sample.packetsLost();
        return new Totals(
                scores.plus(mos),
                mos == null || (minimum != null && minimum.compareTo(mos) <= 0) ? minimum : mos,
                mos != null && mos.compareTo(LOW) < 0 ? low + 1 : low,
                jitter.plus(sample.jitter()),
                roundTripTime.plus(sample.roundTripTime()),
                lost == null ? packetsLost : packetsLost + lost,
                lost == null || received == null ? packets : packets + lost + received,
                directions.plus(sample));
    }

    boolean hasScore() {
        return scores.count() > 0;
    }
}
