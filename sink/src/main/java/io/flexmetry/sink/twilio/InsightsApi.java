package io.flexmetry.sink.twilio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.twilio.exception.ApiException;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.insights.v1.call.CallSummary;
import com.twilio.rest.insights.v1.call.Metric;
import io.flexmetry.contract.voice.CallDescription;
import io.flexmetry.contract.voice.CallSample;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of the Voice Insights API that the sink needs. Errors are the SDK's {@code ApiException} with status and
 * code, or {@link TryAgainException}.
 */
public final class InsightsApi {

    /** Twilio's maximum; each page is one request. */
    private static final int PAGE_SIZE = 1_000;

    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final BigDecimal LOWEST = BigDecimal.ONE;
    private static final BigDecimal HIGHEST = BigDecimal.valueOf(5);
    private static final JsonMapper JSON = new JsonMapper();

    private final TwilioRestClient client;
    private final Reads reads;

    public InsightsApi(TwilioHttpClient http) {
        this.reads = new Reads(http);
        this.client = http.sdk();
    }

    /**
     * Reads the account's settings of Voice Insights, to check whether our credentials are accepted. A 403 means that
     * the feature is not enabled; the credentials are good.
     */
    public Probe.Answer probe() {
        Reads.Reply reply = reads.read("insights", "/v1/Voice/Settings");
        return reply.status() == FORBIDDEN ? Probe.Answer.ACCEPTED : reply.asProbe();
    }

    /** The samples of a call, from all pages; empty if it has none (yet). */
    public List<CallSample> samples(String callSid, String edge) {
        List<CallSample> samples = new ArrayList<>();
        for (Metric metric : Metric.reader(callSid)
                .setEdge(Metric.TwilioEdge.forValue(edge))
                .setDirection(Metric.StreamDirection.BOTH)
                .pageSize(PAGE_SIZE)
                .read(client)) {
            if (metric.getTimestamp() != null) {
                samples.add(sample(metric));
            }
        }
        return samples;
    }

    /** The summary of a call; absent while Twilio has none. */
    public @Nullable CallDescription describe(String callSid) {
        try {
            CallSummary summary = CallSummary.fetcher(callSid).fetch(client);
            Integer duration =
                    summary.getConnectDuration() == null ? summary.getDuration() : summary.getConnectDuration();
            return new CallDescription(
                    summary.getCallType() == null ? null : summary.getCallType().toString(),
                    duration,
                    summary.getProcessingState() == CallSummary.ProcessingState.COMPLETE,
                    region(summary));
        } catch (ApiException e) {
            if (Objects.requireNonNullElse(e.getStatusCode(), 0) == NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    private static CallSample sample(Metric metric) {
        JsonNode interval = Stream.of(
                        metric.getSdkEdge(), metric.getClientEdge(), metric.getSipEdge(), metric.getCarrierEdge())
                .filter(Objects::nonNull)
                .findFirst()
                .map(edge -> JSON.<JsonNode>valueToTree(edge).path("interval"))
                .orElseGet(JSON::createObjectNode);
        BigDecimal mos = number(interval.path("mos").path("value"));
        return new CallSample(
                Instant.parse(metric.getTimestamp()),
                metric.getDirection() == null ? null : metric.getDirection().toString(),
                mos != null && mos.compareTo(LOWEST) >= 0 && mos.compareTo(HIGHEST) <= 0 ? mos : null,
                number(interval.path("jitter").path("value")),
                number(interval.path("rtt").path("value")),
                count(interval.path("packets_lost")),
                count(interval.path("packets_received")));
    }

    /** Twilio does not document where the region is; these places were seen in real responses. */
    private static @Nullable String region(CallSummary summary) {
        return Stream.of(summary.getSdkEdge(), summary.getClientEdge(), summary.getProperties())
                .filter(Objects::nonNull)
                .map(part -> JSON.<JsonNode>valueToTree(part))
                .flatMap(part -> Stream.of(part, part.path("properties")))
                .flatMap(part -> Stream.of("region", "media_region", "edge_location")
                        .map(part::path)
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::textValue))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable BigDecimal number(JsonNode node) {
        return Optional.of(node)
                .filter(JsonNode::isNumber)
                .map(JsonNode::decimalValue)
                .orElse(null);
    }

    private static @Nullable Long count(JsonNode node) {
        return node.isNumber() && node.canConvertToLong() ? (Long) node.longValue() : null;
    }
}
