package io.flexmetry.contract.floor;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far the work on a task is. Twilio's assignment statuses: pending, reserved, assigned, wrapping, and the end. */
public enum Stage {
    /** In a queue. */
    @JsonProperty("waiting")
    WAITING,
    /** Offered to a worker, who has not accepted yet. */
    @JsonProperty("offered")
    OFFERED,
    /** A worker works on it. */
    @JsonProperty("assigned")
    ASSIGNED,
    /** In wrap-up. */
    @JsonProperty("wrapping")
    WRAPPING,
    /** Over. */
    @JsonProperty("ended")
    ENDED
}
