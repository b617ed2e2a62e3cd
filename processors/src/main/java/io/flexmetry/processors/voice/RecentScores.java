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
 * @param scores the newest ones, the newest last
 * @param newestAt when the newest sample was taken
 * @param lowSince since when their mean is low; absent when it is not
 * @param alerted whether an alert was published for this period
 */
record RecentScores(
        @AtMost(SAMPLES) List<BigDecimal> scores,
        Instant newestAt,
        @Nullable Instant lowSince,
        boolean alerted) {

    static final RecentScores NONE = new RecentScores(List.of(), Instant.EPOCH, null, false);

    private static final int SAMPLES = 3;
    private static final Duration LASTING = Duration.ofSeconds(30);

    /** With one more sample. Samples without a score, and older ones, change nothing. */
    RecentScores plus(Instant at, @Nullable BigDecimal mos) {
        if (mos == null || !at.isAfter(newestAt)) {
            return this;
        }
        List<BigDecimal> all = new ArrayList<>(scores);
        all.add(mos);
        List<BigDecimal> newest = List.copyOf(all.subList(Math.max(0, all.size() - SAMPLES), all.size()));
        boolean low = newest.size() == SAMPLES && mean(newest).compareTo(Totals.LOW) < 0;
        return new RecentScores(newest, at, low ? (lowSince == null ? at : lowSince) : null, low && alerted);
    }

    /** Whether the mean has been low for long enough, and no alert was published. */
    boolean isAlertDue() {
        return lowSince != null && !alerted && !newestAt.isBefore(lowSince.plus(LASTING));
    }

    RecentScores withAlert() {
        return new RecentScores(scores, newestAt, lowSince, true);
    }

    BigDecimal mean() {
        return mean(scores);
    }

    private static BigDecimal mean(List<BigDecimal> scores) {
        return scores.stream()
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .divide(BigDecimal.valueOf(scores.size()), MathContext.DECIMAL64);
    }
}
