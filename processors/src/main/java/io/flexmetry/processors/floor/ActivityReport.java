package io.flexmetry.processors.floor;

import static java.util.stream.Collectors.partitioningBy;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * An event that names the activity of a worker.
 *
 * @param name name of the activity
 * @param at time of the event
 * @param by EventSid; decides between two events of the same time
 * @param changes whether the activity began with the event; other events only repeat it
 */
record ActivityReport(
        String name,
        Instant at,
        @AtMost(Limits.MOST_EVENT_ID) String by,
        boolean changes) implements Comparable<ActivityReport> {

    /** Changes and repetitions are limited separately, so that many repetitions do not evict the beginning of an activity. */
    static final int MOST_OF_A_KIND = 4;

    private static final Comparator<ActivityReport> ORDER = Comparator.comparing(ActivityReport::at)
            .thenComparing(ActivityReport::by)
            .thenComparing(ActivityReport::name)
            .thenComparing(ActivityReport::changes);

    private static final String CHANGE = "worker.activity.update";

    static ActivityReport of(Event event, String name) {
        return new ActivityReport(
                name, event.occurredAt(), event.eventId(), event.type().equals(CHANGE));
    }

    /** The newest of each kind, in order. */
    static List<ActivityReport> newest(Stream<ActivityReport> reports) {
        return reports.distinct().collect(partitioningBy(ActivityReport::changes)).values().stream()
                .flatMap(ofAKind -> Kept.greatest(ofAKind, MOST_OF_A_KIND).stream())
                .sorted()
                .toList();
    }

    @Override
    public int compareTo(ActivityReport other) {
        return ORDER.compare(this, other);
    }
}
