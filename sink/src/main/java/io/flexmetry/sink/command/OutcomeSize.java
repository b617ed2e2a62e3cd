package io.flexmetry.sink.command;

import io.flexmetry.contract.topic.Topic;
import java.util.function.Function;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An outcome that Kafka would not take must not end the process: it would be made again after each start. */
final class OutcomeSize {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeSize.class);

    private OutcomeSize() {}

    /**
     * The result, or a refusal that says why its outcome is no record.
     *
     * @param outcome makes the outcome of a result
     * @param refused makes a result of a reason
     */
    static <R, V> R fitting(Topic<String, V> topic, Function<R, V> outcome, R result, Function<String, R> refused) {
        try {
            topic.valueSerde().serializer().serialize(topic.name(), outcome.apply(result));
            return result;
        } catch (SerializationException e) {
            LOG.atError().setCause(e).log("What was done cannot be told and is refused");
            return refused.apply(String.valueOf(e.getMessage()));
        }
    }
}
