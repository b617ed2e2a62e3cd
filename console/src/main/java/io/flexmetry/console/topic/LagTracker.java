package io.flexmetry.console.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** How far a consumer group is behind in time: how long ago the topics ended where the group is now. */
final class Progress {

    /** When there are more, every second one goes: only the age of the oldest is told. */
    static final int MOST_SIGHTINGS = 1_000;

    private List<Sighting> sightings = new ArrayList<>();

    /** Where the topics ended once. */
    private record Sighting(long nanos, Map<TopicPartition, Long> ends) {}

    /**
     * What there is to say.
     *
     * @param behind since the oldest event that waits was seen
     * @param waiting how many events wait
     */
    record Lag(Duration behind, long waiting) {
        static final Lag NONE = new Lag(Duration.ZERO, 0);
    }

    /**
     * Takes a look.
     *
     * @param nanos of a clock that never goes back
     * @param ends the offset behind the last record of each partition
     * @param next the offset of the record that the group reads next
     */
    Lag look(long nanos, Map<TopicPartition, Long> ends, Map<TopicPartition, Long> next) {
        sightings.removeIf(sighting -> waiting(sighting.ends(), next) == 0);
        long waiting = waiting(ends, next);
        if (waiting == 0) {
            return Lag.NONE;
        }
        sightings.add(new Sighting(nanos, ends));
        if (sightings.size() > MOST_SIGHTINGS) {
            List<Sighting> thinned = new ArrayList<>();
            for (int i = 0; i < sightings.size(); i += 2) {
                thinned.add(sightings.get(i));
            }
            sightings = thinned;
        }
        return new Lag(Duration.ofNanos(nanos - sightings.get(0).nanos()), waiting);
    }

    private static long waiting(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> next) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - next.getOrDefault(end.getKey(), 0L)))
                .sum();
    }
}
