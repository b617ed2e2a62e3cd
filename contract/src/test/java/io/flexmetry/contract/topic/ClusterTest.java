package io.flexmetry.contract.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.service.UnavailableException;
import io.flexmetry.contract.settings.KafkaSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ClusterTest {

    @Test
    void shouldNameTheVariableAndItsValueWhenNoServerIsReachable() throws IOException {
        String servers = "127.0.0.1:" + closedPort();

        assertThatThrownBy(() -> Cluster.requireThere(KafkaSettings.of(servers)))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContainingAll(servers, "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", "could not connect");
    }

    @Test
    void shouldReportAnUnknownHost() {
        assertThatThrownBy(() -> Cluster.requireThere(KafkaSettings.of("kafka.invalid:9092")))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContainingAll("kafka.invalid:9092", "unknown host");
        assertThat(Cluster.hasAddress(KafkaSettings.of("kafka.invalid:9092"))).isFalse();
        assertThat(Cluster.hasAddress(KafkaSettings.of("kafka.invalid:9092,localhost:9092")))
                .isTrue();
    }

    @Test
    void shouldAcceptOneReachableServer() throws IOException {
        try (ServerSocket broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String servers = "127.0.0.1:" + closedPort() + ", 127.0.0.1:" + broker.getLocalPort();

            assertThatCode(() -> Cluster.requireThere(KafkaSettings.of(servers)))
                    .doesNotThrowAnyException();
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
