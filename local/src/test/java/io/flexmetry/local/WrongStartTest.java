package io.flexmetry.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A failed start prints one line, returns an exit code, and has started and touched nothing; a stop prints nothing. */
class WrongStartTest {

    /** The first JDK that warns of undeclared native access. */
    private static final int WARNS_OF_NATIVE_ACCESS = 24;

    private static final long LONG_SECONDS = 180;

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endAll() {
        processes.forEach(Process::destroyForcibly);
    }

    /** How a process ended. */
    private record Ended(int code, List<String> printed) {}

    @ParameterizedTest
    @CsvSource({
        "FLEXMETRY_HTTP_PORT, http",
        "FLEXMETRY_PUBLIC_URL, https://example.com/path",
        "FLEXMETRY_SPOOL_BYTES, 1GiB",
        "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS, localhost",
        "TWILIO_WORKSPACE_SID, WS1"
    })
    void shouldReadTheSettingsOfAllServices(String name, String value) {
        Map<String, String> variables = new HashMap<>(Map.of("FLEXMETRY_HTTP_PORT", "0"));
        variables.put(name, value);
        Environment environment = Environment.of(variables);

        assertThatThrownBy(() -> LocalSettings.check(environment, true))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll(name, value);
    }

    @Test
    void shouldReadTheConfigurationOfAllServices() throws IOException {
        Path yaml = Files.writeString(folder.resolve("flexmetry.yaml"), "privacy:\n  hash: [addresses]\n");
        Environment environment =
                Environment.of(Map.of("FLEXMETRY_HTTP_PORT", "0", "FLEXMETRY_CONFIG", yaml.toString()));

        assertThatThrownBy(() -> LocalSettings.check(environment, false)).hasMessageContaining("FLEXMETRY_HASH_KEY");
    }

    @Test
    void shouldNotSendDefaultCredentialsToAnotherTwilio() {
        Environment nobody = Environment.of(
                Map.of("FLEXMETRY_HTTP_PORT", "0", "FLEXMETRY_TWILIO_BASE_URL", "https://twilio.example.com"));

        assertThatThrownBy(() -> LocalSettings.check(nobody, false))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("TWILIO_ACCOUNT_SID", "FLEXMETRY_TWILIO_BASE_URL");
        assertThatThrownBy(() -> LocalSettings.check(
                        Environment.of(Map.of(
                                "FLEXMETRY_HTTP_PORT", "0",
                                "FLEXMETRY_TWILIO_BASE_URL", "https://twilio.example.com",
                                "TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000001")),
                        false))
                .hasMessageContainingAll("TWILIO_AUTH_TOKEN", "FLEXMETRY_TWILIO_BASE_URL");
    }

    @Test
    void shouldSuggestDeletingADamagedBroker() throws IOException {
        Path kafka = Files.createDirectories(folder.resolve("kafka"));
        Files.writeString(kafka.resolve("meta.properties"), "garbage");
        Environment environment = Environment.of(Map.of("FLEXMETRY_HTTP_PORT", "0"));

        assertThatThrownBy(() -> LocalStack.start(environment, folder, InstantSource.system()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll(kafka.toString(), "Delete the data folder " + folder, "--data-dir");
    }

    @Test
    void shouldSuggestDeletingADamagedJournal() throws IOException {
        Path journal = Files.writeString(folder.resolve("twilio.jsonl"), "garbage\n");
        Environment environment = Environment.of(Map.of("FLEXMETRY_HTTP_PORT", "0"));

        assertThatThrownBy(() -> LocalStack.start(environment, folder, InstantSource.system()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll(journal.toString(), "Delete the data folder " + folder, "--data-dir");
    }

    @Test
    void shouldNotTakeAFileForAFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> DataFolder.open(file))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("--data-dir", file.toString());
    }

    @Test
    void shouldRemoveATemporaryFolderAndKeepAGivenOne() throws IOException {
        Path temporary;
        try (DataFolder one = DataFolder.open(null)) {
            temporary = one.path();
            Files.writeString(
                    Files.createDirectories(temporary.resolve("kafka")).resolve("log"), "x");
        }
        try (DataFolder kept = DataFolder.open(folder)) {
            Files.writeString(kept.path().resolve("log"), "x");
        }

        assertThat(temporary).doesNotExist();
        assertThat(folder.resolve("log")).exists();
    }

    @Test
    void shouldRemoveATemporaryFolderThatPartsStillHaveOpen() throws IOException {
        DataFolder abandoned = DataFolder.open(null);
        Files.writeString(
                Files.createDirectories(abandoned.path().resolve("kafka")).resolve("log"), "x");
        DataFolder kept = DataFolder.open(folder);

        abandoned.abandon();
        kept.abandon();

        assertThat(abandoned.path()).doesNotExist();
        assertThat(folder.resolve("flexmetry.lock")).exists();
        kept.close();
    }

    @Test
    void shouldEndWithOneLineAndCode2() throws Exception {
        Ended ended = run(start(List.of("--no-demo"), Map.of("FLEXMETRY_HTTP_PORT", "http")));

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.printed())
                .containsExactly("local: Expected FLEXMETRY_HTTP_PORT to be a port from 0 to 65535 but it is http");
    }

    @Test
    void shouldLeaveAFolderAloneThatAnotherProcessHas() throws Exception {
        Ended ended;
        try (FileChannel channel = FileChannel.open(
                        folder.resolve("flexmetry.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            ended = run(start(List.of("--no-demo", "--data-dir", folder.toString()), Map.of()));
        }

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.printed())
                .containsExactly("local: Expected the data folder " + folder
                        + " to be free but another ./flexmetry local runs on it. Name another with --data-dir");
        assertThat(folder).isDirectoryNotContaining("glob:**/kafka");
    }

    @Test
    void shouldStopQuietlyBeforeItIsReady() throws Exception {
        Process process = start(List.of("--no-demo", "--data-dir", folder.toString()), Map.of());
        await().atMost(LONG_SECONDS, TimeUnit.SECONDS)
                .until(() -> Files.exists(folder.resolve("kafka").resolve("meta.properties")));
        process.destroy();

        Ended ended = run(process);

        assertThat(ended.printed())
                .filteredOn(line -> !line.startsWith("ready "))
                .isEmpty();
        assertThat(ended.code()).as("ended by SIGTERM").isEqualTo(128 + 15);
    }

    private Process start(List<String> arguments, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=logback-local.xml",
                "-cp",
                System.getProperty("java.class.path")
                        .replace(Path.of("target/test-classes").toAbsolutePath() + File.pathSeparator, ""),
                "io.flexmetry.local.LocalCommand"));
        if (Runtime.version().feature() >= WARNS_OF_NATIVE_ACCESS) {
            // like the launcher: RocksDB and Netty call native code
            command.addAll(1, List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("printed").toFile());
        builder.environment().put("FLEXMETRY_HTTP_PORT", "0");
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private Ended run(Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor(LONG_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readAllLines(folder.resolve("printed")));
    }
}
