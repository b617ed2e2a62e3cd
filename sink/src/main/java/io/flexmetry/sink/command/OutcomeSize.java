package io.flexmetry.sink.command;

import io.flexmetry.contract.topic.Topic;
import java.util.function.Function;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces outcomes that are too large for Kafka by a refusal. Failing would not help: the same outcome would be made
 * again after each restart.
 */
final class OutcomeSize {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeSize.class);

    private OutcomeSize() {}

    /**
     * The result, or a refusal if the outcome cannot be serialized.
     *
     * @param outcome makes the outcome of a result
     * @param refused makes a refusal with the given reason
     */
    static <R, V> R fitting(Topic<String, V> topic, Function<R, V> outcome, R result, Function<String, R> refused) {
        try {
            topic.valueSerde().serializer().serialize(topic.name(), outcome.apply(result));
            return result;
        } catch (SerializationException e) {
            LOG.atError().setCause(e).log("The outcome cannot be serialized and is replaced by a refusal");
            return refused.apply(String.valueOf(e.getMessage()));
        }
    }
}
