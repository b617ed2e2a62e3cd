package io.flexmetry.processors.timer;

import java.io.UncheckedIOException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.StreamsException;

/** Tells failures of the environment from failures of a rule. */
public final class Failures {

    private Failures() {}

    /**
     * Whether a failure comes from the broker, the disk or Kafka Streams and not from a rule that cannot process a record. A
     * retry after a restart may succeed; continuing with the next record would lose one.
     */
    public static boolean isOfTheEnvironment(Exception failure) {
        if (failure instanceof SerializationException) {
            return false;
        }
        if (failure instanceof StreamsException && failure.getCause() instanceof ClassCastException) {
            // Streams wraps every ClassCastException of a processor
            return false;
        }
        return failure instanceof KafkaException || failure instanceof UncheckedIOException;
    }
}
