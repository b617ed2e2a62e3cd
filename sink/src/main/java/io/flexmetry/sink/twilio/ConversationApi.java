package io.flexmetry.sink.twilio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.conversations.v1.Conversation;
import com.twilio.rest.conversations.v1.conversation.Message;
import com.twilio.rest.flexapi.v1.interaction.InteractionChannel;
import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.settings.TwilioAccount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a conversation, as far as the sink needs them. Errors come as the SDK's {@code ApiException} with status and
 * code, or as {@link TryAgainException}.
 */
public final class ConversationApi {

    private static final int PAGE_SIZE = 100;
    private static final int FEW = 20;
    private static final String SYSTEM = "system";

    /** Attribute by which a message of ours is known. */
    private static final String COMMAND = "flexmetry_command";

    private static final JsonMapper JSON = new JsonMapper();

    private final TwilioRestClient client;

    public ConversationApi(TwilioAccount account, TwilioHttpClient http) {
        this.client = new TwilioRestClient.Builder(account.username(), account.password())
                .accountSid(account.accountSid())
                .httpClient(http)
                .build();
    }

    /**
     * The messages with these indexes that exist, newest first: what is missing is mostly not long ago. Of more than an outcome
     * holds those are left out that are older.
     */
    public List<MessageFact> messages(String conversationSid, long fromIndex, long toIndex) {
        List<MessageFact> found = new ArrayList<>();
        for (Message message : Message.reader(conversationSid)
                .setOrder(Message.OrderType.DESC)
                // where only the newest is in question, mostly there is none behind the one that is known
                .pageSize(toIndex == ListMessages.NEWEST ? FEW : PAGE_SIZE)
                .read(client)) {
            int index = Objects.requireNonNullElse(message.getIndex(), -1);
            if (index < fromIndex || found.size() == Limits.MOST_LISTED) {
                break;
            }
            if (index <= toIndex) {
                found.add(fact(conversationSid, message, index));
            }
        }
        return found;
    }

    /**
     * A message and whose it is.
     *
     * @param command id of the command for which we posted it; absent on messages of others
     */
    public record Said(MessageFact message, @Nullable String command) {}

    /** The messages behind an index, the newest first; none of a conversation that does not exist (any more). */
    public List<Said> since(String conversationSid, long lastIndex) {
        List<Said> said = new ArrayList<>();
        for (Message message : Message.reader(conversationSid)
                .setOrder(Message.OrderType.DESC)
                .pageSize(FEW)
                .read(client)) {
            int index = Objects.requireNonNullElse(message.getIndex(), -1);
            if (index <= lastIndex) {
                break;
            }
            said.add(new Said(fact(conversationSid, message, index), command(message.getAttributes())));
        }
        return said;
    }

    /** Says something as the system; webhooks are told of it. */
    public MessageFact post(String conversationSid, String text, String command) {
        Message message = Message.creator(conversationSid)
                .setAuthor(SYSTEM)
                .setBody(text)
                .setAttributes(JsonNodeFactory.instance
                        .objectNode()
                        .put(COMMAND, command)
                        .toString())
                .setXTwilioWebhookEnabled(Message.WebhookEnabledType.TRUE)
                .create(client);
        return fact(conversationSid, message, Objects.requireNonNullElse(message.getIndex(), -1));
    }

    /** Closes a conversation, unless it is. */
    public void close(String conversationSid) {
        if (Conversation.fetcher(conversationSid).fetch(client).getState() != Conversation.State.CLOSED) {
            Conversation.updater(conversationSid)
                    .setState(Conversation.State.CLOSED)
                    .setXTwilioWebhookEnabled(Conversation.WebhookEnabledType.TRUE)
                    .update(client);
        }
    }

    /** Closes the channel of an interaction, unless it is. */
    public void close(Task.Interaction interaction) {
        InteractionChannel channel = InteractionChannel.fetcher(interaction.interactionSid(), interaction.channelSid())
                .fetch(client);
        if (channel.getStatus() != InteractionChannel.ChannelStatus.CLOSED) {
            InteractionChannel.updater(
                            interaction.interactionSid(),
                            interaction.channelSid(),
                            InteractionChannel.UpdateChannelStatus.CLOSED)
                    .setRouting(Map.of("status", "closed"))
                    .update(client);
        }
    }

    private static @Nullable String command(@Nullable String attributes) {
        try {
            return attributes == null
                    ? null
                    : JSON.readTree(attributes).path(COMMAND).textValue();
        } catch (JsonProcessingException e) {
            // attributes that we did not write
            return null;
        }
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
                Objects.requireNonNullElse(message.getAuthor(), SYSTEM),
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
