package io.flexmetry.processors.writeback;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.outcome.Outcome;

/** What can change the rows of a task. */
sealed interface TaskInput {

    /** Something happened to the task or a reservation of it. */
    record Happened(Event event) implements TaskInput {}

    /** A feature has numbers. */
    record Measured(Contribution contribution) implements TaskInput {}

    /** Another feature wants something. */
    record Wanted(Wish wish) implements TaskInput {}

    /** It is time to write what is new. */
    record Due() implements TaskInput {}

    /** A command was settled. */
    record Settled(Outcome outcome) implements TaskInput {}
}
