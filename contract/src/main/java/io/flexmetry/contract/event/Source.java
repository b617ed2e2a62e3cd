package io.flexmetry.contract.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an event arrived. */
public enum Source {
    /** TaskRouter's workspace event callback. */
    @JsonProperty("taskrouter")
    TASKROUTER,
    /** Conversations post-event webhook. */
    @JsonProperty("conversations")
    CONVERSATIONS,
    /** Call and conference status callbacks. */
    @JsonProperty("voice")
    VOICE,
    /** The beacon in the agent's browser. */
    @JsonProperty("beacon")
    BEACON,
    /** Processors, for themselves. */
    @JsonProperty("processors")
    PROCESSORS,
    /** An Event Streams sink. */
    @JsonProperty("event-streams")
    EVENT_STREAMS
}
