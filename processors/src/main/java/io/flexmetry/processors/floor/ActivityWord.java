package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * An event named the activity that a worker was in.
 *
 * @param name of the activity
 * @param at when it was so
 * @param by the event
 * @param changes whether it says that the activity began; otherwise only that it was so
 */
record ActivityWord(
        String name,
        Instant at,
        @AtMost(Limits.MOST_EVENT_ID) String by,
        boolean changes) implements Comparable<ActivityWord> {

    /** Of each kind: many that only repeat an activity do not push out when it began. */
    static final int MOST_OF_A_KIND = 4;

    private static final Comparator<ActivityWord> NEWNESS = Comparator.comparing(ActivityWord::at)
            .thenComparing(ActivityWord::by)
            .thenComparing(ActivityWord::name)
            .thenComparing(ActivityWord::changes);

    private static final String CHANGE = "worker.activity.update";

    static ActivityWord in(Event event, String name) {
        return new ActivityWord(
                name, event.occurredAt(), event.eventId(), event.type().equals(CHANGE));
    }

    /** In order; the newest of each kind. */
    static List<ActivityWord> newest(Stream<ActivityWord> words) {
        List<ActivityWord> all = words.distinct().toList();
        return Stream.of(true, false)
                .flatMap(
                        changes -> Kept.greatest(
                                all.stream()
                                        .filter(word -> word.changes == changes)
                                        .toList(),
                                MOST_OF_A_KIND)
                                .stream())
                .sorted()
                .toList();
    }

    @Override
    public int compareTo(ActivityWord other) {
        return NEWNESS.compare(this, other);
    }
}
