package io.flexmetry.processors.conversation;

import io.flexmetry.contract.command.Command;
import io.flexmetry.processors.cases.Contribution;

/** What a conversation tells. */
sealed interface ConversationOutput {

    /** The numbers of a reservation. */
    record Measured(Contribution contribution) implements ConversationOutput {}

    /** Something is to be looked up in Twilio. */
    record Do(Command command) implements ConversationOutput {}

    /** That conversation asks whether an identity (the record's key) is a worker's. */
    record Question(String conversationSid) implements ConversationOutput {}
}
