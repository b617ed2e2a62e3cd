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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of the Conversations API that the sink needs. Errors are the SDK's {@code ApiException} with status and
 * code, or {@link TryAgainException}.
 */
public final class ConversationApi {

    private static final int PAGE_SIZE = 100;
    private static final int FEW = 20;

    /** The attribute that marks our own messages. */
    private static final String COMMAND = "flexmetry_command";

    private static final JsonMapper JSON = new JsonMapper();

    private final TwilioRestClient client;

    public ConversationApi(TwilioHttpClient http) {
        this.client = http.sdk();
    }

    /**
     * The existing messages in this range of indexes, newest first, because missing messages are mostly recent. If
     * there are more than an outcome holds, the older ones are left out.
     */
    public List<MessageFact> messages(ConversationPath path, long fromIndex, long toIndex) {
        return resource(path)
                // a look-up of the newest message mostly finds nothing new
                .newestFirst(toIndex == ListMessages.NEWEST ? FEW : PAGE_SIZE)
                .takeWhile(item -> item.place() >= fromIndex)
                .filter(item -> item.place() <= toIndex)
                .limit(Limits.MOST_LISTED)
                .map(item -> item.in(path.conversationSid()))
                .toList();
    }

    /**
     * A message and its origin.
     *
     * @param command id of the command for which we posted it; absent on messages of others
     */
    public record Said(MessageFact message, @Nullable String command) {}

    /** The messages after an index, newest first; empty if the conversation has none. */
    public List<Said> since(ConversationPath path, long lastIndex) {
        return resource(path)
                .newestFirst(FEW)
                .takeWhile(item -> item.place() > lastIndex)
                .map(item -> new Said(item.in(path.conversationSid()), command(item.attributes())))
                .toList();
    }

    /** Posts a message as the system, with webhooks enabled. */
    public MessageFact post(ConversationPath path, String text, String command) {
        String attributes =
                JsonNodeFactory.instance.objectNode().put(COMMAND, command).toString();
        return resource(path).post(text, attributes).in(path.conversationSid());
    }

    /** Closes a conversation, unless it is closed already. */
    public void close(ConversationPath path) {
        ConversationResource conversation = resource(path);
        if (!conversation.isClosed()) {
            conversation.close();
        }
    }

    /** Closes the channel of an interaction, unless it is closed already. */
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
            // not ours: our attributes are valid JSON
            return null;
        }
    }

    private ConversationResource resource(ConversationPath path) {
        return path.chatServiceSid() == null
                ? new ShortPath(client, path.conversationSid())
                : new ServicePath(client, path.chatServiceSid(), path.conversationSid());
    }
}
