package io.flexmetry.contract.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;

/**
 * A topic with all that writers and readers must agree on.
 *
 * @param name its name on the broker
 * @param keySerde reads and writes keys
 * @param valueSerde reads and writes values
 * @param partitions number of partitions: the upper bound of scaling; the same for all topics that are joined
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

    /** With as many replicas as the broker's default says. */
    NewTopic toNewTopic() {
        return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configs());
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
