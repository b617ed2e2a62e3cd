package io.flexmetry.contract.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.settings.MetricsConfiguration.ResponseFrom;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationTest {

    @Test
    void shouldHaveDefaults() {
        Configuration configuration = Configuration.parse("flexmetry.yaml", "# nothing yet\n");

        assertThat(configuration).isEqualTo(Configuration.defaults());
        assertThat(configuration.metrics().decimals()).isEqualTo(3);
        assertThat(configuration.metrics().chatChannels())
                .containsExactlyInAnyOrder("chat", "sms", "web", "whatsapp", "messenger");
        assertThat(configuration.metrics().attributes())
                .containsEntry(Metric.FIRST_RESPONSE_TIME, "first_response_time")
                .containsEntry(Metric.AVERAGE_CUSTOMER_LENGTH, "conversation_measure_6");
        assertThat(configuration.bots()).contains("Dialogflow participant for *");
    }

    @Test
    void shouldReadEverySetting() {
        Configuration configuration = Configuration.parse("flexmetry.yaml", """
                metrics:
                  preset: seed
                  chatChannels: [chat]
                  responseFrom: last
                  rounding: 1
                  attributes:
                    agentMessages: conversation_measure_9
                    customerMessages: null
                bots: [Robo*]
                internalChats: {attribute: team}
                retention: PT5H
                privacy:
                  keepBodies: true
                  hash: [addresses, identities]
                beacon:
                  origins: ["https://flex.example.com"]
                focus: {heartbeat: PT10S, countHidden: true}
                writeBack:
                  running: PT1M
                  priority: [customerMessages]
                  requestsPerSecond: 20
                  giveUpAfter: PT10M
                  lateWorkflow: WW00000000000000000000000000000001
                voiceQuality: {enabled: false, firstLookup: PT2M, giveUp: PT1H, edge: client_edge}
                """);

        assertThat(configuration.metrics().chatChannels()).containsExactly("chat");
        assertThat(configuration.metrics().responseFrom()).isEqualTo(ResponseFrom.LAST);
        assertThat(configuration.metrics().decimals()).isEqualTo(1);
        assertThat(configuration.metrics().attributes())
                .containsEntry(Metric.AGENT_MESSAGES, "conversation_measure_9")
                .doesNotContainKey(Metric.CUSTOMER_MESSAGES);
        assertThat(configuration.bots()).containsExactly("Robo*");
        assertThat(configuration.internalChats().attribute()).isEqualTo("team");
        assertThat(configuration.retention()).isEqualTo(Duration.ofHours(5));
        assertThat(configuration.isBot("Robocop")).isTrue();
        assertThat(configuration.isBot("Bot")).isFalse();
        assertThat(configuration.privacy().keepBodies()).isTrue();
        assertThat(configuration.privacy().hash()).hasSize(2);
        assertThat(configuration.beacon().origins()).containsExactly("https://flex.example.com");
        assertThat(configuration.focus().patience()).isEqualTo(Duration.ofSeconds(30));
        assertThat(configuration.focus().countHidden()).isTrue();
        assertThat(configuration.voiceQuality())
                .isEqualTo(new VoiceConfiguration(false, Duration.ofMinutes(2), Duration.ofHours(1), "client_edge"));
        assertThat(configuration.writeBack().running()).isEqualTo(Duration.ofMinutes(1));
        assertThat(configuration.writeBack().priority())
                .startsWith(Metric.CUSTOMER_MESSAGES, Metric.FOCUS_TIME)
                .containsExactlyInAnyOrder(Metric.values());
        assertThat(configuration.writeBack().requestsPerSecond()).isEqualTo(20);
        assertThat(configuration.writeBack().giveUpAfter()).isEqualTo(Duration.ofMinutes(10));
        assertThat(configuration.writeBack().lateWorkflow()).startsWith("WW");
    }

    @Test
    void shouldNotWriteRunningNumbersWhenToldSo() {
        assertThat(Configuration.parse("f", "writeBack: {running: none}")
                        .writeBack()
                        .running())
                .isNull();
    }

    @Test
    void shouldNotRoundTheSeedsNumbersUnlessAskedTo() {
        assertThat(Configuration.parse("f", "metrics: {preset: seed}").metrics().decimals())
                .isNull();
        assertThat(Configuration.parse("f", "metrics: {rounding: none}")
                        .metrics()
                        .decimals())
                .isNull();
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                argumentSet("short retention", "retention: PT1H", "Expected retention to be at least PT4H"),
                argumentSet("no such kind", "privacy: {hash: [names]}", "line 1: privacy.hash.[0]"),
                argumentSet("origin with a path", "beacon: {origins: [\"https://x/y\"]}", "Expected beacon.origins"),
                argumentSet("heart stops", "focus: {heartbeat: PT0S}", "from PT1S to PT4M but it is PT0S"),
                argumentSet("no duration", "writeBack: {running: 5s}", "such as PT30S but it is 5s"),
                argumentSet("too often", "writeBack: {running: PT0.1S}", "at least PT1S"),
                argumentSet("no rate", "writeBack: {requestsPerSecond: 0}", "at least 1 but it is 0"),
                argumentSet("no patience", "writeBack: {giveUpAfter: PT1S}", "at least PT1M"),
                argumentSet("no workflow", "writeBack: {lateWorkflow: WF1}", "SID of a workflow"),
                argumentSet("never asked", "voiceQuality: {firstLookup: PT1H}", "Twilio would never be asked"),
                argumentSet("at once", "voiceQuality: {firstLookup: PT0S}", "longer than PT0S"),
                argumentSet("no edge", "voiceQuality: {edge: phone_edge}", "one of sdk_edge, client_edge"),
                argumentSet("no such metric", "writeBack: {priority: [speed]}", "line 1: writeBack.priority.[0]"),
                argumentSet(
                        "a metric twice",
                        "writeBack: {priority: [agentTurns, agentTurns]}",
                        "to name each metric once"),
                argumentSet("unknown key", "metric: {}", "line 1: unknown key metric. Did you mean metrics?"),
                argumentSet(
                        "unknown key below",
                        "metrics:\n  roundin: 1",
                        "line 2: unknown key metrics.roundin. Did you mean rounding?"),
                argumentSet("key twice", "bots: []\nbots: []", "Duplicate"),
                argumentSet(
                        "unknown metric",
                        "metrics: {attributes: {agentMessage: x}}",
                        "metrics.attributes.agentMessage. Did you mean agentMessages?"),
                argumentSet(
                        "two metrics on one key",
                        "metrics: {attributes: {agentMessages: conversation_measure_3}}",
                        "agentMessages and customerMessages are both on conversation_measure_3"),
                argumentSet("the text null", "metrics: {attributes: {agentMessages: 'null'}}", "null without quotes"),
                argumentSet("bad rounding", "metrics: {rounding: -1}", "decimals from 0 to 9 but it is -1"),
                argumentSet("bad preset", "metrics: {preset: fast}", "line 1: metrics.preset"),
                argumentSet("wrong type", "bots: 3", "bots"),
                argumentSet("no YAML", "metrics: [", "flexmetry.yaml"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldStopWithThePlaceAndTheRule(String yaml, String message) {
        assertThatThrownBy(() -> Configuration.parse("flexmetry.yaml", yaml))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(message);
    }
}
