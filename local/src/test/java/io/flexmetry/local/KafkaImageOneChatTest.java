package io.flexmetry.local;

import java.util.Map;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/** On Apache Kafka's own image, the one of docker-compose.yml; skipped without a container engine. */
@Testcontainers(disabledWithoutDocker = true)
class KafkaImageOneChatTest extends OneChatSuite {

    @Container
    private static final KafkaContainer KAFKA = new KafkaContainer("apache/kafka:4.3.1");

    @Override
    Map<String, String> kafka() {
        return Map.of("FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", KAFKA.getBootstrapServers());
    }
}
