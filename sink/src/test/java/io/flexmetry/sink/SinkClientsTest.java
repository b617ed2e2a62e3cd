package io.flexmetry.sink;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SinkClientsTest {

    /** Kafka accepts each value, but no client with it and our other settings. */
    @ParameterizedTest
    @CsvSource({"FLEXMETRY_KAFKA_HEARTBEAT_INTERVAL_MS, 20000", "FLEXMETRY_KAFKA_GROUP_PROTOCOL, consumer"})
    void shouldNameSettingsWithWhichNoClientCanBeCreated(String name, String value) {
        Environment environment =
                Environment.of(Map.of("FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092", name, value));

        assertThatThrownBy(() -> SinkClients.create(environment))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("(" + name + ")");
    }
}
