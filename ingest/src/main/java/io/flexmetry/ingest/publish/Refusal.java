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
 * Errors that are permanent for this record, or for every record of this topic: retries are useless until the cluster is changed. All other
 * errors are temporary: timeouts, disconnections, too few replicas, wrong credentials of the client, and errors of other records in the
 * same batch.
 */
final class Refusal {

    private static final List<Class<? extends Exception>> PERMANENT = List.of(
            RecordTooLargeException.class,
            RecordBatchTooLargeException.class,
            InvalidRecordException.class,
            InvalidTimestampException.class,
            UnsupportedForMessageFormatException.class,
            InvalidTopicException.class,
            TopicAuthorizationException.class);

    private Refusal() {}

    static boolean isPermanent(Throwable failure) {
        return PERMANENT.stream().anyMatch(type -> type.isInstance(failure));
    }

    /** Such as {@code TopicAuthorizationException: Not authorized to access topics: […]}. */
    static String reason(Throwable failure) {
        return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }
}
