package io.flexmetry.local.compose;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The measurements in one table. They are not asserted, because a busy machine is slow. */
final class Figures {

    private final Map<String, String> rows = new LinkedHashMap<>();

    void put(String what, String figure) {
        rows.put(what, figure);
    }

    void put(String what, Duration took) {
        put(what, seconds(took));
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    @Override
    public String toString() {
        int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder table = new StringBuilder("\ncompose, measured with ")
                .append(Runtime.getRuntime().availableProcessors())
                .append(" processors:\n");
        rows.forEach(
                (what, figure) -> table.append(String.format(Locale.ROOT, "  %-" + width + "s  %s%n", what, figure)));
        return table.toString();
    }
}
