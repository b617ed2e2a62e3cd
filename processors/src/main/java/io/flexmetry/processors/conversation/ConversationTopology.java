package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.writeback.Contribution;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Message metrics.
 *
 * <pre>
 * task events ──▶ those with a conversation, by ConversationSid ─┐
 *                                          conversation events ──┴─▶ fold ──▶ contributions (key TaskSid)
 * </pre>
 */
public final class ConversationTopology {

    static final String CONVERSATIONS = "conversations";
    static final String MESSAGES = "messages";

    private ConversationTopology() {}

    /**
     * Adds the feature.
     *
     * @param taskEvents key TaskSid
     * @param conversationEvents key ConversationSid
     * @return the numbers of closed reservations, key TaskSid; again when they change
     */
    public static KStream<String, Contribution> addTo(
            KStream<String, Event> taskEvents, KStream<String, Event> conversationEvents, Configuration configuration) {
        return taskEvents
                .filter((taskSid, event) -> conversationSid(event) != null, Named.as("conversation-of-task"))
                .selectKey((taskSid, event) -> conversationSid(event), Named.as("conversation-key"))
                .repartition(Repartitioned.<String, Event>as("task-events-by-conversation")
                        .withKeySerde(Serdes.String())
                        .withValueSerde(Topics.TASK_EVENTS.valueSerde())
                        .withNumberOfPartitions(Topics.CONVERSATION_EVENTS.partitions()))
                .merge(conversationEvents, Named.as("conversation-facts"))
                .process(new Supplier(configuration), Named.as("conversation"));
    }

    /** The conversation that a reservation is about, or that a task's end may close a session of. */
    private static @Nullable String conversationSid(Event event) {
        Fact fact = event.fact();
        if (fact instanceof ReservationFact reservation) {
            return reservation.task().conversationSid();
        }
        return fact instanceof TaskFact task && task.change().isEnd()
                ? task.task().conversationSid()
                : null;
    }

    private record Supplier(Configuration configuration)
            implements ProcessorSupplier<String, Event, String, Contribution> {

        @Override
        public Processor<String, Event, String, Contribution> get() {
            return new ConversationProcessor(configuration);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(CONVERSATIONS),
                            Serdes.String(),
                            Json.serde(Conversation.class)),
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(MESSAGES), Serdes.String(), Json.serde(Message.class)));
        }
    }
}
