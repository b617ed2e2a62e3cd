package io.flexmetry.processors.focus;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Takes the way of batches out of the times of a tab's events. An event is as old at the receipt of its batch as it was at its
 * sending, so it is late by as long as the batch was under way; and each batch is under way for another time. The smallest
 * difference of the clocks around an event is the fastest batch's: with it, durations are right, and all are late by the same.
 */
final class Latency {

    /** How far back a faster batch counts. */
    private static final Duration BEFORE = Duration.ofMinutes(10);

    /** Clocks that differ by more than this were set meanwhile: nothing is so long under way. */
    private static final long MOST_MILLIS = 30_000;

    private Latency() {}

    /**
     * The events of one tab as if all their batches had been as fast as the fastest around them. Which batches those are depends on
     * what lies near an event, and not on how much else is given.
     *
     * @param after how far ahead a faster batch counts
     */
    static List<FocusEvent> levelled(Collection<FocusEvent> ofTab, Duration after) {
        List<FocusEvent> events = ofTab.stream().sorted(FocusEvent.ORDER).toList();
        List<FocusEvent> levelled = new ArrayList<>();
        int first = 0;
        for (FocusEvent event : events) {
            while (events.get(first).at().isBefore(event.at().minus(BEFORE))) {
                first++;
            }
            Long own = event.clocksApart();
            levelled.add(
                    own == null
                            ? event
                            : event.movedTo(event.at().minusMillis(own - fastest(events, first, event, own, after))));
        }
        return levelled;
    }

    private static long fastest(List<FocusEvent> events, int first, FocusEvent event, long own, Duration after) {
        Instant until = event.at().plus(after);
        long fastest = own;
        for (int i = first; i < events.size() && !events.get(i).at().isAfter(until); i++) {
            Long other = events.get(i).clocksApart();
            if (other != null && other < fastest && own - other <= MOST_MILLIS) {
                fastest = other;
            }
        }
        return fastest;
    }
}
