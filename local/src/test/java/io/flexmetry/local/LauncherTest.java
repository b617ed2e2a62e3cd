package io.flexmetry.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./flexmetry} when it cannot start anything. */
class LauncherTest {

    private static final Path LAUNCHER = Path.of("../flexmetry");

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
        Path java = Files.createDirectories(folder.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho '    java.specification.version = 1.8' >&2\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();

        assertThat(run("local"))
                .containsExactly(
                        "code 2",
                        "flexmetry: Expected a JDK 17 or later but " + java
                                + " is version 1.8. Set JAVA_HOME to a newer one");
    }

    @Test
    void shouldFindItsCheckoutThroughALink() throws Exception {
        Path java = Files.createDirectories(folder.resolve("bin")).resolve("java");
        Files.writeString(java, """
                #!/bin/sh
                case "$*" in
                    *-version) echo '    java.specification.version = 17' >&2 ;;
                    *) echo "$*" ;;
                esac
                """);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Path checkout = Files.createDirectories(folder.resolve("checkout")).toRealPath();
        Path built = checkout.resolve("local/target/built");
        Files.createDirectories(built.getParent());
        Files.writeString(built, "");
        Path launcher = Files.copy(LAUNCHER, checkout.resolve("flexmetry"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), launcher);
        Path linkToLink = Files.createSymbolicLink(folder.resolve("flexmetry"), link.getFileName());

        assertThat(run(linkToLink, "topics"))
                .hasSize(2)
                .contains("code 0")
                .element(1)
                .asString()
                .contains(" -cp " + checkout.resolve("local/target/classes") + ":")
                .endsWith(" io.flexmetry.contract.topic.TopicsMain");
    }

    private List<String> run(String command) throws IOException, InterruptedException {
        return run(LAUNCHER, command);
    }

    /** The exit code and the output. */
    private List<String> run(Path launcher, String command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", launcher.toString(), command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", folder.toString());
        Process process = builder.start();
        List<String> lines = new ArrayList<>();
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().forEach(lines::add);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        lines.add(0, "code " + process.exitValue());
        return lines;
    }
}
