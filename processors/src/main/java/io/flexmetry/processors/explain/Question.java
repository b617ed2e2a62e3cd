package io.flexmetry.processors.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.explain.ExplainedCall;
import io.flexmetry.contract.explain.ExplainedSound;
import io.flexmetry.contract.explain.Explanation;
import io.flexmetry.contract.explain.Explanation.Part;
import io.flexmetry.contract.explain.FocusInterval;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.conversation.ConversationTopology;
import io.flexmetry.processors.focus.FocusTopology;
import io.flexmetry.processors.store.Tables;
import io.flexmetry.processors.voice.VoiceTopology;
import java.net.URLEncoder;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/**
 * A question about one key, which the instance that has the key can answer.
 *
 * @param part of the explanation that the answer fills
 * @param store that has the key
 * @param key in the store
 * @param parameters of the request to another instance, after {@code ?forwarded}
 * @param serde of the answer
 * @param rule reads the answer from the tables; null if they do not have the key
 */
record Question<T>(
        Part part, String store, String key, String parameters, Serde<T> serde, Function<Tables, @Nullable T> rule) {

    private static final Serde<TaskAnswer> TASK_ANSWERS = Json.serde(TaskAnswer.class);
    private static final Serde<Explanation> EXPLANATIONS = Json.serde(Explanation.class);
    private static final Serde<FocusAnswer> FOCUS_ANSWERS = Json.serde(FocusAnswer.class);
    private static final Serde<ExplainedSound> SOUNDS = Json.serde(ExplainedSound.class);

    private static final Pattern ASKED =
            Pattern.compile("forwarded(?:&conversation=([^&]+)|&worker=([^&]+)&reservation=([^&]+)|&call=([^&]+))?");

    /**
     * Conversation and calls of a task.
     *
     * @param conversationSid CH…; absent if no event named one
     * @param calls and the agents they belong to, without their quality
     */
    record TaskAnswer(@Nullable String conversationSid, List<ExplainedCall> calls) {}

    /** When a worker had a reservation on screen. */
    record FocusAnswer(List<FocusInterval> focus) {}

    /** Conversation and calls of a task. */
    static Question<TaskAnswer> ofTask(Configuration configuration, String taskSid) {
        return new Question<>(Part.TASK, CaseRouting.TASK_STORE, taskSid, "", TASK_ANSWERS, tables -> {
            CaseRouting.Known known = CaseRouting.find(tables, taskSid);
            return known == null
                    ? null
                    : new TaskAnswer(
                            known.conversationSid(), VoiceTopology.explainCalls(tables, configuration, taskSid));
        });
    }

    /** Why the message metrics are what they are. */
    static Question<Explanation> ofConversation(Configuration configuration, String taskSid, String conversationSid) {
        return new Question<>(
                Part.CONVERSATION,
                CaseRouting.CASE_STORE,
                conversationSid,
                "&conversation=" + escaped(conversationSid),
                EXPLANATIONS,
                tables -> ConversationTopology.explain(tables, configuration, taskSid, conversationSid));
    }

    /** When a worker had a reservation on screen. */
    static Question<FocusAnswer> ofWorker(Configuration configuration, String workerSid, String reservationSid) {
        return new Question<>(
                Part.FOCUS,
                CaseRouting.WORKER_STORE,
                workerSid,
                "&worker=" + escaped(workerSid) + "&reservation=" + escaped(reservationSid),
                FOCUS_ANSWERS,
                tables -> new FocusAnswer(FocusTopology.explain(tables, configuration, workerSid, reservationSid)));
    }

    /** How a call sounded. */
    static Question<ExplainedSound> ofCall(Configuration configuration, String callSid) {
        return new Question<>(
                Part.CALLS,
                VoiceTopology.STORE,
                callSid,
                "&call=" + escaped(callSid),
                SOUNDS,
                tables -> VoiceTopology.explainSound(tables, configuration, callSid));
    }

    /** Parses another instance's parameters; absent if they are not valid. */
    static @Nullable Question<?> asked(Configuration configuration, String taskSid, String query) {
        Matcher asked = ASKED.matcher(query);
        if (!asked.matches()
                || !IntStream.rangeClosed(1, asked.groupCount())
                        .mapToObj(asked::group)
                        .allMatch(sid -> sid == null || Limits.isSid(sid))) {
            return null;
        }
        if (asked.group(1) != null) {
            return ofConversation(configuration, taskSid, asked.group(1));
        }
        if (asked.group(2) != null) {
            return ofWorker(configuration, asked.group(2), asked.group(3));
        }
        return asked.group(4) != null ? ofCall(configuration, asked.group(4)) : ofTask(configuration, taskSid);
    }

    /** The answer as JSON; absent if the tables do not have the key. */
    @Nullable
    String answer(Tables tables) {
        T known = rule.apply(tables);
        return known == null ? null : new String(serde.serializer().serialize(ExplainQuery.PATH, known), UTF_8);
    }

    /** Parses another instance's answer. */
    T read(String json) {
        return serde.deserializer().deserialize(ExplainQuery.PATH, json.getBytes(UTF_8));
    }

    private static String escaped(String parameter) {
        return URLEncoder.encode(parameter, UTF_8).replace("+", "%20");
    }
}
