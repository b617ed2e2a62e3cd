package io.flexmetry.sink.conversation;

import io.flexmetry.contract.command.CloseConversation;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.outcome.ConversationOutcome.Closed;
import io.flexmetry.contract.outcome.ConversationOutcome.Ending;
import io.flexmetry.contract.outcome.ConversationOutcome.Overtaken;
import io.flexmetry.sink.twilio.ConversationApi;
import io.flexmetry.sink.twilio.ConversationPath;
import java.util.List;

/** Closes inactive conversations. A conversation that is closed already stays as it is. */
public final class ConversationCloser {

    private final ConversationApi conversations;
    private final SilenceCheck silenceCheck;

    public ConversationCloser(ConversationApi conversations, SilenceCheck silenceCheck) {
        this.conversations = conversations;
        this.silenceCheck = silenceCheck;
    }

    /** One attempt. */
    public Ending close(CloseConversation command) {
        ConversationPath path = ConversationPath.of(command);
        List<MessageFact> newMessages = silenceCheck.messagesOfOthersSince(path, command.lastIndex());
        if (!newMessages.isEmpty()) {
            return new Overtaken(newMessages);
        }
        if (command.interaction() == null) {
            conversations.close(path);
        } else {
            conversations.close(command.interaction());
        }
        return new Closed();
    }
}
