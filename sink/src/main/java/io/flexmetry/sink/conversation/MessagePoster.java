package io.flexmetry.sink.conversation;

import io.flexmetry.contract.command.PostMessage;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.outcome.ConversationOutcome.Ending;
import io.flexmetry.contract.outcome.ConversationOutcome.Overtaken;
import io.flexmetry.contract.outcome.ConversationOutcome.Posted;
import io.flexmetry.sink.twilio.ConversationApi;
import io.flexmetry.sink.twilio.ConversationApi.Said;
import io.flexmetry.sink.twilio.ConversationPath;
import java.util.List;
import java.util.Optional;

/**
 * Posts a message into a conversation, once. Each attempt first reads the messages after the last known one. If our own
 * message is among them, an earlier attempt succeeded; if somebody else's is, nobody is inactive any more.
 */
public final class MessagePoster {

    private final ConversationApi conversations;
    private final SilenceCheck silenceCheck;

    public MessagePoster(ConversationApi conversations, SilenceCheck silenceCheck) {
        this.conversations = conversations;
        this.silenceCheck = silenceCheck;
    }

    /** One attempt. */
    public Ending post(PostMessage command) {
        ConversationPath path = ConversationPath.of(command);
        List<Said> since = conversations.since(path, command.lastIndex());
        Optional<MessageFact> posted = since.stream()
                .filter(said -> command.commandId().equals(said.command()))
                .map(Said::message)
                .findFirst();
        if (posted.isPresent()) {
            return new Posted(posted.get());
        }
        List<MessageFact> newMessages = silenceCheck.ofOthers(since);
        return newMessages.isEmpty()
                ? new Posted(conversations.post(path, command.text(), command.commandId()))
                : new Overtaken(newMessages);
    }
}
