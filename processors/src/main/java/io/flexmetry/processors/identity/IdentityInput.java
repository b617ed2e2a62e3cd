package io.flexmetry.processors.identity;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What is said or asked about an identity. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = IdentityInput.Known.class, name = "known"),
    @JsonSubTypes.Type(value = IdentityInput.Asked.class, name = "asked")
})
public sealed interface IdentityInput {

    /** It is a worker's. */
    record Known(String workerSid) implements IdentityInput {}

    /** A conversation wants to know, now or later. */
    record Asked(String conversationSid) implements IdentityInput {}
}
