package io.flexmetry.sink.conversation;

import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.outcome.MessagesOutcome;
import io.flexmetry.contract.outcome.MessagesOutcome.Found;
import io.flexmetry.contract.privacy.Privacy;
import io.flexmetry.sink.retry.Retry;
import io.flexmetry.sink.retry.Retry.Settled;
import io.flexmetry.sink.twilio.ConversationApi;

/** Looks up messages whose webhooks have not come. */
public final class MessageLister {

    private final ConversationApi conversations;
    private final Privacy privacy;
    private final Retry retry;

    public MessageLister(ConversationApi conversations, Privacy privacy, Retry retry) {
        this.conversations = conversations;
        this.privacy = privacy;
        this.retry = retry;
    }

    /**
     * Executes a command.
     *
     * @throws InterruptedException if it was stopped before there was an outcome
     */
    public MessagesOutcome list(ListMessages command) throws InterruptedException {
        Settled<Found> settled = retry.untilSettled(
                command.conversationSid(),
                () -> tryOnce(command),
                MessagesOutcome.Gone::new,
                MessagesOutcome.Refused::new);
        return new MessagesOutcome(
                command.commandId(), command.conversationSid(), settled.at(), settled.attempts(), settled.result());
    }

    private Found tryOnce(ListMessages command) {
        return new MessagesOutcome.Listed(
                command.fromIndex(),
                command.toIndex(),
                conversations.messages(command.conversationSid(), command.fromIndex(), command.toIndex()).stream()
                        .map(privacy::protect)
                        .toList());
    }
}
