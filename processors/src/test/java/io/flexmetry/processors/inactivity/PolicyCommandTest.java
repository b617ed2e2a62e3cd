package io.flexmetry.processors.inactivity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.settings.Configuration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandTest {

    private static final Configuration POLICY = Configuration.parse(
            "f", "inactivity: [{ steps: [{ after: PT8M, do: warn, text: x }, { after: PT10M, do: wrap-up }] }]");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldPassWhatComesOutAsItSays() throws IOException {
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
    void shouldSayWhatCameOutInstead() throws IOException {
        assertThat(run(POLICY, """
                - name: too soon
                  given: ["0:00 accepted"]
                  expect: ["7:00 warn"]
                """)).isEqualTo(1);
        assertThat(out.toString(UTF_8))
                .contains("WRONG  too soon", "expected 7:00 warn", "but was  8:00 warn, 10:00 wrap-up");
    }

    @Test
    void shouldNameWhatItCannotRead() throws IOException {
        assertThat(run(POLICY, "- given: ['8 o clock accepted']")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("Expected a time such as 8:20", "but it is 8");
        assertThat(run(POLICY, "- given: ['0:00 shouted']")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("customer, agent, bot").contains("shouted");
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
