package io.flexmetry.contract.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKafkaTest {

    private static final Environment PLAIN = Environment.of(Map.of("FLEXMETRY_KAFKA_CLIENT_RACK", "a"));

    @TempDir
    Path dataDir;

    @Test
    void shouldFindTheBrokerOfARunningLocal() throws IOException {
        LocalKafka.write(dataDir, "127.0.0.1:40123");

        assertThat(LocalKafka.find(PLAIN, dataDir).servers()).isEqualTo("127.0.0.1:40123");
        assertThat(LocalKafka.find(PLAIN, dataDir).clients()).containsEntry("client.rack", "a");
    }

    @Test
    void shouldFailWhenNoBrokerRuns() throws IOException {
        LocalKafka.write(dataDir, "127.0.0.1:40123");
        LocalKafka.delete(dataDir);

        assertThatThrownBy(() -> LocalKafka.find(PLAIN, dataDir))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Expected " + dataDir + " to be the --data-dir of a running ./flexmetry local but there is"
                        + " no kafka.address in it");
    }
}
