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
 * The questions for one explanation. The instance is asked that has the key, be it this one. If that does not answer, or the state is on
 * its way, a standby replica is asked, where Kafka Streams keeps any.
 */
final class Asking {

    /** Put to a question that a standby replica may answer. */
    static final String STANDBY = "&standby";

    private static final int FOUND = 200;
    private static final int UNKNOWN = 404;

    private final Place.Finder places;
    private final Peers peers;
    private final String path;
    private final Set<String> silent = new HashSet<>();
    private final Set<Part> lagging = EnumSet.noneOf(Part.class);

    /**
     * None is asked yet.
     *
     * @param path with the task's SID
     */
    Asking(Place.Finder places, Peers peers, String path) {
        this.places = places;
        this.peers = peers;
        this.path = path;
    }

    /** What standby replicas told so far. */
    List<Part> lagging() {
        return List.copyOf(lagging);
    }

    /** What is known; null where there is nothing. */
    <T> @Nullable T ask(Question<T> question) throws NotNowException {
        String problem;
        try {
            Place place = places.find(question.store(), question.key());
            if (place instanceof Place.Here here) {
                return question.rule().apply(here.tables());
            }
            if (place instanceof Place.There there) {
                Optional<Answer> answer = peer(there, question, "");
                int status = answer.map(Answer::status).orElse(0);
                if (status == FOUND || status == UNKNOWN) {
                    return status == FOUND ? question.read(answer.orElseThrow().json()) : null;
                }
                problem = "Instance " + there.address()
                        + (answer.isEmpty() ? " does not answer" : " does not have it just now");
            } else {
                problem = "Just now no instance has it";
            }
        } catch (InvalidStateStoreException e) {
            // it went to another instance meanwhile, or comes from there
            problem = "State moves from one instance to another";
        } catch (SerializationException e) {
            problem = "Another instance says what this one does not understand: " + e.getMessage();
        }
        T told = standby(question);
        if (told == null) {
            // a standby that knows nothing may be behind: it does not say that there is nothing
            throw new NotNowException(problem);
        }
        lagging.add(question.part());
        return told;
    }

    private <T> @Nullable T standby(Question<T> question) {
        try {
            for (Place place : places.standbys(question.store(), question.key())) {
                T told = null;
                if (place instanceof Place.Here here) {
                    told = question.rule().apply(here.tables());
                } else if (place instanceof Place.There there) {
                    told = peer(there, question, STANDBY)
                            .filter(answer -> answer.status() == FOUND)
                            .map(answer -> question.read(answer.json()))
                            .orElse(null);
                }
                if (told != null) {
                    return told;
                }
            }
        } catch (InvalidStateStoreException | SerializationException e) {
            // whoever asked hears why the active instance did not answer
            return null;
        }
        return null;
    }

    /** Who has not answered is not waited for once more. */
    private Optional<Answer> peer(Place.There there, Question<?> question, String more) {
        if (silent.contains(there.address())) {
            return Optional.empty();
        }
        Optional<Answer> answer = peers.ask(there.address(), path + "?forwarded" + question.parameters() + more);
        if (answer.isEmpty()) {
            silent.add(there.address());
        }
        return answer;
    }
}
