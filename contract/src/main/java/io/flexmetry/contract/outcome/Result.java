package io.flexmetry.contract.outcome;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How a command ended. Each of them is final: the sink goes on trying until it has one. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "result")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Result.Written.class, name = "written"),
    @JsonSubTypes.Type(value = Result.Unchanged.class, name = "unchanged"),
    @JsonSubTypes.Type(value = Result.Gone.class, name = "gone"),
    @JsonSubTypes.Type(value = Result.Refused.class, name = "refused")
})
public sealed interface Result {

    /** Twilio has the values; {@code etag} is the task's version after the write. */
    record Written(String etag) implements Result {}

    /** The values stood there already; {@code etag} is the task's version that was read. */
    record Unchanged(String etag) implements Result {}

    /** The task does not exist (any more). */
    record Gone() implements Result {}

    /** It cannot be done, and {@code reason} says why; nothing was overwritten. */
    record Refused(String reason) implements Result {}
}
