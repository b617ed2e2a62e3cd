package io.flexmetry.processors.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.explain.Explained;
import io.flexmetry.contract.explain.ExplainedCall;
import io.flexmetry.contract.explain.Explanation;
import io.flexmetry.contract.explain.FocusInterval;
import io.flexmetry.contract.service.Query;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.processors.conversation.ConversationTopology;
import io.flexmetry.processors.store.Place;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /explain/{TaskSid}}. The state of a task, its conversation, workers and calls may be in several instances. The instance
 * that receives the request asks the others, one after the other. An instance asked by another one answers from its own state only,
 * or with {@code 421} and the address of the instance that has the key:
 *
 * <pre>
 * client ──▶ instance ─┬─▶ of the task: conversation and calls?     (?forwarded)
 *                      ├─▶ of the conversation: message metrics?    (?forwarded&amp;conversation=CH…)
 *                      ├─▶ of each worker: focus intervals?         (?forwarded&amp;worker=WK…&amp;reservation=WR…)
 *                      └─▶ of each call: quality?                   (?forwarded&amp;call=CA…)
 * </pre>
 *
 * With {@code standby} an instance may answer from its standby replica.
 */
public final class ExplainQuery implements Query {

    /** Path of all requests. */
    public static final String PATH = "/explain/";

    static final int FOUND = 200;
    static final int UNKNOWN = 404;
    private static final int MALFORMED = 400;
    private static final int MISDIRECTED = 421;
    private static final int UNAVAILABLE = 503;
    static final String NOWHERE = "No instance has the state at the moment";
    static final String MOVING = "The state is moving to another instance";

    private static final Map<String, String> SOON = Map.of("Retry-After", "2");

    private static final Pattern TASK = Pattern.compile("WT[0-9a-fA-F]{32}");

    private static final Serde<Explanation> EXPLANATIONS = Json.serde(Explanation.class);
    private static final Serde<Problem> PROBLEMS = Json.serde(Problem.class);

    /**
     * An error response.
     *
     * @param error message for a person
     * @param host host and port of the instance that has the key; absent if unknown
     */
    record Problem(String error, @Nullable String host) {}

    private final Place.Finder places;
    private final Configuration configuration;
    private final Peers peers = new Peers();

    /**
     * A query.
     *
     * @param places finds the instance that has a key
     */
    public ExplainQuery(Place.Finder places, Configuration configuration) {
        this.places = places;
        this.configuration = configuration;
    }

    @Override
    public Answer answer(URI request) {
        String taskSid = request.getRawPath().substring(PATH.length());
        if (!TASK.matcher(taskSid).matches()) {
            return problem(
                    MALFORMED,
                    "Expected " + PATH + " and a task's SID (WT and 32 hexadecimal digits) but found "
                            + Limits.cut(taskSid));
        }
        String query = request.getQuery();
        try {
            return query == null ? explain(taskSid) : answerAnother(taskSid, query);
        } catch (NoAnswerException e) {
            return notNow(Objects.requireNonNull(e.getMessage()));
        }
    }

    /** Answers a client, with the help of the other instances. */
    private Answer explain(String taskSid) throws NoAnswerException {
        QuestionRouter router = new QuestionRouter(places, peers, PATH + taskSid);
        Question.TaskAnswer task = router.ask(Question.ofTask(configuration, taskSid));
        if (task == null) {
            return unknown(taskSid);
        }
        String conversationSid = task.conversationSid();
        Explanation explanation = conversationSid == null
                ? ConversationTopology.explainWithoutConversation(configuration, taskSid)
                : known(router, Question.ofConversation(configuration, taskSid, conversationSid));
        List<ExplainedCall> calls = new ArrayList<>();
        for (ExplainedCall call : task.calls()) {
            calls.add(
                    call.callSid() == null
                            ? call
                            : call.with(known(router, Question.ofCall(configuration, call.callSid()))));
        }
        List<FocusInterval> focus = new ArrayList<>();
        for (Map.Entry<String, String> worker : workers(explanation, calls).entrySet()) {
            focus.addAll(known(router, Question.ofWorker(configuration, worker.getValue(), worker.getKey()))
                    .focus());
        }
        return new Answer(FOUND, write(EXPLANATIONS, explanation.with(focus, calls, router.lagging())));
    }

    /** Questions other than the task's always have an answer, if only why there are no numbers. */
    private static <T> T known(QuestionRouter router, Question<T> question) throws NoAnswerException {
        return Objects.requireNonNull(router.ask(question), question::parameters);
    }

    /** Workers by reservation SID. A task without a conversation has them in its calls only. */
    private static Map<String, String> workers(Explanation explanation, List<ExplainedCall> calls) {
        Map<String, String> workers = new LinkedHashMap<>();
        for (Explained reservation : explanation.reservations()) {
            workers.put(reservation.reservationSid(), reservation.workerSid());
        }
        calls.forEach(call -> workers.put(call.reservationSid(), call.workerSid()));
        return workers;
    }

    /** Answers another instance, from this instance's own state. */
    private Answer answerAnother(String taskSid, String query) {
        boolean standby = query.endsWith(QuestionRouter.STANDBY);
        Question<?> question = Question.asked(
                configuration,
                taskSid,
                standby ? query.substring(0, query.length() - QuestionRouter.STANDBY.length()) : query);
        if (question == null) {
            return problem(MALFORMED, "Expected no parameters but found " + Limits.cut(query));
        }
        try {
            Place place = standby ? standby(question) : places.find(question.store(), question.key());
            if (place instanceof Place.Here here) {
                String known = question.answer(here.tables());
                return known == null ? unknown(taskSid) : new Answer(FOUND, known);
            }
            return place instanceof Place.There there
                    ? new Answer(
                            MISDIRECTED,
                            write(
                                    PROBLEMS,
                                    new Problem("Instance " + there.address() + " has the state", there.address())))
                    : notNow(NOWHERE);
        } catch (InvalidStateStoreException e) {
            return notNow(MOVING);
        }
    }

    /** This instance's standby replica; if it has none, it may have become the active instance. */
    private Place standby(Question<?> question) {
        return places.standbys(question.store(), question.key()).stream()
                .filter(Place.Here.class::isInstance)
                .findFirst()
                .orElseGet(() -> places.find(question.store(), question.key()));
    }

    private Answer unknown(String taskSid) {
        return problem(
                UNKNOWN,
                "Task " + taskSid + " is unknown, or its state was deleted "
                        + configuration.retention().toDays() + " days after its end");
    }

    private static Answer notNow(String error) {
        return new Answer(UNAVAILABLE, write(PROBLEMS, new Problem(error, null)), SOON);
    }

    private static Answer problem(int status, String error) {
        return new Answer(status, write(PROBLEMS, new Problem(error, null)));
    }

    private static <T> String write(Serde<T> serde, T value) {
        return new String(serde.serializer().serialize(PATH, value), UTF_8);
    }
}
