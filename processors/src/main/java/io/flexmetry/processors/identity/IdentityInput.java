package io.flexmetry.processors.identity;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Knowledge of an identity, or a query for it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = IdentityInput.Known.class, name = "known"),
    @JsonSubTypes.Type(value = IdentityInput.Query.class, name = "query")
})
public sealed interface IdentityInput {

    /** The identity is a worker's. */
    record Known(String workerSid) implements IdentityInput {}

    /** A conversation needs the worker of the identity, now or when it becomes known. */
    record Query(String conversationSid) implements IdentityInput {}
}
