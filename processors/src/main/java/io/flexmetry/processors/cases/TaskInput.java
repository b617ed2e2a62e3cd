package io.flexmetry.processors.cases;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.outcome.Outcome;

/** What can change the rows of a task, or what is written to it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TaskInput.Happened.class, name = "happened"),
    @JsonSubTypes.Type(value = TaskInput.Measured.class, name = "measured"),
    @JsonSubTypes.Type(value = TaskInput.Settled.class, name = "settled"),
    @JsonSubTypes.Type(value = TaskInput.Requested.class, name = "requested"),
    @JsonSubTypes.Type(value = TaskInput.Moved.class, name = "moved"),
    @JsonSubTypes.Type(value = TaskInput.Due.class, name = "due")
})
public sealed interface TaskInput {

    /** Something happened to the task or a reservation of it. */
    record Happened(Event event) implements TaskInput {}

    /** A feature has numbers. */
    record Measured(Contribution contribution) implements TaskInput {}

    /** A command was settled. */
    record Settled(Outcome outcome) implements TaskInput {}

    /** A feature wants something done with the task. */
    record Requested(TaskActionRequest request) implements TaskInput {}

    /** The task turned out to be about a conversation: it is that case's from now on, and nothing of it stays here. */
    record Moved() implements TaskInput {}

    /** It is time to write what is new. */
    record Due() implements TaskInput {}
}
