package io.flexmetry.contract.calendar;

/**
 * Hours of a day, in minutes since its midnight.
 *
 * @param from when they begin, 0 to 1439
 * @param to when they are over, up to 1440, which is the day's end
 */
public record OpenHours(int from, int to) implements Comparable<OpenHours> {

    private static final int MINUTES_OF_HOUR = 60;
    private static final int MINUTES_OF_DAY = 24 * MINUTES_OF_HOUR;

    public OpenHours {
        if (from < 0 || from >= to || to > MINUTES_OF_DAY) {
            throw new IllegalArgumentException(
                    "Expected hours to begin before they are over, on one day, but they are " + text(from, to));
        }
    }

    /** Whether they have a minute in common. */
    public boolean overlaps(OpenHours other) {
        return from < other.to && other.from < to;
    }

    @Override
    public int compareTo(OpenHours other) {
        return from == other.from ? Integer.compare(to, other.to) : Integer.compare(from, other.from);
    }

    /** As people write them: {@code 09:00-17:30}. */
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
