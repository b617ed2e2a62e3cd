package io.flexmetry.sink.twilio;

import io.flexmetry.contract.command.ConversationCommand;
import io.flexmetry.contract.command.Silence;
import org.jspecify.annotations.Nullable;

/**
 * The path of a conversation in Twilio's REST API: below its service if that is known. The short path, without a
 * service, works only for conversations of the account's default service and answers 404 for all others.
 *
 * @param conversationSid CH…
 * @param chatServiceSid IS…; absent for the short path
 */
public record ConversationPath(
        String conversationSid, @Nullable String chatServiceSid) {

    /** The path of the command's conversation. */
    public static ConversationPath of(ConversationCommand command) {
        return new ConversationPath(command.conversationSid(), command.chatServiceSid());
    }

    /** The path of the inactive conversation. */
    public static ConversationPath of(Silence silence) {
        return new ConversationPath(silence.conversationSid(), silence.chatServiceSid());
    }
}
