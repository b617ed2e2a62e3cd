package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.explain.Explanation;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.Outputs;
import io.flexmetry.processors.cases.RoutedInput;
import io.flexmetry.processors.cases.TaskInput;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.store.Tables;
import io.flexmetry.processors.timer.Timers;
import java.util.Map;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * Message metrics.
 *
 * <pre>
 * events of the case's tasks ─┬─▶ fold ─┬─▶ contributions (key TaskSid)
 * conversation events ────────┘         └─▶ worker queries (key identity)
 * </pre>
 */
public final class ConversationTopology {

    static final Table.Definition<Conversation> CONVERSATIONS =
            new Table.Definition<>(CaseRouting.CASE_STORE, "conversations", Json.state(Conversation.class));
    static final Table.Definition<Message> MESSAGES =
            new Table.Definition<>(CaseRouting.CASE_STORE, "messages", Json.state(Message.class));
    static final Table.Definition<Progress> PROGRESS =
            new Table.Definition<>(CaseRouting.CASE_STORE, "progress", Json.state(Progress.class));
    static final Table.Definition<String> TIMERS = Timers.table(CaseRouting.CASE_STORE, "conversation-timers");

    private static final int INDEX_DIGITS = 16;

    /** Sorts after the keys of all messages of a conversation: the character after 9. */
    private static final String AFTER_DIGITS = "/:";

    private ConversationTopology() {}

    /**
     * What the feature emits.
     *
     * @param contributions numbers of the case's reservations, key TaskSid; again when they change
     * @param workerQueries whether an identity is a worker's, key decoded identity, value ConversationSid
     * @param facts all facts of a conversation, key ConversationSid; a downstream processor receives each after this
     *     feature has processed it
     * @param snapshots of the conversations of a Kafka Streams task, by ConversationSid; for its other processors
     */
    public record Streams(
            KStream<String, Contribution> contributions,
            KStream<String, String> workerQueries,
            KStream<String, Event> facts,
            BiFunction<TaskId, String, ConversationSnapshot> snapshots) {}

    /**
     * Adds the feature.
     *
     * @param tasks inputs of the case's tasks, key the case
     * @param conversationEvents key ConversationSid
     * @param lookedUp outcomes of look-ups, key ConversationSid
     */
    public static Streams addTo(
            KStream<String, RoutedInput> tasks,
            KStream<String, Event> conversationEvents,
            KStream<String, ConversationOutcome> lookedUp,
            Configuration configuration) {
        KStream<String, Event> facts = tasks.filter(
                        (caseSid, routed) -> concernsConversation(routed), Named.as("conversation-of-task"))
                .mapValues(
                        routed -> ((TaskInput.Happened) routed.input()).event(), Named.as("conversation-task-events"))
                .merge(conversationEvents, Named.as("conversation-facts"))
                .merge(
                        lookedUp.flatMapValues(LookedUp::events, Named.as("conversation-looked-up")),
                        Named.as("conversation-all-facts"));
        Map<TaskId, ConversationProcessor> running = new ConcurrentHashMap<>();
        KStream<String, ConversationOutput> outputs = facts.process(
                () -> new ConversationProcessor(
                        new ConversationRules(configuration), configuration.retention(), running),
                Named.as("conversation"),
                CaseRouting.CASE_STORE);
        Outputs.send(
                outputs,
                ConversationOutput.Do.class,
                ConversationOutput.Do::command,
                Topics.CONVERSATION_COMMANDS,
                "conversation-commands");
        return new Streams(
                Outputs.only(
                        outputs,
                        ConversationOutput.Measured.class,
                        ConversationOutput.Measured::contribution,
                        "conversation-contributions"),
                Outputs.only(
                        outputs,
                        ConversationOutput.WorkerQuery.class,
                        ConversationOutput.WorkerQuery::conversationSid,
                        "conversation-worker-queries"),
                facts,
                (task, sid) -> Objects.requireNonNull(running.get(task)).snapshot(sid));
    }

    /**
     * Why a task's numbers are what they are.
     *
     * @param tables of the conversation's partition
     */
    public static Explanation explain(
            Tables tables, Configuration configuration, String taskSid, String conversationSid) {
        ExplainRules rules = new ExplainRules(configuration);
        Conversation conversation = tables.read(CONVERSATIONS).get(conversationSid);
        return conversation == null
                ? rules.nothing(taskSid, conversationSid)
                : rules.explain(taskSid, conversationSid, conversation, in(tables.read(MESSAGES), conversationSid));
    }

    /** The explanation of a task without a conversation. */
    public static Explanation explainWithoutConversation(Configuration configuration, String taskSid) {
        return new ExplainRules(configuration).nothing(taskSid, null);
    }

    private static Messages in(Table.View<Message> messages, String sid) {
        return index -> messagesFrom(messages, sid, index);
    }

    /** The messages of a conversation from an index on, in order. To be closed. */
    static Stream<Message> messagesFrom(Table.View<Message> messages, String sid, long index) {
        KeyValueIterator<String, Message> stored = messages.range(messageKey(sid, index), sid + AFTER_DIGITS);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(stored, Spliterator.ORDERED), false)
                .map(entry -> entry.value)
                .onClose(stored::close);
    }

    /** Of fixed width, so that a scan returns a conversation in order. */
    static String messageKey(String sid, long index) {
        String digits = Long.toString(index);
        return sid + "/" + "0".repeat(INDEX_DIGITS - digits.length()) + digits;
    }

    /** Whether it concerns a conversation; changes of attributes and wrap-ups of tasks do not. */
    private static boolean concernsConversation(RoutedInput routed) {
        if (!(routed.input() instanceof TaskInput.Happened happened)) {
            return false;
        }
        Fact fact = happened.event().fact();
        if (fact instanceof ReservationFact reservation) {
            return reservation.task().conversationSid() != null;
        }
        return fact instanceof MarkerFact
                || (fact instanceof TaskFact task
                        && task.change() != TaskFact.Change.UPDATED
                        && task.change() != TaskFact.Change.WRAPUP
                        && task.task().conversationSid() != null);
    }
}
