package io.flexmetry.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamsSettingsTest {

    @Test
    void shouldPassOnSettingsOfStreamsAndItsClients() {
        StreamsConfig config = new StreamsConfig(properties(Map.of(
                "FLEXMETRY_STREAMS_NUM_STANDBY_REPLICAS", "1",
                "FLEXMETRY_STREAMS_COMMIT_INTERVAL_MS", "50",
                "FLEXMETRY_KAFKA_SECURITY_PROTOCOL", "SSL",
                "FLEXMETRY_KAFKA_SESSION_TIMEOUT_MS", "30000",
                "FLEXMETRY_REPLICATION_FACTOR", "3")));

        assertThat(config.getInt("num.standby.replicas")).isEqualTo(1);
        assertThat(config.getLong("commit.interval.ms")).isEqualTo(50);
        assertThat(config.getInt("replication.factor")).isEqualTo(3);
        assertThat(config.getMainConsumerConfigs("group", "client", 0))
                .containsEntry("security.protocol", "SSL")
                .containsEntry("session.timeout.ms", "30000");
        assertThat(config.getProducerConfigs("client")).containsEntry("security.protocol", "SSL");
        assertThat(config.getAdminConfigs("client")).containsEntry("security.protocol", "SSL");
    }

    @Test
    void shouldFetchInBatchesUnlessTheEnvironmentSaysOtherwise() {
        assertThat(new StreamsConfig(properties(Map.of())).getMainConsumerConfigs("group", "client", 0))
                .containsEntry("fetch.min.bytes", 65_536)
                .containsEntry("fetch.max.wait.ms", 25);
        assertThat(new StreamsConfig(properties(Map.of("FLEXMETRY_KAFKA_FETCH_MIN_BYTES", "1")))
                        .getMainConsumerConfigs("group", "client", 0))
                .containsEntry("fetch.min.bytes", "1");
    }

    @Test
    void shouldSetItsAddressForTheOtherInstances() {
        assertThat(properties(Map.of()).get("application.server")).isNull();
        assertThat(properties(Map.of("FLEXMETRY_HEALTH_PORT", "8090")).get("application.server"))
                .asString()
                .endsWith(":8090");
        assertThat(properties(Map.of("FLEXMETRY_HEALTH_PORT", "8090", "FLEXMETRY_STREAMS_APPLICATION_SERVER", "here:1"))
                        .get("application.server"))
                .isEqualTo("here:1");
    }

    @Test
    void shouldBeAStaticMemberUnderTheNameThatIsSet() {
        assertThat(properties(Map.of("FLEXMETRY_INSTANCE_ID", "one")))
                .containsEntry("consumer.group.instance.id", "one");
    }

    @Test
    void shouldNotBeAStaticMemberWithTheStreamsProtocol() {
        Map<String, String> env = Map.of("FLEXMETRY_INSTANCE_ID", "one", "FLEXMETRY_STREAMS_GROUP_PROTOCOL", "streams");

        assertThat(properties(env)).doesNotContainKey("consumer.group.instance.id");
    }

    @Test
    void shouldLeaveTheProtocolOfStreamsAloneWhenThatOfConsumersIsSet() {
        assertThat(properties(Map.of("FLEXMETRY_KAFKA_GROUP_PROTOCOL", "consumer")))
                .doesNotContainKey("group.protocol");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FLEXMETRY_STREAMS_NUM_STANDBYS | 1 | Did you mean FLEXMETRY_STREAMS_NUM_STANDBY_REPLICAS?",
                "FLEXMETRY_STREAMS_NUM_STANDBY_REPLICAS | some | Expected FLEXMETRY_STREAMS_NUM_STANDBY_REPLICAS to be a value that Kafka accepts but it is some",
                "FLEXMETRY_STREAMS_PROCESSING_GUARANTEE | at_least_once | Expected FLEXMETRY_STREAMS_PROCESSING_GUARANTEE not to be set",
                "FLEXMETRY_STREAMS_STATE_DIR | /tmp | Expected FLEXMETRY_STREAMS_STATE_DIR not to be set"
            })
    void shouldRefuseInvalidAndReservedSettings(String variable, String value, String message) {
        assertThatThrownBy(() -> properties(Map.of(variable, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(message);
    }

    private static Properties properties(Map<String, String> env) {
        Map<String, String> all = new HashMap<>(env);
        all.put("FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092");
        return Processors.properties(Environment.of(all));
    }
}
