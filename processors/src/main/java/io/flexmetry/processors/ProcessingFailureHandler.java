package io.flexmetry.processors;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.processors.timer.Failures;
import io.flexmetry.processors.timer.TimerFailedException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * A record that a rule cannot digest becomes a dead letter, in the same transaction, and the next one is processed. Otherwise
 * one record would end the application again after each restart. What is a matter of the environment still ends it.
 *
 * <p>Kafka Streams does not undo what a processor had put into its stores before it failed, so processors decide first and
 * put afterwards.
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
        return Response.resume(List.of(letter(context, record, exception)));
    }

    private ProducerRecord<byte[], byte[]> letter(
            ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        if (context.topic() == null) {
            // a timer's result, which came from no topic
            return deadLetters.letter(
                    DeadLetters.Kind.PROCESSING,
                    "timer/" + context.processorNodeId(),
                    String.valueOf(record.key()),
                    String.valueOf(record.value()).getBytes(UTF_8),
                    exception);
        }
        return deadLetters.letter(DeadLetters.Kind.PROCESSING, context, exception);
    }

    @Override
    public void configure(Map<String, ?> configs) {
        deadLetters = DeadLetters.in(configs);
    }
}
