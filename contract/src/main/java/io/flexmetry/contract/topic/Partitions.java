package io.flexmetry.contract.topic;

import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.TopicSettings;
import io.flexmetry.contract.settings.Variable;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How many partitions our topics have. All have the same, because what is about one thing must meet in one place. */
final class Partitions {

    private Partitions() {}

    /**
     * The number that topics of ours have, or get.
     *
     * @param existing partitions by topic, of those that are there
     * @param wanted what was set; absent = whatever is there
     * @throws SettingsException if topics have another number than was set, or not all the same
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
                        + ". Run, while no conversation is open: kafka-topics.sh --bootstrap-server <broker> --alter --topic "
                        + topic + " --partitions " + most.getValue());
            }
        });
        if (wanted != null && !wanted.equals(most.getValue())) {
            throw new SettingsException("Expected Flexmetry's topics to have " + wanted + " partitions ("
                    + Variable.FLEXMETRY_PARTITIONS + ") but they have " + most.getValue()
                    + ", and it counts only when they are created. Set it to " + most.getValue());
        }
        return most.getValue();
    }
}
