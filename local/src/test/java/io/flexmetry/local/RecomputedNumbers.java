package io.flexmetry.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.MetricValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Recomputes numbers from an explanation alone, by their names. */
final class RecomputedNumbers {

    private static final int DECIMALS = 3;

    private RecomputedNumbers() {}

    /**
     * The numbers of a call.
     *
     * @param call call of an explanation, with its decimals as written
     */
    static Map<String, BigDecimal> ofCall(JsonNode call) {
        Map<String, BigDecimal> numbers = new TreeMap<>();
        for (JsonNode samples : call.at("/sound/samples")) {
            if (samples.get("counted").asBoolean()) {
                JsonNode scored = samples.at("/scores/count");
                put(numbers, Metric.MOS, samples.at("/scores/sum"), scored);
                put(numbers, Metric.MINIMUM_MOS, samples.get("minimum"), null);
                put(numbers, Metric.LOW_MOS_SHARE, samples.get("low"), scored);
                put(numbers, Metric.MOS_SAMPLES, scored, null);
                put(numbers, Metric.AVERAGE_JITTER, samples.at("/jitter/sum"), samples.at("/jitter/count"));
                JsonNode roundTripTime = samples.get("roundTripTime");
                put(numbers, Metric.AVERAGE_ROUND_TRIP_TIME, roundTripTime.get("sum"), roundTripTime.get("count"));
                put(numbers, Metric.PACKET_LOSS, samples.get("packetsLost"), samples.get("packets"));
            }
        }
        JsonNode summary = call.at("/sound/summary");
        if (numbers.isEmpty() && summary.isObject()) {
            put(numbers, Metric.MOS, summary.path("mos"), null);
            put(numbers, Metric.AVERAGE_JITTER, summary.path("jitter"), null);
            put(numbers, Metric.PACKET_LOSS, summary.path("packetLoss"), null);
        }
        return numbers;
    }

    /** The voice quality numbers of a row. */
    static Map<String, BigDecimal> ofCalls(Map<Metric, BigDecimal> row) {
        Map<String, BigDecimal> numbers = new TreeMap<>();
        row.forEach((metric, value) -> {
            if (metric.isOfCalls()) {
                numbers.put(metric.metricName(), MetricValue.normal(value));
            }
        });
        return numbers;
    }

    private static void put(Map<String, BigDecimal> numbers, Metric metric, JsonNode part, @Nullable JsonNode whole) {
        BigDecimal divisor = whole == null ? BigDecimal.ONE : whole.decimalValue();
        if (!part.isMissingNode() && divisor.signum() != 0) {
            numbers.put(
                    metric.metricName(),
                    MetricValue.normal(part.decimalValue().divide(divisor, DECIMALS, RoundingMode.HALF_UP)));
        }
    }
}
