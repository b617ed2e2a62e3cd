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
 * A topic: the contract between its writers and readers.
 *
 * @param name its name on the broker
 * @param keySerde serde of keys
 * @param valueSerde serde of values
 * @param partitions default number of partitions: the upper bound of scaling. Topics with more than one have the same number, because
 *     they are joined
 * @param retention cleanup policy
 */
public record Topic<K, V>(String name, Serde<K> keySerde, Serde<V> valueSerde, int partitions, Retention retention) {

    /** Cleanup policies. */
    public sealed interface Retention {

        /** Deletes records older than {@code time}. */
        record Delete(Duration time) implements Retention {}

        /** Keeps the latest value of each key. */
        record Compact() implements Retention {}
    }

    /** Whether it has as many partitions as the other topics, and not just one. */
    boolean isScaled() {
        return partitions > 1;
    }

    /**
     * @param scaled number of partitions of scaled topics
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
