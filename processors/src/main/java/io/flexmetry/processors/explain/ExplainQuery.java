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

/**
 * {@code GET /explain/{TaskSid}}. What is known of the task, of its conversation, of its workers and of its calls may be in other
 * instances. The one that was asked asks them, one after the other; one that is asked by another asks nobody, and says {@code 421} and
 * who has it:
 *
 * <pre>
 * who asks ──▶ instance ─┬─▶ the task's: what is it about?    (?forwarded)
 *                        ├─▶ the conversation's: why?         (?forwarded&amp;conversation=CH…)
 *                        ├─▶ each worker's: looked at when?   (?forwarded&amp;worker=WK…&amp;reservation=WR…)
 *                        └─▶ each call's: sounded how?        (?forwarded&amp;call=CA…)
 * </pre>
 *
 * With {@code standby} an instance may answer by what its standby replica has.
 */
public final class ExplainQuery implements Query {

    /** Where questions begin. */
    public static final String PATH = "/explain/";

    private static final int FOUND = 200;
    private static final int MALFORMED = 400;
    private static final int UNKNOWN = 404;
    private static final int MISDIRECTED = 421;
    private static final int UNAVAILABLE = 503;
    private static final Map<String, String> SOON = Map.of("Retry-After", "2");

    private static final Pattern TASK = Pattern.compile("WT[0-9a-fA-F]{32}");

    private static final Serde<Explanation> EXPLANATIONS = Json.serde(Explanation.class);
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
                    MALFORMED,
                    "Expected " + PATH + " and a task's SID (WT and 32 hexadecimal digits) but found "
                            + Limits.cut(taskSid));
        }
        String query = request.getQuery();
        try {
            return query == null ? explain(taskSid) : answerAnother(taskSid, query);
        } catch (NotNowException e) {
            return notNow(Objects.requireNonNull(e.getMessage()));
        }
    }

    /** By who asks: this instance asks the others. */
    private Answer explain(String taskSid) throws NotNowException {
        Asking asking = new Asking(places, peers, PATH + taskSid);
        Subject subject = asking.ask(Question.ofTask(configuration, taskSid));
        if (subject == null) {
            return unknown(taskSid);
        }
        String conversationSid = subject.conversationSid();
        Explanation explanation = conversationSid == null
                ? ConversationTopology.explainWithoutConversation(configuration, taskSid)
                : known(asking, Question.ofConversation(configuration, taskSid, conversationSid));
        List<ExplainedCall> calls = new ArrayList<>();
        for (ExplainedCall call : subject.calls()) {
            calls.add(
                    call.callSid() == null
                            ? call
                            : call.with(known(asking, Question.ofCall(configuration, call.callSid()))));
        }
        List<FocusInterval> focus = new ArrayList<>();
        for (Map.Entry<String, String> worker : workers(explanation, calls).entrySet()) {
            focus.addAll(known(asking, Question.ofWorker(configuration, worker.getValue(), worker.getKey()))
                    .focus());
        }
        return new Answer(FOUND, write(EXPLANATIONS, explanation.with(focus, calls, asking.lagging())));
    }

    /** Of what is asked only when there is something, if it is only why there are no numbers. */
    private static <T> T known(Asking asking, Question<T> question) throws NotNowException {
        return Objects.requireNonNull(asking.ask(question), question::parameters);
    }

    /** Who has the task's reservations, by their SID: of a call without a conversation only the calls tell it. */
    private static Map<String, String> workers(Explanation explanation, List<ExplainedCall> calls) {
        Map<String, String> workers = new LinkedHashMap<>();
        for (Explained reservation : explanation.reservations()) {
            workers.put(reservation.reservationSid(), reservation.workerSid());
        }
        calls.forEach(call -> workers.put(call.reservationSid(), call.workerSid()));
        return workers;
    }

    /** By another instance: this one says what it has itself. */
    private Answer answerAnother(String taskSid, String query) {
        boolean standby = query.endsWith(Asking.STANDBY);
        Question<?> question = Question.asked(
                configuration, taskSid, standby ? query.substring(0, query.length() - Asking.STANDBY.length()) : query);
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
                            write(PROBLEMS, new Problem("Instance " + there.address() + " has it", there.address())))
                    : notNow("Just now no instance has it");
        } catch (InvalidStateStoreException e) {
            // it went to another instance meanwhile, or comes from there
            return notNow("State moves from one instance to another");
        }
    }

    /** This instance's own, if it has one: it may have become the active one meanwhile. */
    private Place standby(Question<?> question) {
        return places.standbys(question.store(), question.key()).stream()
                .filter(Place.Here.class::isInstance)
                .findFirst()
                .orElseGet(() -> places.find(question.store(), question.key()));
    }

    private Answer unknown(String taskSid) {
        return problem(
                UNKNOWN,
                "Task " + taskSid + " was never seen, or was forgotten "
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
