package io.flexmetry.processors.conversation;

import io.flexmetry.contract.command.Command;
import io.flexmetry.processors.cases.Contribution;

/** What the message fold emits. */
sealed interface ConversationOutput {

    /** The numbers of a reservation. */
    record Measured(Contribution contribution) implements ConversationOutput {}

    /** A look-up at Twilio. */
    record Do(Command command) implements ConversationOutput {}

    /** Whether an identity (the record's key) is a worker's; the answer goes to the conversation. */
    record WorkerQuery(String conversationSid) implements ConversationOutput {}
}
