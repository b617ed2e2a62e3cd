package io.flexmetry.sink.conversation;

import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.outcome.ConversationOutcome.Ending;
import io.flexmetry.contract.privacy.Privacy;
import io.flexmetry.sink.twilio.ConversationApi;
import io.flexmetry.sink.twilio.ConversationPath;
import java.util.List;

/** Looks up messages whose webhooks are missing. */
public final class MessageLister {

    private final ConversationApi conversations;
    private final Privacy privacy;

    public MessageLister(ConversationApi conversations, Privacy privacy) {
        this.conversations = conversations;
        this.privacy = privacy;
    }

    /** One attempt. If not all messages fit into an outcome, the outcome covers fewer indexes. */
    public Ending list(ListMessages command) {
        boolean open = command.toIndex() == ListMessages.NEWEST;
        List<MessageFact> all =
                conversations.messages(ConversationPath.of(command), command.fromIndex(), command.toIndex()).stream()
                        .map(privacy::protect)
                        .toList();
        List<MessageFact> newest = Newest.of(all);
        long fromIndex = newest.size() == all.size() && all.size() < Limits.MOST_LISTED
                ? command.fromIndex()
                : newest.get(newest.size() - 1).index();
        // nothing found: an empty range, which ends before it starts
        long toIndex = !open
                ? command.toIndex()
                : newest.isEmpty() ? fromIndex - 1 : newest.get(0).index();
        return new ConversationOutcome.Listed(fromIndex, toIndex, newest);
    }
}
