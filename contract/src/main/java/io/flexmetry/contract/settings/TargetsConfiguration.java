package io.flexmetry.contract.settings;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code targets} of the YAML file: what a contact centre wants to reach. The console shows how far it does.
 *
 * @param firstResponse how soon agents are to answer first, where the queue has no target of its own; absent without one
 * @param queues targets of single queues, by name
 */
public record TargetsConfiguration(@Nullable Target firstResponse, Map<String, OfQueue> queues) {

    /** Without any. */
    public static final TargetsConfiguration NONE = new TargetsConfiguration(null, Map.of());

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofDays(1);
    private static final BigDecimal DEFAULT_SHARE = new BigDecimal("0.8");

    /**
     * A target.
     *
     * @param within how soon
     * @param share of how many, above 0 up to 1
     */
    public record Target(Duration within, BigDecimal share) {

        public Target {
            Durations.requireWithin("within", "within", within, LEAST, MOST);
            if (share.signum() <= 0 || share.compareTo(BigDecimal.ONE) > 0) {
                throw new SettingsException(
                        "share", "Expected share to be above 0 and 1 at most, such as 0.8, but it is " + share);
            }
        }

        @JsonCreator
        static Target parse(
                @JsonProperty("within") @Nullable Duration within, @JsonProperty("share") @Nullable BigDecimal share) {
            if (within == null) {
                throw new SettingsException("Expected a target to say within which time, such as within: PT30S");
            }
            return new Target(within, share == null ? DEFAULT_SHARE : share);
        }
    }

    /**
     * Targets of a queue.
     *
     * @param firstResponse how soon agents are to answer first
     */
    public record OfQueue(Target firstResponse) {

        @JsonCreator
        static OfQueue parse(@JsonProperty("firstResponse") @Nullable Target firstResponse) {
            if (firstResponse == null) {
                throw new SettingsException(
                        "Expected a queue among the targets to have a target, such as firstResponse");
            }
            return new OfQueue(firstResponse);
        }
    }

    @JsonCreator
    static TargetsConfiguration parse(
            @JsonProperty("firstResponse") @Nullable Target firstResponse,
            @JsonProperty("queues") @Nullable Map<String, OfQueue> queues) {
        return new TargetsConfiguration(firstResponse, queues == null ? Map.of() : new TreeMap<>(queues));
    }

    /** How soon agents are to answer first on a queue; absent where nothing is wanted. */
    public @Nullable Target firstResponse(@Nullable String queueName) {
        OfQueue ofQueue = queueName == null ? null : queues.get(queueName);
        return ofQueue == null ? firstResponse : ofQueue.firstResponse();
    }
}
