package io.flexmetry.processors.inactivity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.flexmetry.contract.settings.Configuration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyCommandTest {

    private static final Configuration POLICY = Configuration.parse(
            "f", "inactivity: [{ steps: [{ after: PT8M, do: warn, text: x }, { after: PT10M, do: wrap-up }] }]");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldPassCasesThatEndAsExpected() throws IOException {
        assertThat(run(POLICY, """
                - name: warned, then wrapped up
                  task: { channel: chat, queue: Support }
                  given:
                    - "0:00 accepted"
                    - "0:00 agent: how can I help?"
                  expect: ["8:00 warn", "PT10M wrap-up"]
                - name: a customer who waits is left in peace
                  given: ["0:00 accepted", "1:02:03 customer"]
                  until: "1:00:00"
                  expect: ["8:00 warn", "10:00 wrap-up"]
                """)).isZero();
        assertThat(out.toString(UTF_8)).contains("ok     warned, then wrapped up", "2 cases, 0 wrong");
    }

    @Test
    void shouldPrintTheStepsOfACaseThatFails() throws IOException {
        assertThat(run(POLICY, """
                - name: too soon
                  given: ["0:00 accepted"]
                  expect: ["7:00 warn"]
                """)).isEqualTo(1);
        assertThat(out.toString(UTF_8))
                .contains("WRONG  too soon", "expected 7:00 warn", "but was  8:00 warn, 10:00 wrap-up");
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                argumentSet(
                        "no time", "given: ['8 o clock accepted']", "[1].given[0]", "a time such as 8:20", "it is 8"),
                argumentSet("99 seconds", "given: ['0:99 accepted']", "[1].given[0]", "seconds below 60", "it is 0:99"),
                argumentSet("99 minutes", "given: ['1:99:00 accepted']", "[1].given[0]", "a time", "it is 1:99:00"),
                argumentSet("before", "given: ['-PT1S accepted']", "[1].given[0]", "a time", "it is -PT1S"),
                argumentSet(
                        "backwards",
                        "given: ['2:00 accepted', '1:00 agent']",
                        "[1].given[1]",
                        "times in order",
                        "1:00 agent comes after 2:00 accepted"),
                argumentSet(
                        "expected backwards",
                        "given: [], expect: ['8:00 warn', '7:00 close']",
                        "[1].expect[1]",
                        "times in order",
                        "7:00 close comes after 8:00 warn"),
                argumentSet(
                        "no such event",
                        "given: ['0:00 acepted']",
                        "[1].given[0]",
                        "customer, agent, bot",
                        "accepted?"),
                argumentSet("no such step", "given: ['0:00 warm']", "[1].given[0]", "but it is warm", "Did you mean"),
                argumentSet(
                        "no such result",
                        "given: [], expect: ['8:00 warm']",
                        "[1].expect[0]",
                        "but it is warm",
                        "warn?"),
                argumentSet("no end", "given: [], until: '8'", "[1].until", "a time such as 8:20", "it is 8"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldNamePlaceAndCaseOfAMistake(String rest, String path, String rule, String found) throws IOException {
        String expect = rest.contains("expect") ? "" : ", expect: []";

        int code =
                run(POLICY, "- { name: right, expect: ['8:00 warn'] }\n- { name: mine,\n    " + rest + expect + " }");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("cases.yaml line 3: " + path + " (mine): ", rule, found);
        assertThat(err.toString(UTF_8).lines()).hasSize(1);
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @Test
    void shouldRefuseACaseWithoutExpectations() throws IOException {
        int code = run(POLICY, "- name: mine\n  given: ['0:00 accepted']");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(UTF_8))
                .contains("cases.yaml line 1: [0] (mine): Expected a case to list expected steps");
    }

    @Test
    void shouldNameWhatItCannotRead() throws IOException {
        assertThat(run(POLICY, "- gven: []")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("line 1").contains("gven");
        assertThat(run(Configuration.defaults(), "[]")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("Expected FLEXMETRY_CONFIG to have inactivity policies");
    }

    private int run(Configuration configuration, String yaml) throws IOException {
        Path file = folder.resolve("cases.yaml");
        Files.writeString(file, yaml);
        return PolicyCommand.run(
                configuration,
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                "test",
                file.toString());
    }
}
