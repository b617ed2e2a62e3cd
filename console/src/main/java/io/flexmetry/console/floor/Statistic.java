package io.flexmetry.console.floor;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The exact median and 90th percentile of some values.
 *
 * @param median of an even number of values the mean of the middle two
 * @param p90 the value that nine of ten do not exceed
 * @param of number of values
 */
record Statistic(BigDecimal median, BigDecimal p90, int of) {

    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    /** Over the rows that have the number; absent if none has. */
    static @Nullable Statistic of(
            List<ReservationSummary> rows, Function<ReservationSummary, @Nullable BigDecimal> number) {
        List<BigDecimal> sorted = rows.stream()
                .map(number)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .sorted()
                .toList();
        if (sorted.isEmpty()) {
            return null;
        }
        int count = sorted.size();
        BigDecimal median =
                sorted.get((count - 1) / 2).add(sorted.get(count / 2)).divide(TWO);
        return new Statistic(median, sorted.get((9 * count + 9) / 10 - 1), count);
    }
}
