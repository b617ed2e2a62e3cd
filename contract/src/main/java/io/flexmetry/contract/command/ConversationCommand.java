package io.flexmetry.contract.command;

import org.jspecify.annotations.Nullable;

/** Something to be looked up or done in a conversation. */
public sealed interface ConversationCommand extends Command permits ListMessages, PostMessage, CloseConversation {

    /** CH… that it is about: the key of the record. */
    String conversationSid();

    /** IS… of the service that the conversation belongs to; absent while nobody has named it. */
    @Nullable
    String chatServiceSid();

    @Override
    default String subject() {
        return conversationSid();
    }
}
