package io.flexmetry.processors.timer;

import java.io.UncheckedIOException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.StreamsException;

/** Tells whose fault a failure is. */
public final class Failures {

    private Failures() {}

    /**
     * Whether it comes from broker, disk or Kafka Streams and not from a rule that cannot cope with a record: trying again
     * after a restart may help, going on with the next record would lose one.
     */
    public static boolean isOfTheEnvironment(Exception failure) {
        if (failure instanceof SerializationException) {
            return false;
        }
        if (failure instanceof StreamsException && failure.getCause() instanceof ClassCastException) {
            // so Streams calls any wrong cast in a processor
            return false;
        }
        return failure instanceof KafkaException || failure instanceof UncheckedIOException;
    }
}
