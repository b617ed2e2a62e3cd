package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.command.ConversationCommand;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.inactivity.InactivityStep;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.TaskActionRequest;

/** What {@link InactivityProcessor} forwards. */
sealed interface InactivityOutput {

    /** A command to the sink. */
    record Do(ConversationCommand command) implements InactivityOutput {}

    /** A request to write-back, which orders all actions on a task. */
    record Request(TaskActionRequest request) implements InactivityOutput {}

    /** A step that was decided or settled. */
    record Note(InactivityStep step) implements InactivityOutput {}

    /** Numbers of a reservation. */
    record Contribute(Contribution contribution) implements InactivityOutput {}

    /** A marker for the conversation events. The record's key determines its partition. */
    record DirectMarker(Event event) implements InactivityOutput {}

    /** A marker for the task events. The record's key determines its partition. */
    record TaskMarker(Event event) implements InactivityOutput {}
}
