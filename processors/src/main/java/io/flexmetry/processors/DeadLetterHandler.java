package io.flexmetry.processors;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;

/** Writes a record that cannot be deserialized as a dead letter, in the same transaction, and continues with the next one. */
public final class DeadLetterHandler implements DeserializationExceptionHandler {

    private DeadLetters deadLetters = DeadLetters.in(Map.of());

    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        String source = record.topic() + "/" + record.partition() + "/" + record.offset();
        return Response.resume(List.of(deadLetters.letter(
                DeadLetters.Kind.DESERIALIZATION, source, DeadLetters.text(record.key()), record.value(), exception)));
    }

    @Override
    public void configure(Map<String, ?> configs) {
        deadLetters = DeadLetters.in(configs);
    }
}
