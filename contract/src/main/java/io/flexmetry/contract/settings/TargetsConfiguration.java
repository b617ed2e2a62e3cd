package io.flexmetry.contract.settings;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code targets} of the YAML file: service level targets. The console compares them with the actual values.
 *
 * <p>For each kind, the most specific target applies: channel of a queue, then queue, then channel, then all.
 *
 * @param all targets without a more specific one
 * @param channels targets by unique name of the task channel
 * @param queues targets by queue name
 */
public record TargetsConfiguration(Goals all, Map<String, Goals> channels, Map<String, QueueTargets> queues) {

    /** No targets. */
    public static final TargetsConfiguration NONE = new TargetsConfiguration(Goals.NONE, Map.of(), Map.of());

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofDays(1);
    private static final BigDecimal DEFAULT_SHARE = new BigDecimal("0.8");

    /**
     * A target: {@code share} of the cases within {@code within}.
     *
     * @param within time limit
     * @param share share of the cases, above 0 and at most 1
     */
    public record Target(Duration within, BigDecimal share) {

        public Target {
            Durations.requireWithin("within", "within", within, LEAST, MOST);
            if (share.signum() <= 0 || share.compareTo(BigDecimal.ONE) > 0) {
                throw new SettingsException(
                        "share", "Expected share to be above 0 and at most 1, such as 0.8, but it is " + share);
            }
        }

        @JsonCreator
        static Target parse(
                @JsonProperty("within") @Nullable Duration within, @JsonProperty("share") @Nullable BigDecimal share) {
            if (within == null) {
                throw new SettingsException("Expected a target to have a time limit, such as within: PT30S");
            }
            return new Target(within, share == null ? DEFAULT_SHARE : share);
        }
    }

    /** What a target limits. */
    public enum Kind {
        /** Time until somebody accepts a task. */
        @JsonProperty("waiting")
        WAITING,
        /** Time from acceptance to the agent's first message. */
        @JsonProperty("firstResponse")
        FIRST_RESPONSE,
        /** Time that a customer waits for the agent's reply. */
        @JsonProperty("response")
        RESPONSE
    }

    /**
     * Targets at one level.
     *
     * @param firstResponse target for the agent's first message
     * @param response target for the agent's replies
     * @param waiting target for the acceptance of tasks
     */
    public record Goals(
            @Nullable Target firstResponse,
            @Nullable Target response,
            @Nullable Target waiting) {

        static final Goals NONE = new Goals(null, null, null);

        @JsonCreator
        static Goals parse(
                @JsonProperty("firstResponse") @Nullable Target firstResponse,
                @JsonProperty("response") @Nullable Target response,
                @JsonProperty("waiting") @Nullable Target waiting) {
            Goals goals = new Goals(firstResponse, response, waiting);
            if (goals.equals(NONE)) {
                throw new SettingsException(
                        "Expected each channel under targets to have a target, such as firstResponse");
            }
            return goals;
        }

        private @Nullable Target of(Kind kind) {
            return switch (kind) {
                case WAITING -> waiting;
                case FIRST_RESPONSE -> firstResponse;
                case RESPONSE -> response;
            };
        }
    }

    /**
     * Targets of a queue.
     *
     * @param all targets of the queue
     * @param channels targets by unique name of the task channel
     */
    public record QueueTargets(Goals all, Map<String, Goals> channels) {

        @JsonCreator
        static QueueTargets parse(
                @JsonProperty("firstResponse") @Nullable Target firstResponse,
                @JsonProperty("response") @Nullable Target response,
                @JsonProperty("waiting") @Nullable Target waiting,
                @JsonProperty("channels") @Nullable Map<String, Goals> channels) {
            QueueTargets queue = new QueueTargets(new Goals(firstResponse, response, waiting), sorted(channels));
            if (queue.all.equals(Goals.NONE) && queue.channels.isEmpty()) {
                throw new SettingsException(
                        "Expected each queue under targets to have a target, such as firstResponse");
            }
            return queue;
        }
    }

    @JsonCreator
    static TargetsConfiguration parse(
            @JsonProperty("firstResponse") @Nullable Target firstResponse,
            @JsonProperty("response") @Nullable Target response,
            @JsonProperty("waiting") @Nullable Target waiting,
            @JsonProperty("channels") @Nullable Map<String, Goals> channels,
            @JsonProperty("queues") @Nullable Map<String, QueueTargets> queues) {
        return new TargetsConfiguration(new Goals(firstResponse, response, waiting), sorted(channels), sorted(queues));
    }

    private static <V> Map<String, V> sorted(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : new TreeMap<>(map);
    }

    /**
     * The most specific target; null if there is none.
     *
     * @param queueName null if unknown
     * @param channel unique name of the task channel; null if unknown
     */
    public @Nullable Target of(Kind kind, @Nullable String queueName, @Nullable String channel) {
        List<Goals> nearestFirst = new ArrayList<>();
        QueueTargets queue = queueName == null ? null : queues.get(queueName);
        if (queue != null) {
            addOf(channel, queue.channels, nearestFirst);
            nearestFirst.add(queue.all);
        }
        addOf(channel, channels, nearestFirst);
        nearestFirst.add(all);
        return nearestFirst.stream()
                .map(goals -> goals.of(kind))
                .flatMap(Stream::ofNullable)
                .findFirst()
                .orElse(null);
    }

    private static void addOf(@Nullable String channel, Map<String, Goals> channels, List<Goals> goals) {
        Goals ofChannel = channel == null ? null : channels.get(channel);
        if (ofChannel != null) {
            goals.add(ofChannel);
        }
    }

    /**
     * Checks that targets for replies are only on channels that carry messages: on others, replies are not measured.
     *
     * @throws SettingsException if there is one on another channel
     */
    void requireChannels(Set<String> known) {
        requireChannels("targets.channels.", channels, known);
        queues.forEach(
                (name, queue) -> requireChannels("targets.queues." + name + ".channels.", queue.channels, known));
    }

    private static void requireChannels(String key, Map<String, Goals> channels, Collection<String> known) {
        channels.forEach((channel, goals) -> {
            if ((goals.firstResponse != null || goals.response != null) && !known.contains(channel)) {
                throw new SettingsException(
                        key + channel,
                        "Expected targets for firstResponse and response only on channels of metrics.chatChannels but "
                                + channel + " is not one of them. Did you mean "
                                + Nearest.to(channel, new TreeSet<>(known)) + "?");
            }
        });
    }
}
