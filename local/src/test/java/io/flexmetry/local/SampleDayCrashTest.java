package io.flexmetry.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./flexmetry local} as a separate process, with accidents that only a process can have. */
class SampleDayCrashTest {

    private static final Path GOLDEN = Path.of("src/test/resources/sample-day.txt");
    private static final Path LOGBACK = Path.of("src/test/resources/logback-restart.xml");

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endAll() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void shouldEndWithTheSameTableAfterASigkillInTheMiddle() throws Exception {
        Path first = folder.resolve("first.log");
        Process killed =
                local(first, "--once", "--data-dir", folder.resolve("data").toString());
        Path journal = folder.resolve("data/twilio.jsonl");
        // each step is recorded, however fast the day is played
        await().until(() ->
                Files.exists(journal) && Files.readString(journal, ISO_8859_1).contains("\"done\":400,"));
        killed.destroyForcibly().waitFor();

        String output = resume();

        assertThat(output).contains("The day continues at step").contains("0 differ from what their task holds");
        assertThat(output)
                .as("the chat that the customer left")
                .containsPattern("warn, silent since 10:0\\d:\\d\\d: posted")
                .containsPattern("wrap-up, silent since 10:0\\d:\\d\\d: changed");
        assertThat(output)
                .as("the call whose score comes late")
                .containsPattern(
                        "voice: 14:0\\d:\\d\\d  WT\\w+  score 3.7\\d+ of 17 samples, .*: late, the agent had completed");
        assertThat(output)
                .as("stores that cannot be used are not opened")
                .contains("The stores were not closed cleanly")
                .doesNotContain("are corrupted");
        assertThat(table(output))
                .as("if the change is meant: ./mvnw test -pl local -am -Dgolden.accept=true")
                .isEqualTo(golden(table(output)));
    }

    @Test
    void shouldEndCleanlyWhenItIsAskedTo() throws Exception {
        Path log = folder.resolve("log");
        Process process = local(log, "--no-demo");
        await().until(() -> Files.readString(log).lines().anyMatch(line -> line.startsWith("ready ")));

        process.destroy();

        assertThat(process.waitFor(Patience.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("ended by SIGTERM").isEqualTo(128 + 15);
        assertThat(Files.readString(log)).doesNotContain("ERROR").doesNotContain("Exception");
    }

    @Test
    void shouldNotStartWithAnUnknownVariable() throws Exception {
        Path log = folder.resolve("log");
        ProcessBuilder builder = builder(log, "--no-demo");
        builder.environment().put("FLEXMETRY_HTTP_PROT", "1");
        Process process = builder.start();
        processes.add(process);

        assertThat(process.waitFor(Patience.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(Files.readString(log)).contains("Did you mean FLEXMETRY_HTTP_PORT?");
    }

    /** Starts again with the same folder. */
    private String resume() throws Exception {
        Path log = folder.resolve("resumed.log");
        Process resumed =
                local(log, "--once", "--data-dir", folder.resolve("data").toString());
        assertThat(resumed.waitFor(Patience.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        String output = Files.readString(log);
        assertThat(resumed.exitValue()).as(output).isZero();
        return output;
    }

    private Process local(Path log, String... arguments) throws IOException {
        Process process = builder(log, arguments).start();
        processes.add(process);
        return process;
    }

    private static ProcessBuilder builder(Path log, String... arguments) throws IOException {
        Files.createFile(log);
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=" + LOGBACK,
                "-cp",
                System.getProperty("java.class.path")
                        .replace(Path.of("target/test-classes").toAbsolutePath() + File.pathSeparator, ""),
                "io.flexmetry.local.LocalCommand"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("FLEXMETRY_HTTP_PORT", "0");
        return builder;
    }

    /** The lines of the table without the wall clock. */
    private static List<String> table(String output) {
        return output.lines()
                .filter(line -> line.matches("\\d\\d:\\d\\d:\\d\\d  WT.*"))
                .map(line -> line.replaceAll("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}", "(written)   "))
                .toList();
    }

    private static List<String> golden(List<String> actual) throws IOException {
        if (Boolean.getBoolean("golden.accept")) {
            Files.write(GOLDEN, actual);
        }
        return Files.readAllLines(GOLDEN);
    }
}
