package io.flexmetry.sink.conversation;

import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.outcome.ConversationOutcome.Ending;
import io.flexmetry.contract.privacy.Privacy;
import io.flexmetry.sink.twilio.ConversationApi;

/** Looks up messages whose webhooks have not come. */
public final class MessageLister {

    private final ConversationApi conversations;
    private final Privacy privacy;

    public MessageLister(ConversationApi conversations, Privacy privacy) {
        this.conversations = conversations;
        this.privacy = privacy;
    }

    /** Looks once. */
    public Ending list(ListMessages command) {
        return new ConversationOutcome.Listed(
                command.fromIndex(),
                command.toIndex(),
                conversations.messages(command.conversationSid(), command.fromIndex(), command.toIndex()).stream()
                        .map(privacy::protect)
                        .toList());
    }
}
