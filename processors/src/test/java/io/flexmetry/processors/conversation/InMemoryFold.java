package io.flexmetry.processors.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.explain.Explanation;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.processors.Script;
import io.flexmetry.processors.cases.Contribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serde;

/** Processes a conversation's events one by one, as the processor does, with maps for its tables. */
final class InMemoryFold {

    private static final Serde<Conversation> CONVERSATIONS = Json.serde(Conversation.class);
    private static final Serde<Progress> PROGRESSES = Json.serde(Progress.class);
    private static final Serde<Message> MESSAGES = Json.serde(Message.class);

    private final ConversationRules rules;
    private final ExplainRules explaining;
    private final TreeMap<Long, Message> messages = new TreeMap<>();
    private final Map<String, Contribution> published = new TreeMap<>();
    private Conversation conversation = Conversation.NEW;
    private Progress progress = Progress.START;

    InMemoryFold(Configuration configuration) {
        this.rules = new ConversationRules(configuration);
        this.explaining = new ExplainRules(configuration);
    }

    void learn(Event event) {
        if (event.fact() instanceof MessageFact fact) {
            Message reported = Message.of(event, fact);
            Message known = messages.get(reported.index());
            Message merged = known == null ? reported : known.merge(reported);
            if (!merged.equals(known)) {
                messages.put(reported.index(), merged);
                progress = progress.rewoundBefore(reported.index());
            }
        } else {
            Conversation after = conversation.learn(event);
            if (!after.equals(conversation)) {
                progress = rules.learnFact(conversation, after, progress);
                conversation = after;
            }
        }
    }

    /** Publishes the numbers that have changed. */
    List<Contribution> publish() {
        ConversationRules.CaughtUp read = rules.catchUp(conversation, progress, this::messagesFrom);
        List<Contribution> changes = rules.changes(read);
        progress = read.progress().withPublished(changes);
        changes.forEach(contribution -> published.put(contribution.reservationSid(), contribution));
        return changes;
    }

    /** The explanation of a task's numbers as JSON. */
    JsonNode explain(String taskSid) {
        return json(explaining.explain(taskSid, Script.CONVERSATION, conversation, this::messagesFrom));
    }

    /** An explanation with another limit. */
    Explanation explain(String taskSid, Configuration configuration, int most) {
        return new ExplainRules(configuration, most)
                .explain(taskSid, Script.CONVERSATION, conversation, this::messagesFrom);
    }

    private static JsonNode json(Explanation explanation) {
        try {
            return new ObjectMapper()
                    .readTree(Json.serde(Explanation.class).serializer().serialize("explanation", explanation));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Continues with what the tables would have. */
    void restart() {
        conversation = again(CONVERSATIONS, conversation);
        progress = again(PROGRESSES, progress);
        messages.replaceAll((index, message) -> again(MESSAGES, message));
    }

    /** The numbers published last, by reservation SID. */
    Map<String, Contribution> published() {
        return published;
    }

    Conversation conversation() {
        return conversation;
    }

    Progress progress() {
        return progress;
    }

    List<Message> messages() {
        return List.copyOf(messages.values());
    }

    private Stream<Message> messagesFrom(long index) {
        return messages.tailMap(index).values().stream();
    }

    private static <T> T again(Serde<T> serde, T value) {
        return serde.deserializer().deserialize("t", serde.serializer().serialize("t", value));
    }
}
