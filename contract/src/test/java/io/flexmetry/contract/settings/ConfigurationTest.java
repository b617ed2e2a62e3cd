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
                argumentSet(
                        "short retention",
                        "retention: PT1H",
                        "line 1: Expected retention to be from PT4H to P366D but it is PT1H"),
                argumentSet(
                        "no such kind",
                        "privacy: {hash: [names]}",
                        "line 1: Expected privacy.hash[0] to be addresses or identities but it is names"),
                argumentSet("origin with a path", "beacon: {origins: [\"https://x/y\"]}", "Expected beacon.origins"),
                argumentSet("heart stops", "focus: {heartbeat: PT0S}", "from PT1S to PT4M but it is PT0S"),
                argumentSet("no duration", "writeBack: {running: 5s}", "such as PT30S but it is 5s"),
                argumentSet("too often", "writeBack: {running: PT0.1S}", "from PT1S to P1D"),
                argumentSet("no rate", "writeBack: {requestsPerSecond: 0}", "at least 1 but it is 0"),
                argumentSet("no patience", "writeBack: {giveUpAfter: PT1S}", "from PT1M to P7D"),
                argumentSet("no workflow", "writeBack: {lateWorkflow: WF1}", "SID of a workflow"),
                argumentSet("never asked", "voiceQuality: {firstLookup: PT1H}", "Twilio would never be asked"),
                argumentSet("at once", "voiceQuality: {firstLookup: PT0S}", "from PT1S to P1D but it is PT0S"),
                argumentSet("no edge", "voiceQuality: {edge: phone_edge}", "one of sdk_edge, client_edge"),
                argumentSet(
                        "no such metric",
                        "writeBack: {priority: [speed]}",
                        "line 1: Expected writeBack.priority[0] to be "),
                argumentSet(
                        "a metric twice",
                        "writeBack: {priority: [agentTurns, agentTurns]}",
                        "to name each metric once"),
                argumentSet("unknown key", "metric: {}", "line 1: unknown key metric. Did you mean metrics?"),
                argumentSet(
                        "unknown key below",
                        "metrics:\n  roundin: 1",
                        "line 2: unknown key metrics.roundin. Did you mean rounding?"),
                argumentSet(
                        "key twice",
                        "bots: []\nbots: []",
                        "line 2: Expected bots to stand there once but it stands in line 1 already"),
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
                argumentSet(
                        "bad preset",
                        "metrics: {preset: fast}",
                        "line 1: Expected metrics.preset to be standard or seed but it is fast. Did you mean "),
                argumentSet("wrong type", "bots: 3", "line 1: Expected bots to be a list such as [a, b] but it is 3"),
                argumentSet(
                        "unknown key in line 1 of six",
                        "metric:\n  preset: seed\n  rounding: 1\nbots: []\nprivacy:\n  keepBodies: true",
                        "flexmetry.yaml line 1: unknown key metric. Did you mean metrics?"),
                argumentSet(
                        "broken rule in line 2 of six",
                        "metrics:\n  rounding: 77\n  preset: seed\nbots: []\nprivacy:\n  keepBodies: true",
                        "flexmetry.yaml line 2: Expected metrics.rounding"),
                argumentSet(
                        "a second document",
                        "bots: []\n---\nbots: [x]",
                        "line 3: Expected one document but a second one begins there"),
                argumentSet(
                        "no channels",
                        "metrics:\n  preset: seed\n  chatChannels: []",
                        "line 3: Expected metrics.chatChannels to be a list of at least one task channel,"
                                + " such as [chat], but it is an empty list"),
                argumentSet(
                        "a channel for a list",
                        "metrics: {chatChannels: chat}",
                        "line 1: Expected metrics.chatChannels to be a list such as [a, b] but it is chat"),
                argumentSet(
                        "classic",
                        "metrics:\n  preset: classic",
                        "line 2: Expected metrics.preset to be standard or seed but it is classic. Did you mean "),
                argumentSet(
                        "years",
                        "retention: P1Y",
                        "line 1: Expected retention to be an ISO 8601 duration such as P7D or PT30S but it is P1Y."
                                + " Years, months and weeks are not taken"),
                argumentSet(
                        "for ever",
                        "retention: P999999999999D",
                        "Expected retention to be from PT4H to P366D but it is P999999999999D"),
                argumentSet("seconds or days", "retention: 7", "Expected retention to be an ISO 8601 duration"),
                argumentSet("a hole", "bots: [Bot, ]\nfocus: {heartbeat: PT9M}", "line 2: Expected focus.heartbeat"),
                argumentSet("nobody", "bots:\n  - Bot\n  -\n", "Expected bots[1] to have a value"),
                argumentSet("a section", "metrics: 3", "Expected metrics to be a section of keys but it is 3"),
                argumentSet("no section", "3", "Expected the file to be a section of keys but it is 3"),
                argumentSet("half", "writeBack: {requestsPerSecond: 1.5}", "to be a whole number but it is 1.5"),
                argumentSet("maybe", "focus: {countHidden: maybe}", "to be true or false but it is maybe"),
                argumentSet("never given up", "writeBack: {giveUpAfter: P8D}", "from PT1M to P7D but it is P8D"),
                argumentSet("tomorrow", "voiceQuality: {firstLookup: P2D, giveUp: P3D}", "from PT1S to P1D"),
                argumentSet(
                        "no time",
                        "targets:\n  firstResponse: {share: 0.8}",
                        "line 2: targets.firstResponse: Expected a target to say within"),
                argumentSet(
                        "more than all",
                        "targets:\n  firstResponse: {within: PT30S, share: 80}",
                        "above 0 and 1 at most, such as 0.8, but it is 80"),
                argumentSet(
                        "nothing wanted",
                        "targets:\n  queues:\n    Support: {}",
                        "line 3: targets.queues.Support: Expected a queue among the targets to have a target"),
                argumentSet("no YAML", "metrics: [", "flexmetry.yaml"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldStopWithThePlaceAndTheRule(String yaml, String message) {
        assertThatThrownBy(() -> Configuration.parse("flexmetry.yaml", yaml))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(message)
                .hasMessageNotContainingAny("io.flexmetry", "java.", "jackson", "\n");
    }
}
