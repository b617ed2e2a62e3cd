package io.flexmetry.sink.twilio;

import io.flexmetry.contract.command.ConversationCommand;
import io.flexmetry.contract.command.Silence;
import org.jspecify.annotations.Nullable;

/**
 * Where Twilio's REST API has a conversation: under its service where that is known. The short path, without a service, knows only
 * the conversations of the account's default service and answers 404 for all others.
 *
 * @param conversationSid CH…
 * @param chatServiceSid IS…; absent for the short path
 */
public record ConversationPath(
        String conversationSid, @Nullable String chatServiceSid) {

    /** Of the conversation that a command is about. */
    public static ConversationPath of(ConversationCommand command) {
        return new ConversationPath(command.conversationSid(), command.chatServiceSid());
    }

    /** Of the conversation that is silent. */
    public static ConversationPath of(Silence silence) {
        return new ConversationPath(silence.conversationSid(), silence.chatServiceSid());
    }
}
