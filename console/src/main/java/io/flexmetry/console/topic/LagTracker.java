package io.flexmetry.console.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** The lag of a consumer group in time: how long ago the topics ended where the group is now. */
final class LagTracker {

    /** If there are more observations, every second one is removed: only the age of the oldest is needed. */
    static final int MOST_OBSERVATIONS = 1_000;

    private List<Observation> observations = new ArrayList<>();

    /** The end offsets at a time. */
    private record Observation(long nanos, Map<TopicPartition, Long> ends) {}

    /**
     * The lag of the group.
     *
     * @param behind time since the oldest waiting event was first seen
     * @param waiting number of waiting events
     */
    record Lag(Duration behind, long waiting) {
        static final Lag NONE = new Lag(Duration.ZERO, 0);
    }

    /**
     * Adds an observation and returns the lag.
     *
     * @param nanos time of a monotonic clock
     * @param ends offset after the last record of each partition
     * @param next offset of the next record that the group reads, for each partition
     */
    Lag observe(long nanos, Map<TopicPartition, Long> ends, Map<TopicPartition, Long> next) {
        observations.removeIf(observation -> waiting(observation.ends(), next) == 0);
        long waiting = waiting(ends, next);
        if (waiting == 0) {
            return Lag.NONE;
        }
        observations.add(new Observation(nanos, ends));
        if (observations.size() > MOST_OBSERVATIONS) {
            List<Observation> thinned = new ArrayList<>();
            for (int i = 0; i < observations.size(); i += 2) {
                thinned.add(observations.get(i));
            }
            observations = thinned;
        }
        return new Lag(Duration.ofNanos(nanos - observations.get(0).nanos()), waiting);
    }

    private static long waiting(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> next) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - next.getOrDefault(end.getKey(), 0L)))
                .sum();
    }
}
