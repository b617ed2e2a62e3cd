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
 * The section {@code targets} of the YAML file: what a contact centre wants to reach. The console shows how far it does.
 *
 * <p>Of each kind the nearest target holds: that of the queue's channel, else the queue's, else the channel's, else the one of all.
 *
 * @param all what holds where nothing nearer does
 * @param channels by unique name of the task channel
 * @param queues by name of the queue
 */
public record TargetsConfiguration(Goals all, Map<String, Goals> channels, Map<String, OfQueue> queues) {

    /** Without any. */
    public static final TargetsConfiguration NONE = new TargetsConfiguration(Goals.NONE, Map.of(), Map.of());

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

    /** What can be wanted. */
    public enum Kind {
        /** How long a task waits until somebody accepts it. */
        @JsonProperty("waiting")
        WAITING,
        /** From acceptance to the agent's first message. */
        @JsonProperty("firstResponse")
        FIRST_RESPONSE,
        /** How long a customer waits for the agent's reply. */
        @JsonProperty("response")
        RESPONSE
    }

    /**
     * Targets of one place.
     *
     * @param firstResponse how soon agents are to answer first
     * @param response how soon they are to answer
     * @param waiting how soon tasks are to be accepted
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
                        "Expected a channel among the targets to have a target, such as firstResponse");
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
     * @param all of its channels
     * @param channels of single ones, by unique name
     */
    public record OfQueue(Goals all, Map<String, Goals> channels) {

        @JsonCreator
        static OfQueue parse(
                @JsonProperty("firstResponse") @Nullable Target firstResponse,
                @JsonProperty("response") @Nullable Target response,
                @JsonProperty("waiting") @Nullable Target waiting,
                @JsonProperty("channels") @Nullable Map<String, Goals> channels) {
            OfQueue queue = new OfQueue(new Goals(firstResponse, response, waiting), sorted(channels));
            if (queue.all.equals(Goals.NONE) && queue.channels.isEmpty()) {
                throw new SettingsException(
                        "Expected a queue among the targets to have a target, such as firstResponse");
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
            @JsonProperty("queues") @Nullable Map<String, OfQueue> queues) {
        return new TargetsConfiguration(new Goals(firstResponse, response, waiting), sorted(channels), sorted(queues));
    }

    private static <V> Map<String, V> sorted(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : new TreeMap<>(map);
    }

    /**
     * What is wanted; absent where nothing is.
     *
     * @param queueName absent where it is not known
     * @param channel unique name of the task channel; absent where it is not known
     */
    public @Nullable Target of(Kind kind, @Nullable String queueName, @Nullable String channel) {
        List<Goals> nearestFirst = new ArrayList<>();
        OfQueue queue = queueName == null ? null : queues.get(queueName);
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
     * Checks against the channels that carry messages: on others nobody's answer is measured.
     *
     * @throws SettingsException if an answer is wanted on another one
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
                        "Expected firstResponse and response to be wanted on channels of metrics.chatChannels but "
                                + channel + " is none. Did you mean " + Nearest.to(channel, new TreeSet<>(known))
                                + "?");
            }
        });
    }
}
