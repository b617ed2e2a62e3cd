package io.flexmetry.contract.settings;

import org.jspecify.annotations.Nullable;

/**
 * How topics are created; of topics that exist nothing is changed by it.
 *
 * @param partitions of each topic that is read side by side; absent = as many as our existing topics have, or 12
 * @param replicationFactor copies of each partition; absent = the broker's default
 */
public record TopicSettings(
        @Nullable Integer partitions, @Nullable Short replicationFactor) {

    /** Nothing is said: 12 partitions, and the broker's replication factor. */
    public static final TopicSettings DEFAULT = new TopicSettings(null, null);

    /** Twelve divides evenly among 1, 2, 3, 4, 6 and 12 instances. */
    public static final int DEFAULT_PARTITIONS = 12;

    /** A thousand tasks of Kafka Streams, in eight sub-topologies, are more than a cluster of ours can use. */
    private static final int MOST_PARTITIONS = 1_000;

    /**
     * Reads them from the environment.
     *
     * @throws SettingsException if one is out of its range
     */
    static TopicSettings from(Environment environment) {
        return new TopicSettings(
                environment
                        .find(Variable.FLEXMETRY_PARTITIONS)
                        .map(value -> Environment.number(Variable.FLEXMETRY_PARTITIONS, value, 1, MOST_PARTITIONS))
                        .orElse(null),
                environment
                        .find(Variable.FLEXMETRY_REPLICATION_FACTOR)
                        .map(value -> (short)
                                Environment.number(Variable.FLEXMETRY_REPLICATION_FACTOR, value, 1, Short.MAX_VALUE))
                        .orElse(null));
    }
}
