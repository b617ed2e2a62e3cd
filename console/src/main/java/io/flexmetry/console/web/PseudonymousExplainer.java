package io.flexmetry.console.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.console.floor.Pseudonyms;
import io.flexmetry.console.web.ConsoleServer.Explainer;
import io.flexmetry.contract.explain.Explanation;
import io.flexmetry.contract.service.Query.Answer;
import io.flexmetry.contract.topic.Json;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the names from the processors' explanations. An explanation that it cannot parse is not passed on, because it
 * may contain names.
 */
public final class PseudonymousExplainer implements Explainer {

    private static final Logger LOG = LoggerFactory.getLogger(PseudonymousExplainer.class);
    private static final Serde<Explanation> EXPLANATIONS = Json.serde(Explanation.class);
    private static final String WHAT = "explain";
    private static final int FOUND = 200;
    private static final int BROKEN = 500;

    private final Explainer named;

    /** Wraps another explainer. */
    public PseudonymousExplainer(Explainer named) {
        this.named = named;
    }

    @Override
    public CompletionStage<Answer> explain(String taskSid) {
        return named.explain(taskSid).thenApply(PseudonymousExplainer::pseudonymous);
    }

    /** Errors contain no names. */
    private static Answer pseudonymous(Answer answer) {
        if (answer.status() != FOUND) {
            return answer;
        }
        try {
            Explanation explanation =
                    EXPLANATIONS.deserializer().deserialize(WHAT, answer.json().getBytes(UTF_8));
            byte[] json = EXPLANATIONS.serializer().serialize(WHAT, Pseudonyms.of(explanation));
            return new Answer(FOUND, new String(json, UTF_8), answer.headers());
        } catch (SerializationException e) {
            LOG.atError().setCause(e).log("Could not parse the processors' explanation");
            return new Answer(
                    BROKEN,
                    "{\"error\":\"Expected an explanation that this version of the console can parse but processors sent"
                            + " another one: it may contain names, which are hidden, so it is not passed on\"}");
        }
    }
}
