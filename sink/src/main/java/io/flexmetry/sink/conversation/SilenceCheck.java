package io.flexmetry.sink.conversation;

import com.twilio.exception.ApiException;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.privacy.Privacy;
import io.flexmetry.sink.twilio.ConversationApi;
import io.flexmetry.sink.twilio.ConversationApi.Said;
import io.flexmetry.sink.twilio.ConversationPath;
import java.util.List;

/** Checks whether somebody has written meanwhile. Our own messages do not count. */
public final class SilenceCheck {

    private static final int NOT_FOUND = 404;

    private final ConversationApi conversations;
    private final Privacy privacy;

    public SilenceCheck(ConversationApi conversations, Privacy privacy) {
        this.conversations = conversations;
        this.privacy = privacy;
    }

    /** The messages of others after that index, newest first; empty if the conversation does not exist. */
    public List<MessageFact> messagesOfOthersSince(ConversationPath path, long lastIndex) {
        try {
            return ofOthers(conversations.since(path, lastIndex));
        } catch (ApiException e) {
            if (e.getStatusCode() != null && e.getStatusCode() == NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    /** The messages of others in this list, which is newest first; limited to what fits into an outcome. */
    List<MessageFact> ofOthers(List<Said> said) {
        return Newest.of(said.stream()
                .filter(one -> one.command() == null)
                .map(one -> privacy.protect(one.message()))
                .toList());
    }
}
