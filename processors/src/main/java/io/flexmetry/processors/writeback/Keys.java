package io.flexmetry.processors.writeback;

import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.MetricsConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where numbers are written: keys under {@code attributes.conversations}.
 *
 * @param all metrics and their keys, the most important first
 * @param chats those without the metrics of calls
 * @param labelled whether a score gets the label of the sample plugin
 */
record Keys(List<Map.Entry<Metric, String>> all, List<Map.Entry<Metric, String>> chats, boolean labelled) {

    private static final String SAMPLES_LABEL = "conversation_label_5";
    private static final String SAMPLES_ATTRIBUTE = "conversation_attribute_5";
    private static final String SCORE = "mos_score";

    static Keys of(Configuration configuration) {
        Map<Metric, String> configured = configuration.metrics().attributes();
        boolean labelled = configuration.metrics().preset() == MetricsConfiguration.Preset.SEED
                && configured.containsKey(Metric.MOS)
                && !configured.containsValue(SAMPLES_ATTRIBUTE);
        List<Map.Entry<Metric, String>> all = new ArrayList<>();
        for (Metric metric : configuration.writeBack().priority()) {
            if (configured.containsKey(metric)) {
                all.add(Map.entry(metric, configured.get(metric)));
            }
            if (labelled && metric == Metric.MOS) {
                // the sample plugin writes the score to both keys
                all.add(Map.entry(metric, SAMPLES_ATTRIBUTE));
            }
        }
        List<Map.Entry<Metric, String>> chats =
                all.stream().filter(entry -> !entry.getKey().isOfCalls()).toList();
        return new Keys(List.copyOf(all), chats, labelled);
    }

    /** The keys of a row. Keys of calls are not touched on the task of a chat. */
    List<Map.Entry<Metric, String>> of(ReservationMetrics row) {
        return row.voice() == null ? chats : all;
    }

    /** The label of a score. */
    Map<String, String> label(Map<String, ?> numbers) {
        return isScore(numbers) ? Map.of(SAMPLES_LABEL, SCORE) : Map.of();
    }

    /** The same on a linked task, which needs the channel too. */
    Map<String, String> labelOfLinked(Map<String, ?> numbers) {
        return isScore(numbers) ? Map.of(SAMPLES_LABEL, SCORE, "channel", SCORE) : Map.of();
    }

    private boolean isScore(Map<String, ?> numbers) {
        return labelled && numbers.containsKey(SAMPLES_ATTRIBUTE);
    }
}
