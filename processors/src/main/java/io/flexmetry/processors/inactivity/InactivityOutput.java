package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.command.ConversationCommand;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.inactivity.InactivityStep;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.TaskActionRequest;

/** What silence leads to. */
sealed interface InactivityOutput {

    /** Something is to be done in the conversation. */
    record Do(ConversationCommand command) implements InactivityOutput {}

    /** Something is to be done with a task. */
    record Request(TaskActionRequest request) implements InactivityOutput {}

    /** What was decided, and how it ended. */
    record Note(InactivityStep step) implements InactivityOutput {}

    /** Numbers of a reservation. */
    record Tell(Contribution contribution) implements InactivityOutput {}

    /** A marker; the record's key leads it to a partition of the task events or, with {@code direct}, the conversation events. */
    record Mark(Event event, boolean direct) implements InactivityOutput {}
}
