package io.flexmetry.sink.twilio;

import com.twilio.http.TwilioRestClient;
import com.twilio.rest.conversations.v1.service.Conversation;
import com.twilio.rest.conversations.v1.service.conversation.Message;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A conversation below its service: {@code /v1/Services/IS…/Conversations/CH…}. */
record ServicePath(TwilioRestClient client, String chatServiceSid, String conversationSid)
        implements ConversationResource {

    @Override
    public Stream<Item> newestFirst(int pageSize) {
        return StreamSupport.stream(
                        Message.reader(chatServiceSid, conversationSid)
                                .setOrder(Message.OrderType.DESC)
                                .pageSize(pageSize)
                                .read(client)
                                .spliterator(),
                        false)
                .map(ServicePath::item);
    }

    @Override
    public Item post(String text, String attributes) {
        return item(Message.creator(chatServiceSid, conversationSid)
                .setAuthor(SYSTEM)
                .setBody(text)
                .setAttributes(attributes)
                .setXTwilioWebhookEnabled(Message.WebhookEnabledType.TRUE)
                .create(client));
    }

    @Override
    public boolean isClosed() {
        return Conversation.fetcher(chatServiceSid, conversationSid)
                        .fetch(client)
                        .getState()
                == Conversation.State.CLOSED;
    }

    @Override
    public void close() {
        Conversation.updater(chatServiceSid, conversationSid)
                .setState(Conversation.State.CLOSED)
                .setXTwilioWebhookEnabled(Conversation.WebhookEnabledType.TRUE)
                .update(client);
    }

    private static Item item(Message message) {
        return new Item(
                message.getSid(),
                message.getIndex(),
                message.getAuthor(),
                message.getParticipantSid(),
                message.getBody(),
                message.getMedia(),
                message.getAttributes(),
                message.getDateCreated(),
                message.getDateUpdated());
    }
}
