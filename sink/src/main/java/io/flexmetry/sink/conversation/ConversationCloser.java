package io.flexmetry.sink.conversation;

import io.flexmetry.contract.command.CloseConversation;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.outcome.ConversationOutcome.Closed;
import io.flexmetry.contract.outcome.ConversationOutcome.Ending;
import io.flexmetry.contract.outcome.ConversationOutcome.Overtaken;
import io.flexmetry.sink.twilio.ConversationApi;
import io.flexmetry.sink.twilio.ConversationPath;
import java.util.List;

/** Closes what nobody writes in any more. One that is closed already is left alone. */
public final class ConversationCloser {

    private final ConversationApi conversations;
    private final Silences silences;

    public ConversationCloser(ConversationApi conversations, Silences silences) {
        this.conversations = conversations;
        this.silences = silences;
    }

    /** Tries once. */
    public Ending close(CloseConversation command) {
        ConversationPath path = ConversationPath.of(command);
        List<MessageFact> spoken = silences.spokenSince(path, command.lastIndex());
        if (!spoken.isEmpty()) {
            return new Overtaken(spoken);
        }
        if (command.interaction() == null) {
            conversations.close(path);
        } else {
            conversations.close(command.interaction());
        }
        return new Closed();
    }
}
