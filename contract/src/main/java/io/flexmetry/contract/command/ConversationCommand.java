package io.flexmetry.contract.command;

/** Something to be looked up or done in a conversation. */
public sealed interface ConversationCommand extends Command permits ListMessages, PostMessage, CloseConversation {

    /** CH… that it is about: the key of the record. */
    String conversationSid();

    @Override
    default String subject() {
        return conversationSid();
    }
}
