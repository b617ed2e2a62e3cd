package io.flexmetry.processors.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.explain.ExplainedSound;
import io.flexmetry.contract.explain.Explanation;
import io.flexmetry.contract.explain.Explanation.Part;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.conversation.ConversationTopology;
import io.flexmetry.processors.focus.FocusTopology;
import io.flexmetry.processors.store.Tables;
import io.flexmetry.processors.voice.VoiceTopology;
import java.net.URLEncoder;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/**
 * What the one instance knows that has a key.
 *
 * @param part what of the explanation it is
 * @param store which keeps it
 * @param key by which it is kept
 * @param parameters by which another instance is asked, after {@code ?forwarded}
 * @param serde of the answer
 * @param rule what is read; null where nothing is known of the key
 */
record Question<T>(
        Part part, String store, String key, String parameters, Serde<T> serde, Function<Tables, @Nullable T> rule) {

    private static final Serde<Subject> SUBJECTS = Json.serde(Subject.class);
    private static final Serde<Explanation> EXPLANATIONS = Json.serde(Explanation.class);
    private static final Serde<Looks> LOOKS = Json.serde(Looks.class);
    private static final Serde<ExplainedSound> SOUNDS = Json.serde(ExplainedSound.class);

    private static final Pattern ASKED =
            Pattern.compile("forwarded(?:&conversation=([^&]+)|&worker=([^&]+)&reservation=([^&]+)|&call=([^&]+))?");

    /** What a task is about. */
    static Question<Subject> ofTask(Configuration configuration, String taskSid) {
        return new Question<>(Part.TASK, CaseRouting.TASK_STORE, taskSid, "", SUBJECTS, tables -> {
            CaseRouting.Known known = CaseRouting.find(tables, taskSid);
            return known == null
                    ? null
                    : new Subject(known.conversationSid(), VoiceTopology.explainCalls(tables, configuration, taskSid));
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

    /** When a worker looked at a reservation. */
    static Question<Looks> ofWorker(Configuration configuration, String workerSid, String reservationSid) {
        return new Question<>(
                Part.FOCUS,
                CaseRouting.WORKER_STORE,
                workerSid,
                "&worker=" + escaped(workerSid) + "&reservation=" + escaped(reservationSid),
                LOOKS,
                tables -> new Looks(FocusTopology.explain(tables, configuration, workerSid, reservationSid)));
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

    /** What another instance asks; absent where that is no question. */
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

    /** The answer as it goes out; absent where nothing is known. */
    @Nullable
    String answer(Tables tables) {
        T known = rule.apply(tables);
        return known == null ? null : new String(serde.serializer().serialize(ExplainQuery.PATH, known), UTF_8);
    }

    /** What another instance answered. */
    T read(String json) {
        return serde.deserializer().deserialize(ExplainQuery.PATH, json.getBytes(UTF_8));
    }

    private static String escaped(String parameter) {
        return URLEncoder.encode(parameter, UTF_8).replace("+", "%20");
    }
}
