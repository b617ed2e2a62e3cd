package io.flexmetry.contract.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.flexmetry.contract.settings.InactivityPolicy.Action;
import io.flexmetry.contract.settings.InactivityPolicy.From;
import io.flexmetry.contract.settings.InactivityPolicy.Step;
import io.flexmetry.contract.settings.InactivityPolicy.Who;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InactivityConfigurationTest {

    @TempDir
    Path folder;

    @Test
    void shouldBeOffUnlessConfigured() {
        assertThat(Configuration.defaults().inactivity().policies()).isEmpty();
        assertThat(Configuration.parse("f", "inactivity: none").inactivity().policies())
                .isEmpty();
        assertThat(Configuration.parse("f", "inactivity:\n").inactivity().policies())
                .isEmpty();
    }

    @Test
    void shouldReadEverySetting() {
        InactivityConfiguration inactivity = Configuration.parse("f", """
                inactivity:
                  - name: support
                    match: { channel: [chat, web], queue: Support, workflow: [Anyone], attributes: { department: [sales, help] } }
                    from: first-agent-message
                    silence: anyone
                    pauseWhileAgentOwesReply: false
                    dryRun: true
                    language: locale
                    steps:
                      - { after: PT8M, do: warn, text: { default: "Still there?", de: "Noch da?" } }
                      - { after: PT9M, do: park, channel: parked }
                      - { after: PT10M, do: notify }
                      - { after: PT10M, do: wrap-up }
                  - steps:
                      - { after: PT1H, do: warn, text: "Hello?" }
                      - { after: PT2H, do: complete }
                      - { after: PT2H, do: close }
                """).inactivity();

        InactivityPolicy support = inactivity.policies().get(0);
        assertThat(support.name()).isEqualTo("support");
        assertThat(support.line()).isEqualTo(2);
        assertThat(support.from()).isEqualTo(From.FIRST_AGENT_MESSAGE);
        assertThat(support.silence()).isEqualTo(Who.ANYONE);
        assertThat(support.pauseWhileAgentOwesReply()).isFalse();
        assertThat(support.dryRun()).isTrue();
        assertThat(support.steps())
                .extracting(Step::action)
                .containsExactly(Action.WARN, Action.PARK, Action.NOTIFY, Action.WRAP_UP);
        assertThat(support.steps().get(0).textIn("de")).isEqualTo("Noch da?");
        assertThat(support.steps().get(0).textIn("fr")).isEqualTo("Still there?");
        assertThat(support.steps().get(1).channel()).isEqualTo("parked");
        assertThat(inactivity.attributeNames()).containsExactly("department", "locale");
        assertThat(support.match().matches("chat", "Support", "Anyone", Map.of("department", "help")))
                .isTrue();
        assertThat(support.match().matches("chat", "Support", "Anyone", Map.of()))
                .isFalse();
        assertThat(support.match().matches("sms", "Support", "Anyone", Map.of("department", "help")))
                .isFalse();

        InactivityPolicy other = inactivity.policies().get(1);
        assertThat(other.name()).isEqualTo("policy 2");
        assertThat(other.silence()).isEqualTo(Who.CUSTOMER);
        assertThat(other.from()).isEqualTo(From.ACCEPTED);
        assertThat(other.pauseWhileAgentOwesReply()).isTrue();
        assertThat(other.match().matches(null, null, null, Map.of())).isTrue();
    }

    @Test
    void shouldBehaveLikeTheSampleWithTheEnvironmentsTimeout() throws IOException {
        Path yaml = folder.resolve("flexmetry.yaml");
        Files.writeString(yaml, "inactivity: seed");
        Environment environment = Environment.of(Map.of("FLEXMETRY_CONFIG", yaml.toString(), "TIMEOUT", "PT90S"));

        InactivityPolicy seed =
                Configuration.from(environment).inactivity().policies().get(0);

        assertThat(seed.steps()).extracting(Step::action).containsExactly(Action.COMPLETE, Action.WARN, Action.CLOSE);
        assertThat(seed.steps()).extracting(Step::after).containsOnly(Duration.ofSeconds(90));
        assertThat(seed.silence()).isEqualTo(Who.ANYONE);
        assertThat(seed.pauseWhileAgentOwesReply()).isFalse();
        assertThat(Configuration.parse("f", "inactivity: seed")
                        .inactivity()
                        .policies()
                        .get(0)
                        .firstAfter())
                .isEqualTo(Duration.ofMinutes(1));
        assertThatThrownBy(() -> Configuration.from(
                        Environment.of(Map.of("FLEXMETRY_CONFIG", yaml.toString(), "TIMEOUT", "60"))))
                .hasMessageContaining("Expected TIMEOUT to be an ISO 8601 duration")
                .hasMessageContaining("60");
    }

    private static Arguments mistake(String name, String yaml, String... messages) {
        return argumentSet(name, yaml, List.of(messages));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "neither none, seed nor a list",
                        "inactivity: on",
                        "none, seed or a list of policies but it is on"),
                mistake("no steps", "inactivity:\n  - silence: agent", "line 2", "could never fire"),
                mistake(
                        "no duration",
                        "inactivity:\n  - steps:\n    - { after: 8m, do: wrap-up }",
                        "line 3",
                        "ISO 8601 duration such as PT8M but it is 8m"),
                mistake("no time", "inactivity:\n  - steps: [{ do: close }]", "after is missing"),
                mistake("no action", "inactivity:\n  - steps: [{ after: PT1M }]", "do is missing"),
                mistake(
                        "duration of zero",
                        "inactivity:\n  - steps: [{ after: PT0S, do: close }]",
                        "inactivity[0].steps[0].after",
                        "from PT1S to P366D"),
                mistake("unknown action", "inactivity:\n  - steps: [{ after: PT1M, do: shout }]", "line 2", "do"),
                mistake(
                        "misspelt action",
                        "inactivity:\n  - name: a\n    steps:\n    - after: PT1M\n      do: wrapup\nbots: []",
                        "line 5: Expected inactivity[0].steps[0].do to be warn, wrap-up, complete, close, park or notify"
                                + " but it is wrapup. Did you mean wrap-up?"),
                mistake(
                        "duration too long",
                        "inactivity:\n  - match: { queue: A }\n    steps:\n    - { after: PT1M, do: close }\n"
                                + "  - steps:\n    - { after: P367D,\n        do: close }\nbots: []",
                        "line 6: inactivity[1].steps[0].after: Expected after to be from PT1S to P366D"),
                mistake(
                        "unknown key of a policy",
                        "inactivity:\n  - stepz: []\n    steps: [{ after: PT1M, do: close }]",
                        "unknown key",
                        "Did you mean steps?"),
                mistake(
                        "out of order",
                        "inactivity:\n  - steps:\n    - { after: PT9M, do: wrap-up }\n    - { after: PT8M, do: warn, text: x }",
                        "warn after PT8M follows wrap-up after PT9M"),
                mistake(
                        "step after the final one",
                        "inactivity:\n  - steps:\n    - { after: PT8M, do: complete }\n    - { after: PT9M, do: close }",
                        "close after PT9M not to follow complete, which is final: it could never fire"),
                mistake("no text", "inactivity:\n  - steps: [{ after: PT1M, do: warn }]", "a warn to have a text"),
                mistake("empty text", "inactivity:\n  - steps: [{ after: PT1M, do: warn, text: ' ' }]", "1 to 1600"),
                mistake(
                        "text without a warning",
                        "inactivity:\n  - steps: [{ after: PT1M, do: close, text: bye }]",
                        "a text only on warn"),
                mistake(
                        "park without a channel",
                        "inactivity:\n  - steps: [{ after: PT1M, do: park }]",
                        "task channel"),
                mistake(
                        "pause while the agent is silent",
                        "inactivity:\n  - { silence: agent, pauseWhileAgentOwesReply: true, steps: [{ after: PT1M, do: close }] }",
                        "no pauseWhileAgentOwesReply together with silence: agent"),
                mistake(
                        "unknown channel",
                        "inactivity:\n  - steps: [{ after: PT1M, do: close }]\n    match: { channel: chatt }",
                        "line 2",
                        "chatt is not one of them. Did you mean chat?"),
                mistake(
                        "voice",
                        "inactivity:\n  - steps: [{ after: PT1M, do: close }]\n    match: { channel: voice }",
                        "metrics.chatChannels but voice is not one of them"),
                mistake(
                        "covered by another policy",
                        "inactivity:\n  - steps: [{ after: PT1M, do: close }]\n"
                                + "  - { match: { queue: [A] }, steps: [{ after: PT1M, do: close }] }",
                        "policy 2 (line 3) could never fire: policy 1 (line 2) matches all of it"),
                mistake(
                        "duplicate name",
                        "inactivity:\n  - { name: a, match: { queue: A }, steps: [{ after: PT1M, do: close }] }\n"
                                + "  - { name: a, match: { queue: B }, steps: [{ after: PT1M, do: close }] }",
                        "lines 2 and 3 are both called a"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldFailWithLineAndRule(String yaml, List<String> messages) {
        assertThatThrownBy(() -> Configuration.parse("flexmetry.yaml", yaml))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll(messages.toArray(String[]::new))
                .hasMessageContaining("flexmetry.yaml line")
                .hasMessageNotContainingAny("io.flexmetry", "java.", "\n");
    }

    @Test
    void shouldAllowAnotherPolicyForTasksThatNobodyHasAccepted() {
        assertThat(Configuration.parse(
                                "f",
                                "inactivity:\n  - steps: [{ after: PT1M, do: close }]\n"
                                        + "  - { from: queued, steps: [{ after: PT1H, do: complete }] }")
                        .inactivity()
                        .policies())
                .hasSize(2);
    }

    @Test
    void shouldRecogniseWhenOneMatchCoversAnother() {
        InactivityPolicy.Match chatInA = new InactivityPolicy.Match(Set.of("chat"), Set.of("A"), null, null);
        InactivityPolicy.Match inA = new InactivityPolicy.Match(null, Set.of("A", "B"), null, null);
        InactivityPolicy.Match german = new InactivityPolicy.Match(null, null, null, Map.of("language", Set.of("de")));

        assertThat(inA.covers(chatInA)).isTrue();
        assertThat(chatInA.covers(inA)).isFalse();
        assertThat(german.covers(inA)).isFalse();
        assertThat(InactivityPolicy.Match.ALL.covers(german)).isTrue();
    }
}
