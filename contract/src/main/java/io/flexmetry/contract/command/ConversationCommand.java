package io.flexmetry.contract.command;

import org.jspecify.annotations.Nullable;

/** A look-up or an action in a conversation. */
public sealed interface ConversationCommand extends Command permits ListMessages, PostMessage, CloseConversation {

    /** CH…, the record's key. */
    String conversationSid();

    /** IS… of the conversation's service; absent until an event names it. */
    @Nullable
    String chatServiceSid();

    @Override
    default String subject() {
        return conversationSid();
    }
}
