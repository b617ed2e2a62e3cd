package io.flexmetry.contract.floor;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Stage of a task. Twilio's assignment statuses are pending, reserved, assigned, wrapping, and completed or canceled. */
public enum Stage {
    /** In a queue. */
    @JsonProperty("waiting")
    WAITING,
    /** Offered to a worker who has not accepted yet. */
    @JsonProperty("offered")
    OFFERED,
    /** A worker has accepted it. */
    @JsonProperty("assigned")
    ASSIGNED,
    /** In wrap-up. */
    @JsonProperty("wrapping")
    WRAPPING,
    /** Completed, canceled or deleted. */
    @JsonProperty("ended")
    ENDED
}
