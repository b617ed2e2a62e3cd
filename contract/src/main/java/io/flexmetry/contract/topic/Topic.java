package io.flexmetry.contract.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/**
 * A topic with all that writers and readers must agree on.
 *
 * @param name its name on the broker
 * @param keySerde reads and writes keys
 * @param valueSerde reads and writes values
 * @param partitions number of partitions where nothing else is set: the upper bound of scaling. All topics have the same,
 *     because they are joined, but those that have one
 * @param retention what the broker may throw away
 */
public record Topic<K, V>(String name, Serde<K> keySerde, Serde<V> valueSerde, int partitions, Retention retention) {

    /** What the broker may throw away. */
    public sealed interface Retention {

        /** Everything older than {@code time}. */
        record Delete(Duration time) implements Retention {}

        /** All but the latest value of a key. */
        record Compact() implements Retention {}
    }

    /** Whether it has more than one partition, as many as the others. */
    boolean isScaled() {
        return partitions > 1;
    }

    /**
     * To create it.
     *
     * @param scaled partitions of a topic that has several
     * @param replicationFactor absent = the broker's default
     */
    NewTopic toNewTopic(int scaled, @Nullable Short replicationFactor) {
        return new NewTopic(name, Optional.of(isScaled() ? scaled : partitions), Optional.ofNullable(replicationFactor))
                .configs(configs());
    }

    private Map<String, String> configs() {
        Map<String, String> configs = new HashMap<>();
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(Topics.MOST_RECORD_BYTES));
        if (retention instanceof Retention.Delete delete) {
            configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
            configs.put(
                    TopicConfig.RETENTION_MS_CONFIG, Long.toString(delete.time().toMillis()));
        } else {
            configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        }
        return configs;
    }
}
