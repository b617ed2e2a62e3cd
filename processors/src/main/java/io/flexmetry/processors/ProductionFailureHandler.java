package io.flexmetry.processors;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;

/**
 * Writes a result that cannot be serialized as a dead letter. This must happen before the producer gets the result: if a
 * transactional producer refuses a record, it aborts the transaction, and would abort it again after each restart. So serdes refuse
 * records that are too large. A record that the broker refuses is a failure of the environment and stops the application.
 */
public final class ProductionFailureHandler implements ProductionExceptionHandler {

    private DeadLetters deadLetters = DeadLetters.in(Map.of());

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        return Response.fail();
    }

    @Override
    @SuppressWarnings("rawtypes") // the interface has a raw type
    public Response handleSerializationError(
            ErrorHandlerContext context,
            ProducerRecord record,
            Exception exception,
            SerializationExceptionOrigin origin) {
        return Response.resume(List.of(deadLetters.letter(
                DeadLetters.Kind.PRODUCTION, context, KeyValue.pair(record.key(), record.value()), exception)));
    }

    @Override
    public void configure(Map<String, ?> configs) {
        deadLetters = DeadLetters.in(configs);
    }
}
