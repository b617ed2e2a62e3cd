package io.flexmetry.contract.metric;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import java.util.stream.Stream;

/** The numbers of a reservation that can be written to its task. Durations are seconds. */
public enum Metric {
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
    AVERAGE_CUSTOMER_LENGTH("averageCustomerLength", "conversation_measure_6");

    private final String name;
    private final String defaultAttribute;

    Metric(String name, String defaultAttribute) {
        this.name = name;
        this.defaultAttribute = defaultAttribute;
    }

    /** Name in rows and in the configuration. */
    public String metricName() {
        return name;
    }

    /** Key under {@code attributes.conversations} unless configured. */
    public String defaultAttribute() {
        return defaultAttribute;
    }

    /** The metric with that {@link #metricName()}. */
    public static Optional<Metric> named(String name) {
        return Stream.of(values()).filter(metric -> metric.name.equals(name)).findFirst();
    }
}
