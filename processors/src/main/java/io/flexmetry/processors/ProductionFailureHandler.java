package io.flexmetry.processors;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;

/**
 * What a rule made but no topic takes becomes a dead letter. That must be found before the producer has it: one that a
 * transactional producer refuses aborts its transaction, and would do so again after each restart. So serdes refuse records that
 * are too large, and what the broker refuses nevertheless is a matter of the environment and ends the application.
 */
public final class ProductionFailureHandler implements ProductionExceptionHandler {

    private DeadLetters deadLetters = DeadLetters.in(Map.of());

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        return Response.fail();
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public Response handleSerializationError(
            ErrorHandlerContext context,
            ProducerRecord record,
            Exception exception,
            SerializationExceptionOrigin origin) {
        if (context.topic() == null) {
            return Response.resume(List.of(deadLetters.letter(
                    DeadLetters.Kind.PRODUCTION,
                    "timer/" + context.processorNodeId(),
                    String.valueOf(record.key()),
                    String.valueOf(record.value()).getBytes(UTF_8),
                    exception)));
        }
        return Response.resume(List.of(deadLetters.letter(DeadLetters.Kind.PRODUCTION, context, exception)));
    }

    @Override
    public void configure(Map<String, ?> configs) {
        deadLetters = DeadLetters.in(configs);
    }
}
