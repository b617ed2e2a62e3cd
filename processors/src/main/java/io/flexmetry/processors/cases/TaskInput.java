package io.flexmetry.processors.cases;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.outcome.Outcome;

/** An input that may change the rows of a task, or the values written to it. */
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

    /** An event of the task or one of its reservations. */
    record Happened(Event event) implements TaskInput {}

    /** Numbers of a feature. */
    record Measured(Contribution contribution) implements TaskInput {}

    /** The outcome of a command. */
    record Settled(Outcome outcome) implements TaskInput {}

    /** An action that a feature requests. */
    record Requested(TaskActionRequest request) implements TaskInput {}

    /** The task belongs to a conversation from now on: the state of its own case is deleted. */
    record Moved() implements TaskInput {}

    /** The debounce of a write is over. */
    record Due() implements TaskInput {}
}
