package io.flexmetry.benchmarks.flink;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.topic.Topics;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Parses events with Flexmetry's code, and keeps the fields that the job needs. */
final class ChatEventReader implements KafkaRecordDeserializationSchema<ChatEvent> {

    private static final long serialVersionUID = 1L;

    // both topics contain events
    private static final Deserializer<Event> JSON =
            Topics.CONVERSATION_EVENTS.valueSerde().deserializer();

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<ChatEvent> out) {
        Event event = JSON.deserialize(record.topic(), record.value());
        long at = event.occurredAt().toEpochMilli();
        if (event.fact() instanceof MessageFact message) {
            out.collect(new ChatEvent(
                    message.conversationSid(),
                    at,
                    new ChatEvent.Message(
                            message.index(),
                            message.createdAt().toEpochMilli(),
                            message.author(),
                            Objects.requireNonNull(message.textLength())),
                    null));
        } else if (event.fact() instanceof ReservationFact reservation) {
            switch (reservation.change()) {
                case ACCEPTED -> out.collect(reservation(reservation, at, at, 0));
                case WRAPUP -> out.collect(reservation(reservation, at, 0, at));
                default -> {
                    // not needed for message metrics
                }
            }
        }
    }

    private static ChatEvent reservation(ReservationFact reservation, long at, long acceptedAt, long wrapUpAt) {
        return new ChatEvent(
                Objects.requireNonNull(reservation.task().conversationSid()),
                at,
                null,
                new ChatEvent.Reservation(
                        reservation.reservationSid(),
                        reservation.task().taskSid(),
                        reservation.worker().workerSid(),
                        Objects.requireNonNull(reservation.worker().chatIdentity()),
                        acceptedAt,
                        wrapUpAt));
    }

    @Override
    public TypeInformation<ChatEvent> getProducedType() {
        return Types.POJO(ChatEvent.class);
    }
}
