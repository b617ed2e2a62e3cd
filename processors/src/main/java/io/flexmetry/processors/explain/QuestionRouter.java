package io.flexmetry.processors.explain;

import io.flexmetry.contract.explain.Explanation.Part;
import io.flexmetry.contract.service.Query.Answer;
import io.flexmetry.processors.store.Place;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the instance that has a key, which may be this one. If it does not answer, or its state is being moved, a standby replica
 * answers, if Kafka Streams keeps one. One router serves one explanation.
 */
final class QuestionRouter {

    /** Added to a question that a standby replica may answer. */
    static final String STANDBY = "&standby";

    private final Place.Finder places;
    private final Peers peers;
    private final String path;
    private final Set<String> unreachable = new HashSet<>();
    private final Set<Part> lagging = EnumSet.noneOf(Part.class);

    /**
     * A router.
     *
     * @param path with the task's SID
     */
    QuestionRouter(Place.Finder places, Peers peers, String path) {
        this.places = places;
        this.peers = peers;
        this.path = path;
    }

    /** The parts that standby replicas answered so far. */
    List<Part> lagging() {
        return List.copyOf(lagging);
    }

    /** Returns the answer; null if the key is unknown. */
    <T> @Nullable T ask(Question<T> question) throws NoAnswerException {
        String problem;
        try {
            Place place = places.find(question.store(), question.key());
            if (place instanceof Place.Here here) {
                return question.rule().apply(here.tables());
            }
            if (place instanceof Place.There there) {
                Optional<Answer> answer = peer(there, question, "");
                int status = answer.map(Answer::status).orElse(0);
                if (status == ExplainQuery.FOUND || status == ExplainQuery.UNKNOWN) {
                    return status == ExplainQuery.FOUND
                            ? question.read(answer.orElseThrow().json())
                            : null;
                }
                problem = "Instance " + there.address()
                        + (answer.isEmpty() ? " does not answer" : " does not have the state at the moment");
            } else {
                problem = ExplainQuery.NOWHERE;
            }
        } catch (InvalidStateStoreException e) {
            problem = ExplainQuery.MOVING;
        } catch (SerializationException e) {
            problem = "Another instance sent an answer that this version cannot read: " + e.getMessage();
        }
        T answer = standby(question);
        if (answer == null) {
            // a standby replica that does not have the key may lag, so the key is not reported as unknown
            throw new NoAnswerException(problem);
        }
        lagging.add(question.part());
        return answer;
    }

    private <T> @Nullable T standby(Question<T> question) {
        try {
            for (Place place : places.standbys(question.store(), question.key())) {
                T answer = place instanceof Place.Here here ? question.rule().apply(here.tables()) : null;
                if (place instanceof Place.There there) {
                    answer = peer(there, question, STANDBY)
                            .filter(response -> response.status() == ExplainQuery.FOUND)
                            .map(response -> question.read(response.json()))
                            .orElse(null);
                }
                if (answer != null) {
                    return answer;
                }
            }
        } catch (InvalidStateStoreException | SerializationException e) {
            // the response has the active instance's problem, which is the cause
            return null;
        }
        return null;
    }

    /** Does not wait twice for an instance that does not answer. */
    private Optional<Answer> peer(Place.There there, Question<?> question, String more) {
        if (unreachable.contains(there.address())) {
            return Optional.empty();
        }
        Optional<Answer> answer = peers.ask(there.address(), path + "?forwarded" + question.parameters() + more);
        if (answer.isEmpty()) {
            unreachable.add(there.address());
        }
        return answer;
    }
}
