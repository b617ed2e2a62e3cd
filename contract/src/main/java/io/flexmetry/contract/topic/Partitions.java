package io.flexmetry.contract.topic;

import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.TopicSettings;
import io.flexmetry.contract.settings.Variable;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The number of partitions of our topics. It is the same for all, because records about the same subject must be co-partitioned. */
final class Partitions {

    private Partitions() {}

    /**
     * The number of partitions of existing and new topics.
     *
     * @param existing partitions by name of the existing topics
     * @param wanted the configured number; absent = as many as existing topics have
     * @throws SettingsException if topics have another number than configured, or different numbers
     */
    static int agreed(Map<String, Integer> existing, @Nullable Integer wanted) {
        if (existing.isEmpty()) {
            return wanted == null ? TopicSettings.DEFAULT_PARTITIONS : wanted;
        }
        Map.Entry<String, Integer> most = new TreeMap<>(existing)
                .entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        new TreeMap<>(existing).forEach((topic, partitions) -> {
            if (partitions < most.getValue()) {
                throw new SettingsException("Expected " + topic + " to have " + most.getValue() + " partitions, like "
                        + most.getKey() + ", but it has " + partitions
                        + ". While no conversation is open, run: kafka-topics.sh --bootstrap-server <broker> --alter --topic "
                        + topic + " --partitions " + most.getValue());
            }
        });
        if (wanted != null && !wanted.equals(most.getValue())) {
            throw new SettingsException("Expected Flexmetry's topics to have " + wanted + " partitions ("
                    + Variable.FLEXMETRY_PARTITIONS + ") but they have " + most.getValue()
                    + ": the setting applies only to new topics. Set it to " + most.getValue());
        }
        return most.getValue();
    }
}
