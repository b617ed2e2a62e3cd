package io.flexmetry.contract.metric;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The numbers of a reservation that can be written to its task. Durations are seconds. */
public enum Metric {
    /** Time for which the reservation was what the agent had on screen, between acceptance and wrap-up or end, s. */
    @JsonProperty("focusTime")
    FOCUS_TIME("focusTime", "focus_time"),
    /** From acceptance to the agent's first message, s. */
    @JsonProperty("firstResponseTime")
    FIRST_RESPONSE_TIME("firstResponseTime", "first_response_time"),
    /** Mean wait of the customer for the agent's reply, s; waits that began before acceptance are left out. */
    @JsonProperty("averageResponseTime")
    AVERAGE_RESPONSE_TIME("averageResponseTime", "average_response_time"),
    /** Messages of the reservation's agent. */
    @JsonProperty("agentMessages")
    AGENT_MESSAGES("agentMessages", "conversation_measure_2"),
    /** Messages of the customer that belong to the reservation. */
    @JsonProperty("customerMessages")
    CUSTOMER_MESSAGES("customerMessages", "conversation_measure_3"),
    /** Mean length of the agent's messages that have text, UTF-16 code units. */
    @JsonProperty("averageAgentLength")
    AVERAGE_AGENT_LENGTH("averageAgentLength", "conversation_measure_4"),
    /** Mean length of the customer's messages that have text, UTF-16 code units. */
    @JsonProperty("averageCustomerLength")
    AVERAGE_CUSTOMER_LENGTH("averageCustomerLength", "conversation_measure_6"),
    /** Waits that the average response time is the mean of. */
    @JsonProperty("countedWaits")
    COUNTED_WAITS("countedWaits", null),
    /** Median of the counted waits, s; on final rows. */
    @JsonProperty("medianResponseTime")
    MEDIAN_RESPONSE_TIME("medianResponseTime", null),
    /** The wait that nine of ten counted ones do not exceed, s; on final rows. */
    @JsonProperty("p90ResponseTime")
    P90_RESPONSE_TIME("p90ResponseTime", null),
    /** Longest counted wait, s. */
    @JsonProperty("longestResponseTime")
    LONGEST_RESPONSE_TIME("longestResponseTime", null),
    /** Customer messages since the last reply. */
    @JsonProperty("unansweredMessages")
    UNANSWERED_MESSAGES("unansweredMessages", null),
    /** Files that the agent sent. */
    @JsonProperty("agentMedia")
    AGENT_MEDIA("agentMedia", null),
    /** Files that the customer sent. */
    @JsonProperty("customerMedia")
    CUSTOMER_MEDIA("customerMedia", null),
    /** How often the agent began to write, first or after the customer. */
    @JsonProperty("agentTurns")
    AGENT_TURNS("agentTurns", null),
    /** From the customer's last message to wrap-up or end, s. */
    @JsonProperty("lastCustomerMessageToEnd")
    LAST_CUSTOMER_MESSAGE_TO_END("lastCustomerMessageToEnd", null),
    /** Time in which it was the customer's turn to write, s. */
    @JsonProperty("customerIdleTime")
    CUSTOMER_IDLE_TIME("customerIdleTime", null),
    /** Time in which the customer waited for the agent to write, s. */
    @JsonProperty("agentIdleTime")
    AGENT_IDLE_TIME("agentIdleTime", null),
    /** Warnings that the customer got for being silent. */
    @JsonProperty("inactivityWarnings")
    INACTIVITY_WARNINGS("inactivityWarnings", null),
    /** Bots' messages between acceptance and wrap-up or end. */
    @JsonProperty("botMessages")
    BOT_MESSAGES("botMessages", null),
    /** Focus time as a part of the time from acceptance to wrap-up or end, 0 to 1; on final rows. */
    @JsonProperty("focusShare")
    FOCUS_SHARE("focusShare", null),
    /** How often the agent turned to the reservation. */
    @JsonProperty("focusSwitches")
    FOCUS_SWITCHES("focusSwitches", null),
    /** Open reservations of the agent, this one included, on average over its time; on final rows. */
    @JsonProperty("concurrency")
    CONCURRENCY("concurrency", null),
    /**
     * Without a beacon: the time from acceptance to wrap-up or end, if it was the agent's only open reservation, s; on
     * final rows. Estimated and not measured, and so not written unless configured.
     */
    @JsonProperty("estimatedFocusTime")
    ESTIMATED_FOCUS_TIME("estimatedFocusTime", null);

    private final String name;
    private final @Nullable String defaultAttribute;

    Metric(String name, @Nullable String defaultAttribute) {
        this.name = name;
        this.defaultAttribute = defaultAttribute;
    }

    /** Name in rows and in the configuration. */
    public String metricName() {
        return name;
    }

    /** Key under {@code attributes.conversations} unless configured; absent when it stays on the row. */
    public Optional<String> defaultAttribute() {
        return Optional.ofNullable(defaultAttribute);
    }

    /** The metric with that {@link #metricName()}. */
    public static Optional<Metric> named(String name) {
        return Stream.of(values()).filter(metric -> metric.name.equals(name)).findFirst();
    }
}
