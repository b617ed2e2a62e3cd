package io.flexmetry.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./flexmetry}, with a {@code java} that starts nothing. */
class LauncherTest {

    private static final Path LAUNCHER = Path.of("../flexmetry");
    private static final String PARALLEL_GC = "-XX:+UseParallelGC";
    private static final String SERIAL_GC = "-XX:+UseSerialGC";

    @TempDir
    Path folder;

    @Test
    void shouldRefuseAnUnknownCommandInOneLine() throws Exception {
        assertThat(run("lokal"))
                .containsExactly(
                        "code 2", "flexmetry: Expected a command but found lokal; ./flexmetry help lists the commands");
    }

    @Test
    void shouldReportAMissingJdk() throws Exception {
        assertThat(run("local"))
                .hasSize(2)
                .contains("code 2")
                .element(1)
                .asString()
                .startsWith("flexmetry: Expected a JDK 17 or later but there is no " + folder.resolve("bin/java"));
    }

    @Test
    void shouldRefuseAnOlderJdk() throws Exception {
        Path java = java("1.8");

        assertThat(run("local"))
                .containsExactly(
                        "code 2",
                        "flexmetry: Expected a JDK 17 or later but " + java
                                + " is version 1.8. Set JAVA_HOME to a newer one");
    }

    @Test
    void shouldFindItsCheckoutThroughALink() throws Exception {
        java("17");
        Path checkout = Files.createDirectories(folder.resolve("checkout")).toRealPath();
        Path built = checkout.resolve("local/target/built");
        Files.createDirectories(built.getParent());
        Files.writeString(built, "");
        Path launcher = Files.copy(LAUNCHER, checkout.resolve("flexmetry"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), launcher);
        Path linkToLink = Files.createSymbolicLink(folder.resolve("flexmetry"), link.getFileName());

        assertThat(run(linkToLink, "topics", Map.of()))
                .startsWith("code 0")
                .anyMatch(flag -> flag.startsWith(checkout.resolve("local/target/classes") + ":"))
                .endsWith("io.flexmetry.contract.topic.TopicsMain");
    }

    @Test
    void shouldChooseTheCollectorOfACommand() throws Exception {
        java("17");

        assertThat(flags("processors", Map.of())).contains(PARALLEL_GC).doesNotContain(SERIAL_GC);
        assertThat(flags("local", Map.of())).contains(SERIAL_GC).doesNotContain(PARALLEL_GC);
        assertThat(flags("sink", Map.of())).noneMatch(flag -> flag.startsWith("-XX:+Use"));
    }

    /** Two collectors would be an error of the JVM. */
    @ParameterizedTest
    @ValueSource(strings = {"JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"})
    void shouldLeaveTheCollectorToTheEnvironment(String variable) throws Exception {
        java("17");

        assertThat(flags("processors", Map.of(variable, "-Xmx1g -XX:+UseZGC"))).doesNotContain(PARALLEL_GC);
        assertThat(flags("local", Map.of(variable, "-Xmx1g -XX:+UseZGC"))).doesNotContain(SERIAL_GC);
        assertThat(flags("processors", Map.of(variable, "-Xmx1g"))).contains(PARALLEL_GC);
    }

    @Test
    void shouldPassJavaOptsToTheJvm() throws Exception {
        java("17");

        assertThat(flags("processors", Map.of("JAVA_OPTS", "-Xmx1g -XX:+UseZGC")))
                .containsSubsequence("-Xmx1g", "-XX:+UseZGC", "-cp");
    }

    /** The arguments that a built copy of the launcher passes to the JVM. */
    private List<String> flags(String command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path copy = Files.copy(LAUNCHER, folder.resolve("flexmetry"), StandardCopyOption.REPLACE_EXISTING);
        Path target = Files.createDirectories(folder.resolve("local/target"));
        Files.writeString(target.resolve("built"), "");
        List<String> lines = run(copy, command, environment);
        assertThat(lines).startsWith("code 0");
        return lines;
    }

    /** A JDK that prints its version, or its arguments one a line. */
    private Path java(String version) throws IOException {
        Path java = Files.createDirectories(folder.resolve("bin")).resolve("java");
        Files.writeString(java, """
                #!/bin/sh
                case " $* " in
                    *" -version "*) echo '    java.specification.version = %s' >&2 ;;
                    *) printf '%%s\\n' "$@" ;;
                esac
                """.formatted(version));
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return java;
    }

    private List<String> run(String command) throws IOException, InterruptedException {
        return run(LAUNCHER, command, Map.of());
    }

    /** The exit code and the output. */
    private List<String> run(Path launcher, String command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", launcher.toString(), command).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        builder.environment().put("JAVA_HOME", folder.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> lines = new ArrayList<>();
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().forEach(lines::add);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        lines.add(0, "code " + process.exitValue());
        return lines;
    }
}
