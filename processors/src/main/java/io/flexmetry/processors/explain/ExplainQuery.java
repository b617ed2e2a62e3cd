package io.flexmetry.processors.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.explain.Explained;
import io.flexmetry.contract.explain.Explanation;
import io.flexmetry.contract.explain.FocusInterval;
import io.flexmetry.contract.service.Query;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.conversation.ConversationTopology;
import io.flexmetry.processors.focus.FocusTopology;
import io.flexmetry.processors.store.Place;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /explain/{TaskSid}}. What is known of the task, of its conversation and of its workers may be in other instances. The
 * one that was asked asks them, one after the other; one that is asked by another asks nobody, and says {@code 421} and what it knows:
 *
 * <pre>
 * who asks ──▶ instance ─┬─▶ the task's: which conversation?  (?forwarded)
 *                        ├─▶ the conversation's: why?         (?forwarded&amp;conversation=CH…)
 *                        └─▶ each worker's: looked at when?   (?forwarded&amp;worker=WK…&amp;reservation=WR…)
 * </pre>
 */
public final class ExplainQuery implements Query {

    /** Where questions begin. */
    public static final String PATH = "/explain/";

    private static final int FOUND = 200;
    private static final int MISDIRECTED = 421;
    private static final int UNAVAILABLE = 503;
    private static final Map<String, String> SOON = Map.of("Retry-After", "2");

    private static final Pattern TASK = Pattern.compile("WT[0-9a-fA-F]{32}");
    private static final Pattern FORWARDED =
            Pattern.compile("forwarded(?:&conversation=([^&]+)|&worker=([^&]+)&reservation=([^&]+))?");

    private static final Serde<Explanation> EXPLANATIONS = Json.serde(Explanation.class);
    private static final Serde<Looks> LOOKS = Json.serde(Looks.class);
    private static final Serde<Problem> PROBLEMS = Json.serde(Problem.class);

    private final Place.Finder places;
    private final Configuration configuration;
    private final Peers peers = new Peers();

    /** Answers by the stores that are found. */
    public ExplainQuery(Place.Finder places, Configuration configuration) {
        this.places = places;
        this.configuration = configuration;
    }

    @Override
    public Answer answer(URI request) {
        String taskSid = request.getRawPath().substring(PATH.length());
        if (!TASK.matcher(taskSid).matches()) {
            return problem(
                    400,
                    "Expected " + PATH + " and a task's SID (WT and 32 hexadecimal digits) but found "
                            + Limits.cut(taskSid));
        }
        String query = request.getQuery();
        Matcher forwarded = FORWARDED.matcher(query == null ? "" : query);
        if (query != null && !isAskedByAnother(forwarded)) {
            return problem(400, "Expected no parameters but found " + Limits.cut(query));
        }
        try {
            if (query == null) {
                return withFocus(taskSid, asked(taskSid));
            }
            if (forwarded.group(2) != null) {
                return ofWorker(forwarded.group(2), forwarded.group(3));
            }
            String conversationSid = forwarded.group(1);
            return conversationSid == null ? ofTask(taskSid) : ofConversation(taskSid, conversationSid);
        } catch (InvalidStateStoreException e) {
            // it went to another instance meanwhile, or comes from there
            return notNow("State moves from one instance to another");
        }
    }

    private static boolean isAskedByAnother(Matcher forwarded) {
        return forwarded.matches()
                && IntStream.rangeClosed(1, forwarded.groupCount())
                        .mapToObj(forwarded::group)
                        .allMatch(sid -> sid == null || Limits.isSid(sid));
    }

    /** By who asks: this instance asks the others. */
    private Answer asked(String taskSid) {
        Answer ofTask = followed(taskSid, ofTask(taskSid), "");
        String conversationSid = conversationSid(ofTask);
        if (conversationSid == null) {
            return ofTask.status() == MISDIRECTED ? notNow("The task's state moves to another instance") : ofTask;
        }
        Answer ofConversation = ofConversation(taskSid, conversationSid);
        Answer answer = followed(taskSid, ofConversation, "&conversation=" + escaped(conversationSid));
        return answer.status() == MISDIRECTED ? notNow("The conversation's state moves to another instance") : answer;
    }

    /** With what the workers' instances know. */
    private Answer withFocus(String taskSid, Answer answer) {
        if (answer.status() != FOUND) {
            return answer;
        }
        Explanation explanation = Objects.requireNonNull(read(EXPLANATIONS, answer));
        List<FocusInterval> focus = new ArrayList<>();
        for (Explained reservation : explanation.reservations()) {
            String workerSid = reservation.workerSid();
            String reservationSid = reservation.reservationSid();
            Answer looks = followed(
                    taskSid,
                    ofWorker(workerSid, reservationSid),
                    "&worker=" + escaped(workerSid) + "&reservation=" + escaped(reservationSid));
            if (looks.status() != FOUND) {
                return looks.status() == MISDIRECTED ? notNow("A worker's state moves to another instance") : looks;
            }
            focus.addAll(Objects.requireNonNull(read(LOOKS, looks)).focus());
        }
        return found(explanation.withFocus(focus));
    }

    /** The answer of the instance that has the task, where this one only knows which that is. */
    private Answer followed(String taskSid, Answer own, String more) {
        Problem problem = own.status() == MISDIRECTED ? read(own) : null;
        if (problem == null || problem.host() == null || (more.isEmpty() && problem.conversationSid() != null)) {
            return own;
        }
        return peers.ask(problem.host(), PATH + taskSid + "?forwarded" + more)
                .map(answer -> answer.status() == UNAVAILABLE ? new Answer(UNAVAILABLE, answer.json(), SOON) : answer)
                .orElseGet(() -> notNow("Instance " + problem.host() + " does not answer"));
    }

    private static String escaped(String parameter) {
        return URLEncoder.encode(parameter, UTF_8).replace("+", "%20");
    }

    private static @Nullable String conversationSid(Answer answer) {
        Problem problem = answer.status() == MISDIRECTED ? read(answer) : null;
        return problem == null ? null : problem.conversationSid();
    }

    private Answer ofTask(String taskSid) {
        Place place = places.find(CaseRouting.TASK_STORE, taskSid);
        if (!(place instanceof Place.Here here)) {
            return elsewhere(place, null);
        }
        CaseRouting.Known known = CaseRouting.find(here.tables(), taskSid);
        if (known == null) {
            return problem(
                    404,
                    "Task " + taskSid + " was never seen, or was forgotten "
                            + configuration.retention().toDays() + " days after its end");
        }
        String conversationSid = known.conversationSid();
        return conversationSid == null
                ? found(ConversationTopology.explainWithoutConversation(configuration, taskSid))
                : ofConversation(taskSid, conversationSid);
    }

    private Answer ofConversation(String taskSid, String conversationSid) {
        Place place = places.find(CaseRouting.CASE_STORE, conversationSid);
        return place instanceof Place.Here here
                ? found(ConversationTopology.explain(here.tables(), configuration, taskSid, conversationSid))
                : elsewhere(place, conversationSid);
    }

    private Answer ofWorker(String workerSid, String reservationSid) {
        Place place = places.find(CaseRouting.WORKER_STORE, workerSid);
        return place instanceof Place.Here here
                ? new Answer(
                        FOUND,
                        write(
                                LOOKS,
                                new Looks(FocusTopology.explain(
                                        here.tables(), configuration, workerSid, reservationSid))))
                : elsewhere(place, null);
    }

    private static Answer elsewhere(Place place, @Nullable String conversationSid) {
        if (place instanceof Place.There there) {
            String host = there.host() + ":" + there.port();
            String error = "Instance " + host + " has it";
            return new Answer(MISDIRECTED, write(PROBLEMS, new Problem(error, host, conversationSid)));
        }
        return notNow("Just now no instance has it");
    }

    private static Answer found(Explanation explanation) {
        return new Answer(FOUND, write(EXPLANATIONS, explanation));
    }

    private static Answer notNow(String error) {
        return new Answer(UNAVAILABLE, write(PROBLEMS, new Problem(error, null, null)), SOON);
    }

    private static Answer problem(int status, String error) {
        return new Answer(status, write(PROBLEMS, new Problem(error, null, null)));
    }

    private static @Nullable Problem read(Answer answer) {
        return read(PROBLEMS, answer);
    }

    private static <T> @Nullable T read(Serde<T> serde, Answer answer) {
        try {
            return serde.deserializer().deserialize(PATH, answer.json().getBytes(UTF_8));
        } catch (SerializationException e) {
            return null;
        }
    }

    private static <T> String write(Serde<T> serde, T value) {
        return new String(serde.serializer().serialize(PATH, value), UTF_8);
    }
}
