package io.flexmetry.processors.voice;

import io.flexmetry.contract.topic.AtMost;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a call sounds at the moment.
 *
 * @param last the last scores, the newest last
 * @param newest when the newest was taken
 * @param lowSince since when their mean is low; absent when it is not
 * @param told whether that was told
 */
record Rolling(
        @AtMost(SAMPLES) List<BigDecimal> last,
        Instant newest,
        @Nullable Instant lowSince,
        boolean told) {

    static final Rolling NONE = new Rolling(List.of(), Instant.EPOCH, null, false);

    private static final int SAMPLES = 3;
    private static final Duration LASTING = Duration.ofSeconds(30);

    /** After another sample; one that comes late says nothing of the moment. */
    Rolling plus(Instant at, @Nullable BigDecimal mos) {
        if (mos == null || !at.isAfter(newest)) {
            return this;
        }
        List<BigDecimal> scores = new ArrayList<>(last);
        scores.add(mos);
        Rolling next = new Rolling(
                List.copyOf(scores.subList(Math.max(0, scores.size() - SAMPLES), scores.size())), at, lowSince, told);
        boolean low = next.last.size() == SAMPLES && next.mean().compareTo(Totals.LOW) < 0;
        return new Rolling(next.last, at, low ? (lowSince == null ? at : lowSince) : null, low && told);
    }

    /** Whether it has been low for so long that it is to be told now. */
    boolean isToBeTold() {
        return lowSince != null && !told && !newest.isBefore(lowSince.plus(LASTING));
    }

    Rolling wasTold() {
        return new Rolling(last, newest, lowSince, true);
    }

    BigDecimal mean() {
        return last.stream()
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .divide(BigDecimal.valueOf(last.size()), MathContext.DECIMAL64);
    }
}
