package io.flexmetry.processors;

import io.flexmetry.processors.timer.Failures;
import io.flexmetry.processors.timer.TimerFailedException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record that cannot be read, processed or serialized as a dead letter, in the same transaction, and continues with the
 * next one. Otherwise one record would stop the application again after each restart. Failures of the environment still stop it.
 */
public final class DeadLetterHandler
        implements DeserializationExceptionHandler, ProcessingExceptionHandler, ProductionExceptionHandler {

    private DeadLetters deadLetters = DeadLetters.in(Map.of());

    @Override
    public void configure(Map<String, ?> configs) {
        deadLetters = DeadLetters.in(configs);
    }

    @Override
    public DeserializationExceptionHandler.Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        String source = record.topic() + "/" + record.partition() + "/" + record.offset();
        return DeserializationExceptionHandler.Response.resume(List.of(deadLetters.letter(
                DeadLetters.Kind.DESERIALIZATION, source, DeadLetters.text(record.key()), record.value(), exception)));
    }

    /** Kafka Streams does not undo a processor's puts before the failure, so processors decide first and put afterwards. */
    @Override
    public ProcessingExceptionHandler.Response handleError(
            ErrorHandlerContext context, @Nullable Record<?, ?> record, Exception exception) {
        if (exception instanceof TimerFailedException failed) {
            return ProcessingExceptionHandler.Response.resume(List.of(
                    deadLetters.letter(DeadLetters.Kind.TIMER, failed.source(), failed.id(), new byte[0], failed)));
        }
        if (record == null || Failures.isOfTheEnvironment(exception)) {
            return ProcessingExceptionHandler.Response.fail();
        }
        return ProcessingExceptionHandler.Response.resume(List.of(deadLetters.letter(
                DeadLetters.Kind.PROCESSING, context, KeyValue.pair(record.key(), record.value()), exception)));
    }

    /** A record that the broker refuses is a failure of the environment. */
    @Override
    public ProductionExceptionHandler.Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        return ProductionExceptionHandler.Response.fail();
    }

    /**
     * Serdes refuse records that are too large. The producer would be too late: if a transactional producer refuses a record, it
     * aborts the transaction, and would abort it again after each restart.
     */
    @Override
    @SuppressWarnings("rawtypes") // the interface has a raw type
    public ProductionExceptionHandler.Response handleSerializationError(
            ErrorHandlerContext context,
            ProducerRecord record,
            Exception exception,
            SerializationExceptionOrigin origin) {
        return ProductionExceptionHandler.Response.resume(List.of(deadLetters.letter(
                DeadLetters.Kind.PRODUCTION, context, KeyValue.pair(record.key(), record.value()), exception)));
    }
}
