package io.flexmetry.sink.twilio;

import com.twilio.http.TwilioRestClient;
import com.twilio.rest.conversations.v1.conversation.Message;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.settings.TwilioAccount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a conversation, as far as the sink needs them. Errors come as the SDK's {@code ApiException} with status and
 * code, or as {@link TryAgainException}.
 */
public final class ConversationApi {

    private static final int PAGE_SIZE = 100;

    private final TwilioRestClient client;

    public ConversationApi(TwilioAccount account, TwilioHttpClient http) {
        this.client = new TwilioRestClient.Builder(account.username(), account.password())
                .accountSid(account.accountSid())
                .httpClient(http)
                .build();
    }

    /** The messages with these indexes that exist, newest first: what is missing is mostly not long ago. */
    public List<MessageFact> messages(String conversationSid, long fromIndex, long toIndex) {
        List<MessageFact> found = new ArrayList<>();
        for (Message message : Message.reader(conversationSid)
                .setOrder(Message.OrderType.DESC)
                .pageSize(PAGE_SIZE)
                .read(client)) {
            int index = Objects.requireNonNullElse(message.getIndex(), -1);
            if (index < fromIndex) {
                break;
            }
            if (index <= toIndex) {
                found.add(fact(conversationSid, message, index));
            }
        }
        return found;
    }

    private MessageFact fact(String conversationSid, Message message, int index) {
        String text = message.getBody() == null || message.getBody().isEmpty() ? null : message.getBody();
        Instant createdAt = message.getDateCreated().toInstant();
        return new MessageFact(
                message.getDateUpdated() != null
                                && message.getDateUpdated().toInstant().isAfter(createdAt)
                        ? MessageFact.Change.UPDATED
                        : MessageFact.Change.ADDED,
                conversationSid,
                message.getSid(),
                index,
                createdAt,
                Objects.requireNonNullElse(message.getAuthor(), "system"),
                message.getParticipantSid(),
                length(text),
                message.getMedia() == null ? 0 : message.getMedia().size(),
                // a page of texts could be more than a record holds, and nobody counts more than their length
                null);
    }

    private static @Nullable Integer length(@Nullable String text) {
        return text == null ? null : (Integer) text.length();
    }
}
