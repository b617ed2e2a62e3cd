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
 * Says something in a conversation, once: before each try it looks at what was said behind the last message that was known.
 * If that is our own message, it was posted before; if it is somebody else's, nobody is silent any more.
 */
public final class MessagePoster {

    private final ConversationApi conversations;
    private final Silences silences;

    public MessagePoster(ConversationApi conversations, Silences silences) {
        this.conversations = conversations;
        this.silences = silences;
    }

    /** Tries once. */
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
        List<MessageFact> spoken = silences.ofOthers(since);
        return spoken.isEmpty()
                ? new Posted(conversations.post(path, command.text(), command.commandId()))
                : new Overtaken(spoken);
    }
}
