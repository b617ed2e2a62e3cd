package io.flexmetry.processors.focus;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Removes the network delay of batches from the times of a tab's events. The time of an event is the receipt of its batch minus its
 * age at sending, so it is late by the delay of the batch, and each batch has another delay. The smallest difference of the
 * clocks around an event belongs to the fastest batch. If all events use it, durations are exact, and all times are late by
 * the same delay.
 */
final class Latency {

    /** How far back a faster batch counts. */
    private static final Duration BEFORE = Duration.ofMinutes(10);

    /** No batch is delayed by more: a larger difference means that a clock was set. */
    private static final long MOST_MILLIS = 30_000;

    private Latency() {}

    /**
     * The events of one tab as if each batch had been as fast as the fastest around it. The result for an event depends only on
     * events near it, not on how many others are given.
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
