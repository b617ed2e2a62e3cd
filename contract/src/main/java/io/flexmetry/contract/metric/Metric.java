package io.flexmetry.contract.metric;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The metrics of a reservation that can be written to its task. Durations are seconds; jitter and round-trip time are milliseconds. */
public enum Metric {
    /** Time for which the agent had the reservation on screen, between acceptance and wrap-up or end, s. */
    @JsonProperty("focusTime")
    FOCUS_TIME("focusTime", "focus_time"),
    /** From acceptance to the agent's first message, s. */
    @JsonProperty("firstResponseTime")
    FIRST_RESPONSE_TIME("firstResponseTime", "first_response_time"),
    /** Mean wait of the customer for the agent's reply, s; waits that began before the acceptance do not count. */
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
    /** Mean opinion score of the agent's leg of the call, mean of its samples, 1 to 5. */
    @JsonProperty("mos")
    MOS("mos", "conversation_measure_5", true),
    /** From acceptance to the agent's first message, s of the queue's business hours; only if the queue has any. */
    @JsonProperty("firstResponseTimeInHours")
    FIRST_RESPONSE_TIME_IN_HOURS("firstResponseTimeInHours", null),
    /** Mean of the counted waits, s of the queue's business hours; only if the queue has any. */
    @JsonProperty("averageResponseTimeInHours")
    AVERAGE_RESPONSE_TIME_IN_HOURS("averageResponseTimeInHours", null),
    /** Number of waits in the average response time. */
    @JsonProperty("countedWaits")
    COUNTED_WAITS("countedWaits", null),
    /** Median of the counted waits, s; on final rows. */
    @JsonProperty("medianResponseTime")
    MEDIAN_RESPONSE_TIME("medianResponseTime", null),
    /** 90th percentile of the counted waits, s; on final rows. */
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
    /** Warnings posted because the customer was silent. */
    @JsonProperty("inactivityWarnings")
    INACTIVITY_WARNINGS("inactivityWarnings", null),
    /** Bots' messages between acceptance and wrap-up or end. */
    @JsonProperty("botMessages")
    BOT_MESSAGES("botMessages", null),
    /** Focus time as a share of the time from acceptance to wrap-up or end, 0 to 1; on final rows. */
    @JsonProperty("focusShare")
    FOCUS_SHARE("focusShare", null),
    /** How often the agent switched to the reservation. */
    @JsonProperty("focusSwitches")
    FOCUS_SWITCHES("focusSwitches", null),
    /** Mean number of the agent's open reservations, including this one, over its time; on final rows. */
    @JsonProperty("concurrency")
    CONCURRENCY("concurrency", null),
    /**
     * Without a beacon: the time from acceptance to wrap-up or end, if it was the agent's only open reservation, s; on final rows. An
     * estimate, and therefore only written if configured.
     */
    @JsonProperty("estimatedFocusTime")
    ESTIMATED_FOCUS_TIME("estimatedFocusTime", null),
    /** Lowest mean opinion score of the samples, 1 to 5. */
    @JsonProperty("minimumMos")
    MINIMUM_MOS("minimumMos", null, true),
    /** Share of the samples whose mean opinion score is below 3.5, 0 to 1. */
    @JsonProperty("lowMosShare")
    LOW_MOS_SHARE("lowMosShare", null, true),
    /** Number of samples with a mean opinion score; Twilio takes one every ten seconds. */
    @JsonProperty("mosSamples")
    MOS_SAMPLES("mosSamples", null, true),
    /** Mean jitter of the samples, ms. */
    @JsonProperty("averageJitter")
    AVERAGE_JITTER("averageJitter", null, true),
    /** Mean round-trip time of the samples, ms. */
    @JsonProperty("averageRoundTripTime")
    AVERAGE_ROUND_TRIP_TIME("averageRoundTripTime", null, true),
    /** Share of lost packets, 0 to 1. */
    @JsonProperty("packetLoss")
    PACKET_LOSS("packetLoss", null, true);

    private final String name;
    private final @Nullable String defaultAttribute;

    private final boolean ofCalls;

    Metric(String name, @Nullable String defaultAttribute) {
        this(name, defaultAttribute, false);
    }

    Metric(String name, @Nullable String defaultAttribute, boolean ofCalls) {
        this.name = name;
        this.defaultAttribute = defaultAttribute;
        this.ofCalls = ofCalls;
    }

    /** Name in rows and in the configuration. */
    public String metricName() {
        return name;
    }

    /** Default key under {@code attributes.conversations}; empty for metrics that are only in the row. */
    public Optional<String> defaultAttribute() {
        return Optional.ofNullable(defaultAttribute);
    }

    /** Whether it measures voice quality; tasks without a call have none of these. */
    public boolean isOfCalls() {
        return ofCalls;
    }

    /** The metric with that {@link #metricName()}. */
    public static Optional<Metric> named(String name) {
        return Stream.of(values()).filter(metric -> metric.name.equals(name)).findFirst();
    }
}
