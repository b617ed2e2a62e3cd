package io.flexmetry.processors;

import io.flexmetry.processors.timer.Failures;
import io.flexmetry.processors.timer.TimerFailedException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record that a rule fails on as a dead letter, in the same transaction, and continues with the next one. Otherwise one
 * record would stop the application again after each restart. Failures of the environment still stop it.
 *
 * <p>Kafka Streams does not undo a processor's puts before the failure, so processors decide first and put afterwards.
 */
public final class ProcessingFailureHandler implements ProcessingExceptionHandler {

    private DeadLetters deadLetters = DeadLetters.in(Map.of());

    @Override
    public Response handleError(ErrorHandlerContext context, @Nullable Record<?, ?> record, Exception exception) {
        if (exception instanceof TimerFailedException failed) {
            return Response.resume(List.of(
                    deadLetters.letter(DeadLetters.Kind.TIMER, failed.source(), failed.id(), new byte[0], failed)));
        }
        if (record == null || Failures.isOfTheEnvironment(exception)) {
            return Response.fail();
        }
        return Response.resume(List.of(deadLetters.letter(
                DeadLetters.Kind.PROCESSING, context, KeyValue.pair(record.key(), record.value()), exception)));
    }

    @Override
    public void configure(Map<String, ?> configs) {
        deadLetters = DeadLetters.in(configs);
    }
}
