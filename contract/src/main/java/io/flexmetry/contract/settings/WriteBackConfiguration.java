package io.flexmetry.contract.settings;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.flexmetry.contract.metric.Metric;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code writeBack} of the YAML file.
 *
 * @param running minimum interval between writes of an open reservation's numbers; absent = only the final numbers are written
 * @param priority metrics, the most important first; the last ones are dropped if a task's attributes have not enough room
 * @param requestsPerSecond maximum request rate of one sink instance; absent = as fast as Twilio allows
 * @param giveUpAfter how long a failing command is retried while other commands succeed
 * @param lateWorkflow WW… of the workflow for linked virtual tasks with late values; absent = no such tasks
 */
public record WriteBackConfiguration(
        @Nullable Duration running,
        List<Metric> priority,
        @Nullable Integer requestsPerSecond,
        Duration giveUpAfter,
        @Nullable String lateWorkflow) {

    private static final Duration DEFAULT_RUNNING = Duration.ofSeconds(30);
    private static final Duration DEFAULT_GIVE_UP_AFTER = Duration.ofHours(1);
    private static final Duration LONGEST_RUNNING = Duration.ofDays(1);
    /** The retention of the command topics. */
    private static final Duration LONGEST_GIVE_UP_AFTER = Duration.ofDays(7);

    private static final String NONE = "none";

    public WriteBackConfiguration {
        priority = List.copyOf(priority);
        if (running != null) {
            Durations.requireWithin(
                    "running", "writeBack.running (unless none)", running, Duration.ofSeconds(1), LONGEST_RUNNING);
        }
        if (requestsPerSecond != null && requestsPerSecond < 1) {
            throw new SettingsException(
                    "requestsPerSecond",
                    "Expected writeBack.requestsPerSecond to be at least 1 but it is " + requestsPerSecond);
        }
        Durations.requireWithin(
                "giveUpAfter", "writeBack.giveUpAfter", giveUpAfter, Duration.ofMinutes(1), LONGEST_GIVE_UP_AFTER);
        if (lateWorkflow != null && !lateWorkflow.matches("WW[0-9a-fA-F]{32}")) {
            throw new SettingsException(
                    "lateWorkflow",
                    "Expected writeBack.lateWorkflow to be the SID of a workflow (WW…) but it is " + lateWorkflow);
        }
    }

    /** The configuration without a file. */
    public static WriteBackConfiguration defaults() {
        return parse(null, null, null, null, null);
    }

    @JsonCreator
    static WriteBackConfiguration parse(
            @JsonProperty("running") @Nullable String running,
            @JsonProperty("priority") @Nullable List<Metric> priority,
            @JsonProperty("requestsPerSecond") @Nullable Integer requestsPerSecond,
            @JsonProperty("giveUpAfter") @Nullable Duration giveUpAfter,
            @JsonProperty("lateWorkflow") @Nullable String lateWorkflow) {
        return new WriteBackConfiguration(
                running == null ? DEFAULT_RUNNING : running(running),
                complete(priority == null ? List.of() : priority),
                requestsPerSecond,
                giveUpAfter == null ? DEFAULT_GIVE_UP_AFTER : giveUpAfter,
                lateWorkflow);
    }

    private static @Nullable Duration running(String text) {
        if (text.toLowerCase(Locale.ROOT).equals(NONE)) {
            return null;
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeException e) {
            throw new SettingsException(
                    "running",
                    "Expected writeBack.running to be none or an ISO 8601 duration such as PT30S but it is " + text);
        }
    }

    /** Appends the metrics that are not named, in their own order. */
    private static List<Metric> complete(List<Metric> named) {
        List<Metric> all = new ArrayList<>(named);
        Stream.of(Metric.values()).filter(metric -> !named.contains(metric)).forEach(all::add);
        if (all.size() != Metric.values().length) {
            throw new SettingsException(
                    "priority", "Expected writeBack.priority to name each metric once but it is " + named);
        }
        return all;
    }
}
