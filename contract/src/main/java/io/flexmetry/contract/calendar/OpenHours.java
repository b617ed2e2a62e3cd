package io.flexmetry.contract.calendar;

/**
 * An opening interval within a day, in minutes since midnight.
 *
 * @param from start, inclusive, 0 to 1439
 * @param to end, exclusive, up to 1440 (midnight)
 */
public record OpenHours(int from, int to) implements Comparable<OpenHours> {

    private static final int MINUTES_OF_HOUR = 60;
    private static final int MINUTES_OF_DAY = 24 * MINUTES_OF_HOUR;

    public OpenHours {
        if (from < 0 || from >= to || to > MINUTES_OF_DAY) {
            throw new IllegalArgumentException(
                    "Expected hours to start before they end, within one day, but they are " + text(from, to));
        }
    }

    public boolean overlaps(OpenHours other) {
        return from < other.to && other.from < to;
    }

    @Override
    public int compareTo(OpenHours other) {
        return from == other.from ? Integer.compare(to, other.to) : Integer.compare(from, other.from);
    }

    /** For example {@code 09:00-17:30}. */
    @Override
    public String toString() {
        return text(from, to);
    }

    private static String text(int from, int to) {
        return time(from) + "-" + time(to);
    }

    private static String time(int minute) {
        return String.format("%02d:%02d", minute / MINUTES_OF_HOUR, minute % MINUTES_OF_HOUR);
    }
}
