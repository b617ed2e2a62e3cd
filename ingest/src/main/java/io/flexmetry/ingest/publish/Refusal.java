package io.flexmetry.ingest.publish;

import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;

/**
 * What Kafka refuses for good: this record, or every record of this topic. Trying again changes nothing until somebody
 * changes the cluster. Everything else is a matter of the environment, and waits: time-outs, disconnections, too few
 * replicas, wrong credentials of the whole client, and the neighbours of an invalid record in its batch.
 */
final class Refusal {

    private static final List<Class<? extends Exception>> FOR_GOOD = List.of(
            RecordTooLargeException.class,
            RecordBatchTooLargeException.class,
            InvalidRecordException.class,
            InvalidTimestampException.class,
            UnsupportedForMessageFormatException.class,
            InvalidTopicException.class,
            TopicAuthorizationException.class);

    private Refusal() {}

    static boolean isForGood(Throwable failure) {
        return FOR_GOOD.stream().anyMatch(type -> type.isInstance(failure));
    }

    /** Such as {@code TopicAuthorizationException: Not authorized to access topics: […]}. */
    static String reason(Throwable failure) {
        return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }
}
