package io.flexmetry.contract.settings;

import org.jspecify.annotations.Nullable;

/**
 * Settings for new topics; existing topics are not changed.
 *
 * @param partitions partitions of each topic that is processed in parallel; absent = as many as our existing topics have, or 12
 * @param replicationFactor replicas of each partition; absent = the broker's default
 */
public record TopicSettings(
        @Nullable Integer partitions, @Nullable Short replicationFactor) {

    /** Not configured: 12 partitions, and the broker's replication factor. */
    public static final TopicSettings DEFAULT = new TopicSettings(null, null);

    /** Twelve divides evenly among 1, 2, 3, 4, 6 and 12 instances. */
    public static final int DEFAULT_PARTITIONS = 12;

    /** Each partition is a task of Kafka Streams in eight sub-topologies; more tasks than that are of no use. */
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
