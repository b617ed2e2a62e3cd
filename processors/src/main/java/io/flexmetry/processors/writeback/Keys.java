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
 * @param labelled whether a score is labelled as the sample labels it
 */
record Keys(List<Map.Entry<Metric, String>> all, boolean labelled) {

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
                // the sample puts the score on both
                all.add(Map.entry(metric, SAMPLES_ATTRIBUTE));
            }
        }
        return new Keys(List.copyOf(all), labelled);
    }

    /** Those of a row: what belongs to calls is nobody's business on a chat. */
    List<Map.Entry<Metric, String>> of(ReservationMetrics row) {
        return row.voice() != null
                ? all
                : all.stream().filter(entry -> !entry.getKey().isOfCalls()).toList();
    }

    /** What says that a score is one. */
    Map<String, String> label(Map<String, ?> numbers) {
        return isScore(numbers) ? Map.of(SAMPLES_LABEL, SCORE) : Map.of();
    }

    /** The same on a task that is only there for it. */
    Map<String, String> labelOfLinked(Map<String, ?> numbers) {
        return isScore(numbers) ? Map.of(SAMPLES_LABEL, SCORE, "channel", SCORE) : Map.of();
    }

    private boolean isScore(Map<String, ?> numbers) {
        return labelled && numbers.containsKey(SAMPLES_ATTRIBUTE);
    }
}
