package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.writeback.Contribution;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Puts what it learns into the stores, and tells the numbers of closed reservations when they changed. A message costs
 * one read and one write unless it comes after the end of a reservation.
 */
final class ConversationProcessor implements Processor<String, Event, String, Contribution> {

    private static final StringSerializer PREFIX = new StringSerializer();

    private final Configuration configuration;
    private ProcessorContext<String, Contribution> context;
    private KeyValueStore<String, Conversation> conversations;
    private KeyValueStore<String, Message> messages;

    ConversationProcessor(Configuration configuration) {
        this.configuration = configuration;
    }

    @Override
    public void init(ProcessorContext<String, Contribution> context) {
        this.context = context;
        this.conversations = context.getStateStore(ConversationTopology.CONVERSATIONS);
        this.messages = context.getStateStore(ConversationTopology.MESSAGES);
    }

    @Override
    public void process(Record<String, Event> record) {
        String conversationSid = record.key();
        Conversation known = conversations.get(conversationSid);
        Conversation before = known == null ? Conversation.NEW : known;
        boolean numbersMayChange;
        Conversation after = before.learn(record.value());
        if (record.value().fact() instanceof MessageFact fact) {
            Message message = Message.of(record.value(), fact);
            numbersMayChange =
                    learnMessage(conversationSid, message) && before.hasWindowClosedAtOrAfter(message.createdAt());
        } else {
            numbersMayChange = !after.equals(before);
        }
        List<Contribution> changed = numbersMayChange ? changed(conversationSid, after) : List.of();
        Conversation told = after.tell(changed);
        if (!told.equals(before)) {
            conversations.put(conversationSid, told);
        }
        changed.forEach(contribution ->
                context.forward(record.withKey(contribution.taskSid()).withValue(contribution)));
    }

    /** Whether that was news. */
    private boolean learnMessage(String conversationSid, Message message) {
        String key = messageKey(conversationSid, message.index());
        Message known = messages.get(key);
        Message merged = known == null ? message : known.merge(message);
        if (merged.equals(known)) {
            return false;
        }
        messages.put(key, merged);
        return true;
    }

    private List<Contribution> changed(String conversationSid, Conversation conversation) {
        if (conversation.reservations().values().stream().noneMatch(Reservation::isClosed)) {
            return List.of();
        }
        return MessageFold.contributions(conversation, messagesOf(conversationSid), configuration).stream()
                .filter(contribution ->
                        !contribution.equals(conversation.emitted().get(contribution.reservationSid())))
                .toList();
    }

    private List<Message> messagesOf(String conversationSid) {
        List<Message> all = new ArrayList<>();
        try (KeyValueIterator<String, Message> stored = messages.prefixScan(conversationSid + "/", PREFIX)) {
            while (stored.hasNext()) {
                KeyValue<String, Message> entry = stored.next();
                all.add(entry.value);
            }
        }
        return all;
    }

    /** Of fixed width, so that a scan reads a conversation in order. */
    private static String messageKey(String conversationSid, long index) {
        return String.format("%s/%016d", conversationSid, index);
    }
}
