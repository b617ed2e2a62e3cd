package io.flexmetry.ingest.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.flexmetry.contract.event.CallSampleFact;
import io.flexmetry.contract.event.CallSummaryFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.contract.voice.CallDescription;
import io.flexmetry.contract.voice.CallMeans;
import io.flexmetry.contract.voice.CallSample;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Voice Insights from Event Streams: samples during a call, summaries after it.
 *
 * @see <a href="https://www.twilio.com/docs/events/event-types/voice-insights">Twilio: Voice Insights events</a>
 */
final class VoiceInsights {

    private static final String PREFIX = "com.twilio.voice.insights.";
    private static final String SAMPLES = PREFIX + "call-metrics.";
    private static final List<String> SUMMARIES =
            List.of(PREFIX + "call-summary.", PREFIX + "conference-participant-summary.");
    private static final String COMPLETE = ".complete";
    private static final String SDK_EDGE = "sdk_edge";
    private static final BigDecimal LOWEST = BigDecimal.ONE;
    private static final BigDecimal HIGHEST = BigDecimal.valueOf(5);
    private static final double MOST_MEASURED = 1e9;
    private static final BigDecimal PERCENT = BigDecimal.valueOf(100);

    private VoiceInsights() {}

    /** Whether events of that type are parsed here. */
    static boolean handles(String type) {
        return type.startsWith(SAMPLES) || SUMMARIES.stream().anyMatch(type::startsWith);
    }

    /** @throws UnusableWebhookException if the call or the time is missing or malformed */
    static Incoming read(String id, String type, JsonNode element, JsonNode data, Instant receivedAt)
            throws UnusableWebhookException {
        String callSid = Parameters.sid(data, "call_sid");
        if (callSid == null) {
            throw new UnusableWebhookException("Expected the event's call_sid but it is missing");
        }
        boolean sample = type.startsWith(SAMPLES);
        Instant at = at(sample ? data.path("timestamp") : element.path("time"), element, receivedAt);
        Fact fact = sample ? sample(callSid, data, at) : summary(callSid, data, type.endsWith(COMPLETE));
        return new Incoming(
                Topics.VOICE_EVENTS, callSid, new Event(id, type, at, receivedAt, Source.EVENT_STREAMS, fact));
    }

    private static Instant at(JsonNode time, JsonNode element, Instant receivedAt) throws UnusableWebhookException {
        JsonNode text = time.isTextual() ? time : element.path("time");
        return text.isTextual() ? Parameters.instant("timestamp", text.textValue(), receivedAt) : receivedAt;
    }

    private static Fact sample(String callSid, JsonNode data, Instant at) throws UnusableWebhookException {
        String edge = Parameters.bounded("edge", data.path("edge").asText(SDK_EDGE), Limits.MOST_TYPE);
        JsonNode interval = (data.path(edge).isObject() ? data.path(edge) : data).path("interval");
        return new CallSampleFact(
                callSid,
                edge,
                new CallSample(
                        at,
                        Parameters.text(data, "direction", Limits.MOST_TYPE),
                        score(number(interval.path("mos"))),
                        number(interval.path("jitter")),
                        number(interval.path("rtt")),
                        count(interval.path("packets_lost")),
                        count(interval.path("packets_received"))));
    }

    private static Fact summary(String callSid, JsonNode data, boolean complete) throws UnusableWebhookException {
        JsonNode metrics = data.path("metrics").isObject()
                ? data.path("metrics")
                : data.path(SDK_EDGE).path("metrics");
        JsonNode duration = Stream.of("connect_duration", "duration_seconds", "duration")
                .map(data::path)
                .filter(JsonNode::canConvertToInt)
                .findFirst()
                .orElse(data.path("duration"));
        BigDecimal loss = mean(metrics, stream -> number(stream.path("packet_loss_percentage")));
        return new CallSummaryFact(
                callSid,
                new CallDescription(
                        Parameters.text(data, "call_type", Limits.MOST_TYPE),
                        duration.canConvertToInt() ? (Integer) duration.intValue() : null,
                        complete,
                        region(data)),
                new CallMeans(
                        mean(metrics, stream -> score(number(stream.path("mos")))),
                        mean(metrics, stream -> number(stream.path("jitter"))),
                        loss == null ? null : loss.divide(PERCENT)));
    }

    private static @Nullable String region(JsonNode data) throws UnusableWebhookException {
        for (String name : List.of("region", "conference_region", "media_region")) {
            String region = Parameters.text(data, name, Limits.MOST_TYPE);
            if (region != null) {
                return region;
            }
        }
        return null;
    }

    /** Mean of both directions, or of the measured one. */
    private static @Nullable BigDecimal mean(JsonNode metrics, Function<JsonNode, @Nullable BigDecimal> value) {
        List<BigDecimal> values = Stream.of("inbound", "outbound")
                .map(metrics::path)
                .map(value)
                .filter(Objects::nonNull)
                .toList();
        return values.isEmpty()
                ? null
                : values.stream()
                        .reduce(BigDecimal.ZERO, BigDecimal::add)
                        .divide(BigDecimal.valueOf(values.size()), MathContext.DECIMAL64);
    }

    /** A number, or an object with {@code value} or {@code avg}; null if it is implausible. */
    private static @Nullable BigDecimal number(JsonNode node) {
        return Stream.of(node, node.path("value"), node.path("avg"))
                .filter(JsonNode::isNumber)
                .findFirst()
                // as a double first: 1e999 is infinite, while as a decimal it would have a thousand digits
                .filter(number -> number.doubleValue() >= 0 && number.doubleValue() <= MOST_MEASURED)
                .map(JsonNode::decimalValue)
                .orElse(null);
    }

    /** Null outside of the scale. */
    private static @Nullable BigDecimal score(@Nullable BigDecimal mos) {
        return mos != null && mos.compareTo(LOWEST) >= 0 && mos.compareTo(HIGHEST) <= 0 ? mos : null;
    }

    private static @Nullable Long count(JsonNode node) {
        return node.canConvertToLong() && node.isNumber() ? (Long) node.longValue() : null;
    }
}
