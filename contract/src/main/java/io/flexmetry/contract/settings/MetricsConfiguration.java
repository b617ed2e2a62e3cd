package io.flexmetry.contract.settings;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.metric.Metric;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code metrics} of the YAML file.
 *
 * @param preset which formulas apply
 * @param chatChannels unique names of the task channels whose tasks have message metrics
 * @param responseFrom which unanswered customer message starts a wait
 * @param decimals decimal places of a written value; absent = not rounded
 * @param attributes key under {@code attributes.conversations} of each metric that is written
 * @param lookAtEnd whether the newest message is looked up when a reservation closes
 */
public record MetricsConfiguration(
        Preset preset,
        Set<String> chatChannels,
        ResponseFrom responseFrom,
        @Nullable Integer decimals,
        Map<Metric, String> attributes,
        boolean lookAtEnd) {

    private static final Set<String> DEFAULT_CHANNELS = Set.of("chat", "sms", "web", "whatsapp", "messenger");
    private static final int DEFAULT_DECIMALS = 3;
    private static final int MOST_DECIMALS = 9;

    /** Sets of formulas. */
    public enum Preset {
        /** The formulas of docs/metrics.md. */
        @JsonProperty("standard")
        STANDARD,
        /** The formulas of the sample plugin, with identical results, to compare during a migration. */
        @JsonProperty("seed")
        SEED
    }

    /** The unanswered customer message that starts a wait. */
    public enum ResponseFrom {
        @JsonProperty("first")
        FIRST,
        @JsonProperty("last")
        LAST
    }

    /** A configuration with the look-up at the end. */
    public MetricsConfiguration(
            Preset preset,
            Set<String> chatChannels,
            ResponseFrom responseFrom,
            @Nullable Integer decimals,
            Map<Metric, String> attributes) {
        this(preset, chatChannels, responseFrom, decimals, attributes, true);
    }

    public MetricsConfiguration {
        chatChannels = Set.copyOf(chatChannels);
        attributes = Collections.unmodifiableMap(new EnumMap<>(attributes));
        if (chatChannels.isEmpty() || chatChannels.stream().anyMatch(String::isBlank)) {
            throw new SettingsException(
                    "chatChannels",
                    "Expected metrics.chatChannels to be a list of at least one task channel, such as [chat], but it is "
                            + (chatChannels.isEmpty() ? "an empty list" : "one with an empty name"));
        }
        if (decimals != null && (decimals < 0 || decimals > MOST_DECIMALS)) {
            throw new SettingsException(
                    "rounding",
                    "Expected metrics.rounding to be none or a number of decimals from 0 to " + MOST_DECIMALS
                            + " but it is " + decimals);
        }
        requireDistinct(attributes);
    }

    /** The configuration without a file. */
    public static MetricsConfiguration defaults() {
        return parse(null, null, null, null, null, null);
    }

    @JsonCreator
    static MetricsConfiguration parse(
            @JsonProperty("preset") @Nullable Preset preset,
            @JsonProperty("chatChannels") @Nullable Set<String> chatChannels,
            @JsonProperty("responseFrom") @Nullable ResponseFrom responseFrom,
            @JsonProperty("rounding") @Nullable String rounding,
            @JsonProperty("attributes") @JsonSetter(contentNulls = Nulls.SET) @Nullable
                    Map<String, @Nullable String> attributes,
            @JsonProperty("lookAtEnd") @Nullable Boolean lookAtEnd) {
        Preset chosen = preset == null ? Preset.STANDARD : preset;
        return new MetricsConfiguration(
                chosen,
                chatChannels == null ? DEFAULT_CHANNELS : chatChannels,
                responseFrom == null ? ResponseFrom.FIRST : responseFrom,
                rounding == null && chosen == Preset.SEED ? null : decimals(rounding),
                attributes(attributes == null ? Map.of() : attributes),
                lookAtEnd == null || lookAtEnd);
    }

    private static @Nullable Integer decimals(@Nullable String rounding) {
        if (rounding == null) {
            return DEFAULT_DECIMALS;
        }
        if (rounding.toLowerCase(Locale.ROOT).equals("none")) {
            return null;
        }
        try {
            return Integer.valueOf(rounding);
        } catch (NumberFormatException e) {
            throw new SettingsException(
                    "rounding", "Expected metrics.rounding to be none or a number of decimals but it is " + rounding);
        }
    }

    /** The default keys, overridden by the configured ones; a null key switches its metric off. */
    private static Map<Metric, String> attributes(Map<String, @Nullable String> configured) {
        Map<Metric, String> keys = new EnumMap<>(Metric.class);
        Stream.of(Metric.values()).forEach(metric -> metric.defaultAttribute().ifPresent(key -> keys.put(metric, key)));
        configured.forEach((name, key) -> {
            Metric metric = Metric.named(name).orElseThrow(() -> unknownMetric(name));
            if (key == null) {
                keys.remove(metric);
            } else if (key.isBlank() || key.equals("null") || key.equals("undefined")) {
                throw new SettingsException(
                        "attributes." + name,
                        "Expected metrics.attributes." + name
                                + " to be a key (or null without quotes for off) but it is \"" + key + "\"");
            } else if (key.length() > Limits.MOST_KEY) {
                throw new SettingsException(
                        "attributes." + name,
                        "Expected metrics.attributes." + name + " to have at most " + Limits.MOST_KEY
                                + " characters but it has " + key.length());
            } else {
                keys.put(metric, key);
            }
        });
        return keys;
    }

    private static SettingsException unknownMetric(String name) {
        List<String> known = Stream.of(Metric.values()).map(Metric::metricName).toList();
        return new SettingsException(
                "attributes." + name,
                "unknown key metrics.attributes." + name + ". Did you mean " + Nearest.to(name, known) + "?");
    }

    private static void requireDistinct(Map<Metric, String> attributes) {
        Map<String, Metric> owners = new TreeMap<>();
        attributes.forEach((metric, key) -> {
            Metric other = owners.putIfAbsent(key, metric);
            if (other != null) {
                throw new SettingsException(
                        "attributes",
                        "Expected metrics.attributes to use each key once but " + other.metricName() + " and "
                                + metric.metricName() + " are both on " + key);
            }
        });
    }
}
