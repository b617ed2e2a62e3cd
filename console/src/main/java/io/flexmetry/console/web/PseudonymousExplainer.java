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

/** Passes on what processors explain, without the names in it. What it does not understand it keeps to itself, because a name may be there. */
public final class NamelessExplainer implements Explainer {

    private static final Logger LOG = LoggerFactory.getLogger(NamelessExplainer.class);
    private static final Serde<Explanation> EXPLANATIONS = Json.serde(Explanation.class);
    private static final String WHAT = "explain";
    private static final int FOUND = 200;
    private static final int BROKEN = 500;

    private final Explainer named;

    /** The same explanations as that one's. */
    public NamelessExplainer(Explainer named) {
        this.named = named;
    }

    @Override
    public CompletionStage<Answer> explain(String taskSid) {
        return named.explain(taskSid).thenApply(NamelessExplainer::nameless);
    }

    /** Errors are about tasks and instances. */
    private static Answer nameless(Answer answer) {
        if (answer.status() != FOUND) {
            return answer;
        }
        try {
            Explanation explanation =
                    EXPLANATIONS.deserializer().deserialize(WHAT, answer.json().getBytes(UTF_8));
            byte[] json = EXPLANATIONS.serializer().serialize(WHAT, Pseudonyms.of(explanation));
            return new Answer(FOUND, new String(json, UTF_8), answer.headers());
        } catch (SerializationException e) {
            LOG.atError().setCause(e).log("Could not read what processors explain");
            return new Answer(
                    BROKEN,
                    "{\"error\":\"Expected an explanation as this version of the console has it but processors answer another one: names are"
                            + " hidden, so it is not passed on\"}");
        }
    }
}
