package io.flexmetry.benchmarks.flink;

import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.topic.Topics;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/** Writes rows as Flexmetry does. */
final class RowWriter implements KafkaRecordSerializationSchema<ReservationMetrics> {

    private static final long serialVersionUID = 1L;

    private static final Serializer<String> KEY =
            Topics.RESERVATION_METRICS.keySerde().serializer();
    private static final Serializer<ReservationMetrics> VALUE =
            Topics.RESERVATION_METRICS.valueSerde().serializer();

    @Override
    public ProducerRecord<byte[], byte[]> serialize(ReservationMetrics row, KafkaSinkContext context, Long timestamp) {
        String topic = Topics.RESERVATION_METRICS.name();
        return new ProducerRecord<>(topic, KEY.serialize(topic, row.reservationSid()), VALUE.serialize(topic, row));
    }
}
