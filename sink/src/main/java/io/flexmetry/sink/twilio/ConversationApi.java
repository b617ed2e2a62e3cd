package io.flexmetry.sink.twilio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.flexapi.v1.interaction.InteractionChannel;
import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.settings.TwilioAccount;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a conversation, as far as the sink needs them. Errors come as the SDK's {@code ApiException} with status and
 * code, or as {@link TryAgainException}.
 */
public final class ConversationApi {

    private static final int PAGE_SIZE = 100;
    private static final int FEW = 20;

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
    public List<MessageFact> messages(ConversationPath path, long fromIndex, long toIndex) {
        return resource(path)
                // where only the newest is in question, mostly there is none behind the one that is known
                .newestFirst(toIndex == ListMessages.NEWEST ? FEW : PAGE_SIZE)
                .takeWhile(item -> item.place() >= fromIndex)
                .filter(item -> item.place() <= toIndex)
                .limit(Limits.MOST_LISTED)
                .map(item -> item.in(path.conversationSid()))
                .toList();
    }

    /**
     * A message and whose it is.
     *
     * @param command id of the command for which we posted it; absent on messages of others
     */
    public record Said(MessageFact message, @Nullable String command) {}

    /** The messages behind an index, the newest first; none of a conversation that does not exist (any more). */
    public List<Said> since(ConversationPath path, long lastIndex) {
        return resource(path)
                .newestFirst(FEW)
                .takeWhile(item -> item.place() > lastIndex)
                .map(item -> new Said(item.in(path.conversationSid()), command(item.attributes())))
                .toList();
    }

    /** Says something as the system; webhooks are told of it. */
    public MessageFact post(ConversationPath path, String text, String command) {
        String attributes =
                JsonNodeFactory.instance.objectNode().put(COMMAND, command).toString();
        return resource(path).post(text, attributes).in(path.conversationSid());
    }

    /** Closes a conversation, unless it is. */
    public void close(ConversationPath path) {
        ConversationResource conversation = resource(path);
        if (!conversation.isClosed()) {
            conversation.close();
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

    private ConversationResource resource(ConversationPath path) {
        return path.chatServiceSid() == null
                ? new ShortPath(client, path.conversationSid())
                : new ServicePath(client, path.chatServiceSid(), path.conversationSid());
    }
}
