package io.flexmetry.benchmarks.console;

import io.flexmetry.contract.floor.Stage;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.metric.ReservationMetrics.Messages;
import io.flexmetry.contract.metric.ReservationMetrics.Messages.End;
import io.flexmetry.contract.metric.ReservationMetrics.State;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The records of a floor with a thousand agents and two hundred queues, without processors. */
final class LargeFloor implements AutoCloseable {

    static final int AGENTS = 1_000;
    private static final int QUEUES = 200;

    private final KafkaProducer<byte[], byte[]> producer;

    LargeFloor(String servers) {
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers, ProducerConfig.LINGER_MS_CONFIG, 5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A row that closed just now. */
    void row(int number, Instant closedAt) {
        String sid = String.format("%032x", number);
        send(
                Topics.RESERVATION_METRICS,
                "WR" + sid,
                new ReservationMetrics(
                        "WR" + sid,
                        "WT" + sid,
                        3,
                        State.FINAL,
                        worker(number % AGENTS),
                        "agent " + number % AGENTS,
                        "chat",
                        "queue " + number % QUEUES,
                        "CH" + sid,
                        closedAt.minusSeconds(300),
                        closedAt,
                        null,
                        Map.of(
                                Metric.FIRST_RESPONSE_TIME, BigDecimal.valueOf(number % 60),
                                Metric.AVERAGE_RESPONSE_TIME, BigDecimal.valueOf(number % 90),
                                Metric.AGENT_MESSAGES, BigDecimal.valueOf(number % 20),
                                Metric.CUSTOMER_MESSAGES, BigDecimal.valueOf(number % 15),
                                Metric.FOCUS_TIME, BigDecimal.valueOf(number % 250)),
                        new Messages(true, List.of(), null, End.ASKED),
                        null,
                        null,
                        null));
    }

    /** The status of an agent. */
    void agent(int number, String activity, Instant since) {
        String sid = String.format("%032x", number);
        WorkerStatus.Held held = new WorkerStatus.Held(
                "WR" + sid, "WT" + sid, Stage.ASSIGNED, since, "chat", "queue " + number % QUEUES);
        send(
                Topics.WORKER_STATUS,
                worker(number),
                new WorkerStatus(worker(number), "agent " + number, activity, since, List.of(held), null));
    }

    void flush() {
        producer.flush();
    }

    private static String worker(int number) {
        return "WK" + String.format("%032x", number);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // flush() waits for all of them
    private <V> void send(Topic<String, V> topic, String key, V value) {
        producer.send(new ProducerRecord<>(
                topic.name(),
                topic.keySerde().serializer().serialize(topic.name(), key),
                topic.valueSerde().serializer().serialize(topic.name(), value)));
    }

    @Override
    public void close() {
        producer.close();
    }
}
