package io.flexmetry.sink.command;

import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.util.function.Function;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An outcome that Kafka would not take must not end the process: it would be made again after each start. */
final class OutcomeSize {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeSize.class);

    /** For the key and what Kafka puts around a record. */
    private static final int FRAME_BYTES = 64 << 10;

    private static final int MOST_BYTES = Topics.MOST_RECORD_BYTES - FRAME_BYTES;

    private OutcomeSize() {}

    /**
     * The result, or a refusal that says why its outcome is no record.
     *
     * @param outcome makes the outcome of a result
     * @param refused makes a result of a reason
     */
    static <R, V> R fitting(Topic<String, V> topic, Function<R, V> outcome, R result, Function<String, R> refused) {
        try {
            int bytes = topic.valueSerde().serializer().serialize(topic.name(), outcome.apply(result)).length;
            if (bytes <= MOST_BYTES) {
                return result;
            }
            return refuse(refused, "Expected an outcome of at most " + MOST_BYTES + " bytes but it has " + bytes);
        } catch (SerializationException e) {
            return refuse(refused, String.valueOf(e.getMessage()));
        }
    }

    private static <R> R refuse(Function<String, R> refused, String reason) {
        LOG.atError().addKeyValue("error", reason).log("What was done cannot be told and is refused");
        return refused.apply(reason);
    }
}
